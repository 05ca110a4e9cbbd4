"""Every page that each of the world's people may open: its links and fragments lead on, and reading writes nothing."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tenants.models import Role, Shop
from tests.isolation.cells import NOBODY
from tests.isolation.doors import SHOP, Door, Kind
from tests.isolation.test_isolation_matrix import DOORS, holders
from tests.isolation.tries import Tries, tries
from tests.isolation.trying import Keys, address, body_of
from tests.isolation.world import World
from tests.world.page_reader import PageHtml

PEOPLE = (NOBODY, "buyer", *(role.value for role in Role), "operator")
NO_PAGES = ("/api/", "/admin/", "/static/", "/media/", "/health/")
LEADING_NOWHERE = {"", "#", "javascript:void(0)"}
FEWEST_PAGES = 10
# On the market's host a shop's staff are people like any other, whatever their role: they find what the owner does.
# Pages to which their own shop's lead are opened, and no further ones; where they work is told by role.
LIKE_THE_OWNER = {role.value for role in Role} - {Role.OWNER.value}
TOLD_BY_ROLE = "/account/shops/"
ASKED_ALIKE = 3  # pages whose address differs in the values of its query alone


@dataclass
class Walk:
    """All pages that one person reaches, and the faults that were found on the way.

    Args:
        who: a caller without an account, or one of the world's people.
        ids: the fragments of each page, by its address.
    """

    who: str
    world: World
    keys: Keys
    faults: list[str] = field(default_factory=list)
    ids: dict[str, set[str]] = field(default_factory=dict)
    _named: list[tuple[str, str]] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _alike: Counter[tuple[str, frozenset[str]]] = field(default_factory=Counter)

    def from_pages(self, *starts: str) -> None:
        """Open pages, every page that they link to, and so on."""
        waiting = deque((start, "the table") for start in starts)
        with tries(self.keys.tables) as ours:
            while waiting:
                url, source = waiting.popleft()
                if self._is_new(url):
                    links = list(self._open(url, source, ours))
                    waiting.extend((link, url) for link in links if not self._is_walked_by_the_owner(url))
        for url, fragment in self._named:
            if url in self.ids and fragment not in self.ids[url]:
                self.faults.append(f"{url} has no #{fragment}")

    def _is_walked_by_the_owner(self, url: str) -> bool:
        return self.who in LIKE_THE_OWNER and _is_of_the_market(url) and urlsplit(url).path != TOLD_BY_ROLE

    def _open(self, url: str, source: str, ours: Tries) -> Iterator[str]:
        parts = urlsplit(url)
        client: Client = self.keys.client(self.who, parts.hostname or "", is_api=False)
        answer = client.get(parts._replace(scheme="", netloc="").geturl())
        if changed := ours.take_back():
            self.faults.append(f"{url} writes to {', '.join(changed)}")
        if answer.status_code >= 400:
            self.faults.append(f"{url} answers {answer.status_code}, linked from {source}")
        elif "Location" in answer.headers:
            yield from self._ours(url, [answer.headers["Location"]])
        elif answer.headers["Content-Type"].startswith("text/html"):
            yield from self._read(url, PageHtml.of(body_of(answer)))

    def _read(self, url: str, page: PageHtml) -> Iterator[str]:
        self.ids[url] = page.ids
        unsendable = [form.action for form in page.forms if not form.is_sendable]
        self.faults += [f"{url}: no button sends the form to {action}" for action in unsendable]
        self.faults += [f"{url}: a link to {link!r}" for link in page.links if link in LEADING_NOWHERE]
        for link in self._ours(url, page.links):
            target, fragment = urldefrag(link)
            if fragment:
                self._named.append((target, fragment))
            yield target
        yield from self._ours(url, [form.action for form in page.forms if form.method == "get"])

    def _ours(self, url: str, links: list[str]) -> Iterator[str]:
        """Yield the absolute addresses of links to pages of the market."""
        for link in links:
            absolute = urljoin(url, link)
            parts = urlsplit(absolute)
            host = parts.hostname or ""
            is_here = host == settings.BASE_DOMAIN or host.endswith(f".{settings.BASE_DOMAIN}")
            if parts.scheme == "http" and is_here and not parts.path.startswith(NO_PAGES):
                yield absolute

    def _is_new(self, url: str) -> bool:
        """Return whether a page is to be opened; of those that differ in what is asked for, a few are."""
        parts = urlsplit(url)
        asked = (f"{parts.netloc}{parts.path}", frozenset(parse_qs(parts.query)))
        if url in self._seen or self._alike[asked] >= ASKED_ALIKE:
            return False
        self._seen.add(url)
        self._alike[asked] += 1
        return True


@pytest.mark.parametrize("who", PEOPLE)
def test_links_lead_on_and_reading_writes_nothing(who: str, world: World, keys: Keys) -> None:
    walk = Walk(who, world, keys)
    walk.from_pages(*_starts(who, world))
    assert walk.faults == []
    assert len(walk.ids) >= FEWEST_PAGES


def test_faults_of_pages_are_found(world: World, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dead link, a fragment of nothing, a link without an address, a form without a button, a page that writes."""

    def answer(client: Client, path: str) -> HttpResponse:
        if path == "/gone/":
            return HttpResponse(status=404)
        if path == "/fine/":
            return HttpResponse('<p id="here"><form method="post" action="/x"><input><button>Send</button></form>')
        Shop.objects.filter(pk=world.shop.pk).update(name="Written")
        return HttpResponse(
            '<a href="/gone/">a</a><a href="/fine/#here">b</a><a href="/fine/#there">c</a><a href="#">d</a>'
            '<form method="post" action="/y"><button type="button">No</button></form>'
        )

    monkeypatch.setattr(Client, "get", answer)
    walk = Walk("buyer", world, keys)
    walk.from_pages(f"http://{settings.BASE_DOMAIN}/")
    here = f"http://{settings.BASE_DOMAIN}"
    assert walk.faults == [
        f"{here}/ writes to public.tenants_shop",
        f"{here}/: no button sends the form to /y",
        f"{here}/: a link to '#'",
        f"{here}/gone/ answers 404, linked from {here}/",
        f"{here}/fine/ has no #there",
    ]


def _starts(who: str, world: World) -> Iterator[str]:
    """Yield the addresses of the pages that somebody may open by the tables."""
    for door in DOORS:
        if _is_page(door) and (door.kind is Kind.PUBLIC or who in holders(door, "GET")):
            host = f"{world.shop.slug}.{settings.BASE_DOMAIN}" if door.urlconf == SHOP else settings.BASE_DOMAIN
            start = f"http://{host}{address(world, door)}{door.query}"
            if who not in LIKE_THE_OWNER or not _is_of_the_market(start) or urlsplit(start).path == TOLD_BY_ROLE:
                yield start


def _is_of_the_market(url: str) -> bool:
    return urlsplit(url).hostname == str(settings.BASE_DOMAIN)


def _is_page(door: Door) -> bool:
    is_told_apart = door.kind not in {Kind.KEYED, Kind.ADMIN}
    return is_told_apart and door.is_read and not f"/{door.route}".startswith(NO_PAGES)
