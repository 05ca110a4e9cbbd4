"""Numbers as people read and type them, in the language that is active."""

import re

from kit.text.conventions import Conventions, conventions

PERCENTAGE = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?")
SWAPPED = str.maketrans(".,", ",.")


def grouped(number: int) -> str:
    """Write a whole number with its thousands apart: `1,000` in English, `1 000` in French."""
    if -1000 < number < 1000:  # noqa: PLR2004 - most numbers of a page, in every language alike
        return str(number)
    return f"{number:,}".replace(",", conventions().thousands)


def percentage(rate_bps: int) -> str:
    """Write basis points as a percentage without its sign: `7.5` in English, `7,5` in French."""
    whole, rest = divmod(rate_bps, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".").replace(".", conventions().decimals)


def plain_number(text: str, *, written: Conventions | None = None) -> str:
    """Return a typed number as programs read it: `1 234,5` in French and `1,234.5` are `1234.5`.

    Args:
        written: the conventions of its language; those that are active, where none are named.
    """
    written = written or conventions()
    packed = "".join(text.split())
    return re.sub(rf"{re.escape(written.thousands)}(?=[0-9]{{3}}(?![0-9]))", "", packed).replace(written.decimals, ".")


def with_point(text: str) -> str:
    """Return a typed number of few digits with a point before its decimals, a mark for thousands as a comma.

    So a form that takes no comma refuses 1,200 in English and 1.200 in a language with points between thousands.
    """
    written = conventions()
    return text.translate(SWAPPED) if written.thousands == "." else text.replace(written.decimals, ".")


def parse_percentage(text: str) -> int | None:
    """Return a typed percentage, with its sign or without, in basis points; None: it is no plain number.

    A comma stands before decimals in French and is refused in English, where 7,5 would be read as 75.
    """
    match = PERCENTAGE.fullmatch(with_point(text.strip().removesuffix("%").strip()))
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else None
