"""Trying a cell: send the request, look at the answer, and see that nothing was written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone
from rest_framework.test import APIClient, ForceAuthClientHandler
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import User
from tenants.models import Shop, ShopStatus
from tenants.shops import host_cache
from tests.isolation.cells import EXPIRED, FORGED, NOBODY, SERVER_ERROR, SIGN_IN, Cell
from tests.isolation.doors import PARAMETER, PICTURE, SHOP, Door, Kind
from tests.isolation.tries import Tries, tables_that_are_there, tries
from tests.isolation.world import World
from tests.world.factories.catalogue import picture

FORGERY = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoxfQ.c2lnbmF0dXJl"
SIGN_INS = ("/sign-in/", "/admin/", "/hand-off/")


class Keys:
    """Sessions and tokens of the world's people, each made once, and the tables that they try to write to."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tables = tables_that_are_there()
        self.sessions = {name: _session_of(user) for name, user in world.people.items()}
        self._handlers = {False: ClientHandler(enforce_csrf_checks=False), True: ForceAuthClientHandler(False)}

    def client(self, who: str, host: str, *, is_api: bool) -> Client:
        """A fresh browser, or a program, of somebody."""
        client = (APIClient if is_api else Client)(HTTP_HOST=host)
        client.handler = self._handlers[is_api]  # which holds the middleware, and nothing of a request
        if who == NOBODY:
            return client
        if who in {EXPIRED, FORGED} or is_api:
            client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {self._token(who)}"
        else:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client

    def _token(self, who: str) -> str:
        if who == FORGED:
            return FORGERY
        user: User = self.world.people["owner" if who == EXPIRED else who]
        token = AccessToken.for_user(user)
        if who == EXPIRED:
            token.set_exp(from_time=timezone.now() - timedelta(days=1))
        return str(token)


def _session_of(user: User) -> str:
    browser = Client(HTTP_HOST=settings.BASE_DOMAIN)
    browser.force_login(user)
    return str(browser.cookies[settings.SESSION_COOKIE_NAME].value)


def address(world: World, door: Door) -> str:
    """Fill an address in with what belongs to the victim; an unknown parameter wants a line in the world."""
    known = world.args[door.urlconf]
    values = known | {name: known.get(value.removeprefix("@"), value) for name, value in door.args.items()}
    if door.kind is Kind.ADMIN:  # has one rule, whatever is asked for
        values = dict.fromkeys((name for _, name in door.parameters), 1)
    return "/" + (door.path or PARAMETER.sub(lambda found: str(values[found["name"]]), door.route))


def faults_of(cells: Sequence[Cell], world: World, keys: Keys) -> list[str]:
    """Try cells, undo whatever comes of each, and return what was wrong with the answers."""
    with tries(keys.tables) as ours:
        return [fault for cell in cells for fault in _faults_of(cell, ours, world, keys)]


def _faults_of(cell: Cell, ours: Tries, world: World, keys: Keys) -> list[str]:
    path = address(world, cell.door)
    if cell.is_suspended:
        Shop.objects.filter(pk=world.shop.pk).update(status=ShopStatus.SUSPENDED)
        _forget_host(world.shop)
        ours.begin()
    client = keys.client(cell.who, host_of(cell, world), is_api=cell.door.is_api)
    answer = send(client, cell.method, path, cell.door.body)
    changed = ours.take_back()
    if cell.is_suspended:
        _forget_host(world.shop)
    faults = _status_faults(cell, answer) + _leaks(cell, world, path, answer)
    if cell.is_refusal and changed:
        faults.append(f"refused, and yet wrote to {', '.join(changed)}")
    return [f"{cell}: {fault}" for fault in faults]


def _forget_host(shop: Shop) -> None:
    host_cache.clear_process()
    host_cache.forget(f"{shop.slug}.{settings.BASE_DOMAIN}")


def host_of(cell: Cell, world: World) -> str:
    """The victim's host, or where the caller is at home."""
    if cell.door.urlconf != SHOP:
        return str(settings.BASE_DOMAIN)
    return f"{(world.other if cell.elsewhere else world.shop).slug}.{settings.BASE_DOMAIN}"


def send(client: Client, method: str, path: str, body: dict[str, Any]) -> HttpResponse:
    """Call an address, with a body where the method has one."""
    call = getattr(client, method.lower())
    if method in {"GET", "DELETE"} or not body:
        answer: HttpResponse = call(path)
        return answer
    files = {name: _picture() for name, value in body.items() if value == PICTURE}
    return call(path, body | files, format="multipart" if files else "json")  # type: ignore[no-any-return]


def _picture() -> Any:
    upload = picture()
    upload.name = "tote.jpg"
    return upload


def body_of(answer: Any) -> str:
    """Return the text of an answer, with its headers."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{headers}\n\n{content.decode(errors='replace')}"


def _status_faults(cell: Cell, answer: HttpResponse) -> list[str]:
    status = answer.status_code
    if status >= SERVER_ERROR and status not in cell.door.also:
        return [f"answered {status}"]
    if cell.allowed and status not in cell.allowed:
        return [f"answered {status} instead of {' or '.join(map(str, sorted(cell.allowed)))}"]
    leads_to_sign_in = any(part in answer.headers.get("Location", "") for part in SIGN_INS)
    if cell.allowed and status == SIGN_IN and not leads_to_sign_in:
        return [f"was sent on to {answer.headers['Location']}"]
    return []


def _leaks(cell: Cell, world: World, path: str, answer: HttpResponse) -> list[str]:
    """Return the victim's words in an answer, except those that the caller sent."""
    body, caller = body_of(answer), world.people.get(cell.who)
    known = unquote(path) + (caller.email if caller else "")
    told = [name for name, secret in world.secrets.items() if secret in body and secret not in known]
    return [f"told {', '.join(told)}"] if told else []
