"""Trying a cell: send the request, look at the answer, and see that nothing was written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.db import connection, transaction
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
from tests.isolation.world import World
from tests.world.factories.catalogue import picture

FORGERY = "eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoxfQ.c2lnbmF0dXJl"
OF_NO_ACCOUNT = ("django_session", "axes_", "token_blacklist_")  # written for whoever asks
SIGN_INS = ("/sign-in/", "/admin/", "/hand-off/")
# The view of these counters, pg_stat_xact_user_tables, joins indexes to them, which takes four times as long.
WRITTEN = """
    SELECT nspname || '.' || relname, count
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace, LATERAL (
        SELECT pg_stat_get_xact_tuples_inserted(pg_class.oid) + pg_stat_get_xact_tuples_updated(pg_class.oid)
            + pg_stat_get_xact_tuples_deleted(pg_class.oid)
    ) AS changed (count)
    WHERE relkind = 'r' AND count > 0 AND nspname NOT IN ('pg_catalog', 'information_schema') AND nspname !~ '^pg_toast'
"""


class Keys:
    """Sessions and tokens of the world's people, each made once."""

    def __init__(self, world: World) -> None:
        self.world = world
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
    before, faults = written(), []
    for cell in cells:
        found, before = _faults_of(cell, before, world, keys)
        faults += found
    return faults


def _faults_of(cell: Cell, before: dict[str, int], world: World, keys: Keys) -> tuple[list[str], dict[str, int]]:
    path = address(world, cell.door)
    with undone():
        if cell.is_suspended:
            Shop.objects.filter(pk=world.shop.pk).update(status=ShopStatus.SUSPENDED)
            host_cache.clear_process()
            host_cache.forget(f"{world.shop.slug}.{settings.BASE_DOMAIN}")
            before = written()
        answer = send(
            keys.client(cell.who, host_of(cell, world), is_api=cell.door.is_api), cell.method, path, cell.door.body
        )
        after = written()
    faults = _status_faults(cell, answer) + _leaks(cell, world, path, answer)
    if cell.is_refusal and after != before:
        tables = sorted(name for name in after if after[name] != before.get(name, 0))
        faults.append(f"refused, and yet wrote to {', '.join(tables)}")
    return [f"{cell}: {fault}" for fault in faults], after


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


@contextmanager
def undone() -> Iterator[None]:
    """Take back what a block writes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def written() -> dict[str, int]:
    """Return the number of rows this transaction has written to each table so far, undone ones too."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return {name: count for name, count in cursor.fetchall() if not any(part in name for part in OF_NO_ACCOUNT)}


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
