"""Contact details in a text, hidden until an order is paid: e-mail addresses, phone numbers, links to other sites."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import normalize

from django.conf import settings

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

MASK = "•••"
FEWEST_DIGITS = 7  # of a phone number

Span = tuple[int, int]

# Endings of domains that are no words, so that they count in every spelling, also with spaces around their dot.
STRONG = (
    "com|net|org|info|biz|ng|gh|ke|za|uk|tz|ug|rw|et|sn|ci|cm|bj|tg|eg|ma|tn|ca|au|de|fr|eu|cn|"
    "io|dev|xyz|ly|gl|cc|gg|tk|ml"
)
# Endings that are words too: no new sentence begins with one in small letters right after its full stop.
WORDS = ("co", "app", "shop", "store", "online", "site", "website", "page", "link", "live", "africa", "market", "tv")
# Words that often follow a full stop without a space: with a path alone.
AMBIGUOUS = "me|in|us|it|is|to|at|be|so|no|do|my|am"
MESSENGERS = ("wa.me", "t.me", "m.me")

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_DOT = r"(?:[ \t]*[\[({][ \t]*(?:dot|\.)[ \t]*[\])}][ \t]*|[ \t]+dot[ \t]+|[ \t]*\.[ \t]*)"
_STRONG = rf"(?:{STRONG})(?![\w-])"
_TIGHT = rf"(?:{_LABEL}\.)+[^\W\d_]{{2,24}}(?![\w-])"
_LOOSE = rf"{_LABEL}(?:{_DOT}{_LABEL}){{0,3}}?{_DOT}{_STRONG}"
_LOCAL = r"(?<![\w.+%-])[\w.+%-]{0,63}[\w+%-]"
_BRACKETED_AT = r"[ \t]*[\[({<][ \t]*(?:at|@)[ \t]*[\])}>][ \t]*"
_KNOWN = rf"(?:{_LABEL}\.)+(?:{STRONG}|{'|'.join(WORDS)})(?![\w-])"
_PATH = r"[^\s<>\"']*"

EMAILS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_LOCAL}@{_TIGHT}",
        rf"{_LOCAL}(?:[ \t]*@[ \t]*|{_BRACKETED_AT}|[ \t]+at[ \t]+)(?:{_KNOWN}|{_LOOSE})",
        rf"{_LOCAL}{_BRACKETED_AT}{_TIGHT}",
    )
]
ADDRESS = re.compile(rf"(?:https?://|www\.){_PATH}", re.IGNORECASE)
BARE = re.compile(
    rf"(?<![\w@.-])(?:{_LABEL}\.)+({STRONG}|{'|'.join(WORDS)}|{AMBIGUOUS})(?![\w-])(?:(?::\d+)?([/?#]){_PATH})?",
    re.IGNORECASE,
)
SPELLED = re.compile(
    rf"(?<![\w@.-]){_LABEL}(?:[ \t]*[\[({{][ \t]*dot[ \t]*[\])}}][ \t]*|[ \t]+dot[ \t]+){_STRONG}", re.IGNORECASE
)
MESSENGER = re.compile(rf"(?<![\w@.-])(?:{'|'.join(map(re.escape, MESSENGERS))})(?![\w-])(?:/{_PATH})?", re.IGNORECASE)
HOST = re.compile(r"(?:https?://)?(?:[^/?#@\s]*@)?([^/?#:\s]+)", re.IGNORECASE)
TRAILING = ".,;:!?)]}’”»"
ODD_SEPARATORS = str.maketrans({**dict.fromkeys("_*·•|~", "-"), "\n": " "})


@lru_cache(maxsize=1024)
def mask_contacts(text: str, *, regions: tuple[str, ...]) -> str:
    """Return a text with its contact details replaced by `MASK`; everything around them stays as it is.

    A text that was masked is returned unchanged. Links to the market's own pages stay.

    Args:
        regions: ISO 3166-1 codes of countries in whose way a phone number may be written.
    """
    while (masked := _masked_once(text, regions)) != text:
        text = masked
    return text


def _masked_once(text: str, regions: tuple[str, ...]) -> str:
    pieces, at = [], 0
    for start, end in _merged(_spans(text, regions)):
        pieces += [text[at:start], MASK]
        at = end
    return "".join([*pieces, text[at:]])


def _merged(spans: Iterator[Span]) -> list[Span]:
    """Return spans in order, those that overlap as one; each is longer than the mask, so that masking ends."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if end - start <= len(MASK):
            continue
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _plain(text: str) -> str:
    """Return a text with its characters in their plain form, each at its place: `＠` is `@`, and `②` is `2`."""
    if text.isascii():
        return text
    return "".join(plain if len(plain := normalize("NFKC", each)) == 1 else each for each in text)


def _spans(text: str, regions: tuple[str, ...]) -> Iterator[Span]:
    text = _plain(text)
    for pattern in EMAILS:
        for found in pattern.finditer(text):
            yield found.span()
    yield from _links(text)
    if sum(map(str.isdigit, text)) >= FEWEST_DIGITS:
        yield from _phones(text, regions)


def _links(text: str) -> Iterator[Span]:
    for pattern in (ADDRESS, BARE, SPELLED, MESSENGER):
        for found in pattern.finditer(text):
            start, whole = found.start(), found.group().rstrip(TRAILING)
            if pattern is BARE and not _is_domain(*found.groups(default="")):
                continue
            if not _is_own(whole):
                yield start, start + len(whole)


def _is_domain(ending: str, path: str) -> bool:
    lower = ending.lower()
    if lower in STRONG.split("|"):
        return True
    return bool(path) if lower in AMBIGUOUS.split("|") else not ending.istitle()


def _is_own(link: str) -> bool:
    """Return whether a link leads to a page of the market or of one of its shops."""
    found = HOST.match(link)
    host, own = found.group(1).lower() if found else "", settings.BASE_DOMAIN.partition(":")[0]
    return host == own or host.endswith(f".{own}")


def _phones(text: str, regions: tuple[str, ...]) -> Iterator[Span]:
    from phonenumbers import Leniency, PhoneNumberMatcher, is_valid_number  # 0.07 s and 7 MB, where it is asked for

    for spelling in dict.fromkeys((text, text.translate(ODD_SEPARATORS))):
        for region in regions or ("",):
            # The stricter one finds a number beside other digits, the other one without its leading zero.
            for leniency in (Leniency.VALID, Leniency.POSSIBLE):
                for found in PhoneNumberMatcher(spelling, region or None, leniency=leniency):
                    number: PhoneNumber = found.number
                    if is_valid_number(number):
                        is_open = found.raw_string.startswith("(") and ")" not in found.raw_string
                        yield found.start + is_open, found.end
