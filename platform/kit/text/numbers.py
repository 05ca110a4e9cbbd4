"""Numbers as people read them, in the language that is active."""

import re
from typing import NamedTuple

from django.utils.translation import get_language

NO_BREAK = "\xa0"
PERCENTAGE = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?")


class Marks(NamedTuple):
    """A language's marks between thousands and before decimals."""

    thousands: str
    decimals: str


ENGLISH = Marks(",", ".")
FRENCH = Marks(NO_BREAK, ",")


def speaks_french() -> bool:
    """Return whether French is active."""
    return get_language() == "fr"


def number_marks() -> Marks:
    """Return the marks of the language that is active."""
    return FRENCH if speaks_french() else ENGLISH


def grouped(number: int) -> str:
    """Write a whole number with its thousands apart: `1,000` in English, `1 000` in French."""
    if -1000 < number < 1000:  # noqa: PLR2004 - most numbers of a page, in every language alike
        return str(number)
    return f"{number:,}".replace(",", number_marks().thousands)


def percentage(rate_bps: int) -> str:
    """Write basis points as a percentage without its sign: `7.5` in English, `7,5` in French."""
    whole, rest = divmod(rate_bps, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".").replace(".", number_marks().decimals)


def plain_number(text: str, *, is_french: bool | None = None) -> str:
    """Return a typed number as programs read it: `1 234,5` in French and `1,234.5` are `1234.5`."""
    packed = "".join(text.split())
    if speaks_french() if is_french is None else is_french:
        return packed.replace(",", ".")
    return packed.replace(",", "")


def parse_percentage(text: str) -> int | None:
    """Return a typed percentage, with its sign or without, in basis points; None: it is no plain number.

    A comma stands before decimals in French and is refused in English, where 7,5 would be read as 75.
    """
    plain = text.strip().removesuffix("%").strip()
    match = PERCENTAGE.fullmatch(plain.replace(",", ".") if speaks_french() else plain)
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else None
