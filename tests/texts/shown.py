"""Texts of pages and letters that no catalogue knows: they are written with all texts of the French catalogue marked.

Every text of the catalogue is put between two marks, the values in it left outside. What then stands outside marks, and
is no name or number that the database holds, was never marked for translation, or was looked up in another language.
"""

from __future__ import annotations

import json
import re
import sys
import zoneinfo
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from html import escape
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.template.autoreload import reset_loaders
from django.test import Client
from django.utils.translation import trans_real
from django_countries import countries as library

from kit.sentences import stored
from kit.text import countries
from kit.text.countries import country_codes
from kit.text.subdivisions import subdivisions_of
from paystack_sandbox.banks import BANKS

OPEN, CLOSE = "⟦", "⟧"
LANGUAGE = "fr"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
FIRST_DAY = re.compile(r"\b1er\b")  # of a month, as dates in French have it
LETTERS = re.compile(r"[^\W\d_]")
# Attributes that people read or hear.
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-label", "data-confirm")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# What is written for programs, by people, or quoted in another language.
UNREAD = frozenset({"script", "style", "svg", "template", "code", "pre", "textarea"})
# Names and units that are the same in each language.
NAMES = frozenset(
    {
        "English",
        "Français",
        "Kasuwa",
        "K",
        "Paystack",
        "SKU",
        "TXT",
        "Kosovo",
        "Nigeria",
        "NHIL",
        "GETFund",
        "TVA",
        "$US",
        "F CFA",
    }
)
QUEUES = {"money", "default", "mail", "bulk"}
FIGURES = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\S+@\S+|https?://\S+|\S+\.(?:kasuwa|example)\S*|\S*[=_]\S+|\b[A-Z]{2}-[A-Z0-9-]*"
    r"|\d[\d\s.,:%\u202f\xa0]*|\b(?:NGN|GHS|KES|ZAR|XOF|USD|CFA|WAT|UTC|GMT|EAT|MB|KB|GB)\b",
    re.IGNORECASE,
)
SEPARATORS = (re.compile(r" · |^· | ·$| × |: "), re.compile(r"[·,:;()›|/–—•“”«»→×]+| - "))
SEVERAL_WORDS = 3
EACH = 3  # pages of one address that are opened, by one reader
NO_PAGES = re.compile(r"^/notifications/|sign-out|/admin/|\.csv|\.pdf|as=|/media/|/static/|/api/|/live/|stop-viewing")
VARYING = re.compile(r"[0-9a-f-]{36}|KS-[A-Z0-9-]+|\d+")
STORED = """
SELECT table_schema, table_name, array_agg(quote_ident(column_name)) FROM information_schema.columns
 WHERE (table_schema = 'public' OR table_schema LIKE 'shop\\_%')
   AND data_type IN ('text', 'character varying', 'jsonb')
   AND table_name NOT LIKE 'django%' AND table_name NOT LIKE 'kit%' AND table_name NOT LIKE 'notifications%'
 GROUP BY 1, 2
"""


@contextmanager
def marked_catalogue(language: str = LANGUAGE) -> Iterator[None]:
    """Have the texts of a language between marks, for this process and for as long as the block lasts."""
    translation: Any = trans_real.translation(language)
    kept = [(texts, dict(texts)) for texts in translation._catalog._catalogs]
    for texts, before in kept:
        for key, text in before.items():
            if key and text and isinstance(text, str):
                texts[key] = PLACEHOLDER.sub(lambda found: f"{CLOSE}{found[0]}{OPEN}", f"{OPEN}{text}{CLOSE}")
    _forget_texts()
    try:
        yield
    finally:
        for texts, before in kept:
            texts.update(before)
        _forget_texts()


def _forget_texts() -> None:
    """Empty what remembers translated texts: templates, which are compiled with theirs, and functions."""
    reset_loaders()
    del library.countries  # its cache
    for module in (stored, countries):
        for value in vars(module).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


class UnmarkedTexts(HTMLParser):
    """Reader of a page; `found` are the texts in it that stand outside marks."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._depth = 0  # of marks, which may begin and end in different elements
        self._inside: list[tuple[str, bool]] = []  # open elements, and whether they are read

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_read = self._is_read and tag not in UNREAD and given.get("lang", LANGUAGE) == LANGUAGE
        names = (*SPOKEN, "value") if tag == "input" and given.get("type") in {"submit", "button"} else SPOKEN
        for name in (*names, *(["content"] if given.get("name") == "description" else [])):
            if is_read:
                self._read(given.get(name) or "", 0)
        if tag not in VOID:
            self._inside.append((tag, is_read or tag == "html"))

    def handle_endtag(self, tag: str) -> None:
        if any(tag == inside for inside, _ in self._inside):
            while self._inside.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._is_read:
            self._depth = self._read(data, self._depth)

    @property
    def _is_read(self) -> bool:
        return self._inside[-1][1] if self._inside else True

    def _read(self, text: str, depth: int) -> int:
        outside = [""]
        for sign in text:
            if sign in (OPEN, CLOSE):
                depth = max(depth + (1 if sign == OPEN else -1), 0)
                outside.append("")
            elif not depth:
                outside[-1] += sign
        pieces = (" ".join(FIRST_DAY.sub("1", piece).split()) for piece in outside)
        self.found += [piece for piece in pieces if LETTERS.search(piece)]
        return depth


def unmarked_in(page: str) -> list[str]:
    """Return the texts of a page that stand outside marks."""
    reader = UnmarkedTexts()
    reader.feed(page)
    return reader.found


def unmarked_in_text(text: str) -> list[str]:
    """Return the lines of a plain text that stand outside marks."""
    return [found for line in text.splitlines() for found in unmarked_in(escape(line))]


class StoredTexts:
    """Texts that the database holds: names, addresses and all else that people have typed."""

    def __init__(self) -> None:
        self._texts = {*NAMES, *QUEUES, *_names_of_places(), *(bank.name for bank in BANKS)}
        with connection.cursor() as cursor:
            cursor.execute(STORED)
            for schema, table, columns in cursor.fetchall():
                cursor.execute(f'SELECT {", ".join(columns)} FROM "{schema}"."{table}"')
                self._texts.update(text for row in cursor.fetchall() for text in _texts_of(row))
        self._all = "\n".join(self._texts)

    def has(self, text: str) -> bool:
        """Return whether a text is made of stored ones, figures and separators alone."""
        pieces = [text]
        for separator in SEPARATORS:
            split = (part.strip(" .-+") for piece in pieces for part in separator.split(piece))
            pieces = [piece for piece in split if LETTERS.search(piece) and not self._holds(piece)]
        return not pieces

    def _holds(self, text: str) -> bool:
        """Return whether the database has a text; of several words, also as a part of one."""
        words = " ".join(FIGURES.sub(" ", text).split())
        return any(
            not LETTERS.search(each)
            or each in self._texts
            or (len(each.split()) >= SEVERAL_WORDS and each in self._all)
            for each in (text, words)
        )


@cache
def _names_of_places() -> frozenset[str]:
    states = {each.name for country in country_codes() for each in subdivisions_of(country)}
    return frozenset(states | {zone.replace("_", " ") for zone in zoneinfo.available_timezones()})


def _texts_of(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value[:1] in {"[", "{"}:
        with suppress(ValueError):
            value = json.loads(value)
    if isinstance(value, str):
        yield " ".join(value.split())
        yield from (" ".join(line.split()) for line in value.splitlines())
        yield value.split(" ", 1)[0]  # a person's first name
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for each in pair for text in _texts_of(each))
    elif isinstance(value, list | tuple):
        yield from (text for each in value for text in _texts_of(each))


@dataclass
class Walk:
    """A walk over pages and those that they link to; `found` has the unmarked texts with the pages that show them."""

    client_of: Callable[[str, str], Client]
    found: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    pages: int = 0
    refused: list[str] = field(default_factory=list)

    def over(self, places: Iterable[tuple[str, str, str]]) -> None:
        """Open pages, each given as its reader, the shop on whose host it is, and its path."""
        waiting, seen, counts = deque(places), set(), Counter[tuple[str, str, str]]()
        while waiting:
            place = waiting.popleft()
            if place in seen:
                continue
            seen.add(place)
            for linked in self._open(*place):
                shape = (*place[:2], VARYING.sub("*", re.sub(r"=[^&]*", "", linked)))
                counts[shape] += 1
                if counts[shape] <= EACH:
                    waiting.append((*place[:2], linked))

    def _open(self, who: str, shop: str, path: str) -> Iterator[str]:
        answer = self.client_of(who, shop).get(path)
        if not answer.get("Content-Type", "").startswith("text/html") or answer.status_code in {301, 302}:
            return
        self.pages += 1
        if answer.status_code >= 400:
            self.refused.append(f"{answer.status_code} {path} by {who or 'nobody'}")
        page = answer.content.decode()
        for text in unmarked_in(page):
            self.found[text].add(f"{shop}:{path}")
        for link in re.findall(r'href="([^"#]+)', page):
            address = link.replace("&amp;", "&")
            whole = path.partition("?")[0] + address if address.startswith("?") else address
            if whole.startswith("/") and not NO_PAGES.search(whole):
                yield whole


def main(places: list[list[str]], host: str) -> None:
    """Print what is unmarked on the pages of a market that runs, as JSON."""
    from accounts.models import User

    clients: dict[tuple[str, str], Client] = {}

    def client_of(who: str, shop: str) -> Client:
        if (who, shop) not in clients:
            client = Client(headers={"host": f"{shop}.{host}" if shop else host, "accept-language": LANGUAGE})
            client.cookies["kasuwa_language"] = LANGUAGE
            if who:
                client.force_login(User.objects.get(email=f"{who}@kasuwa.test"))
            clients[who, shop] = client
        return clients[who, shop]

    before, walk = StoredTexts(), Walk(client_of)
    with marked_catalogue():
        walk.over((who, shop, path) for who, shop, path in places)
    after = StoredTexts()  # other tests may have written meanwhile
    unmarked = {
        text: sorted(where)[:3]
        for text, where in sorted(walk.found.items())
        if not (before.has(text) or after.has(text))
    }
    json.dump({"pages": walk.pages, "refused": walk.refused, "unmarked": unmarked}, sys.stdout, ensure_ascii=False)
