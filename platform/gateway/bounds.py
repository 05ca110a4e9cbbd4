"""Values of providers, checked against the limits of what can be stored and shown, for every adapter.

An answer whose amounts, currencies or ids are out of bounds is unreadable. Texts that are only shown (messages,
channels, names) are cleaned and cut, and an impossible time is replaced by none.
"""

import math
import re
import unicodedata
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.dateparse import parse_datetime

from gateway.errors import UnreadableAnswerError, shortened

# Ten million million of the major unit: more than any charge, and a thousandth of what a column holds.
MOST_MINOR = 10**15
LONGEST_ID = 40  # as the columns that keep it
LONGEST_URL = 500
CURRENCY = re.compile(r"[A-Z]{3}")
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
# Letters, digits and punctuation, spaces and symbols; nothing that hides, breaks lines or cannot be stored.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def whole(value: Any, what: str) -> int:
    """Return a number that may come as an integer, as digits, or as a float without a fraction.

    Raises:
        UnreadableAnswerError: it is none of these, or too large for anybody's money.
    """
    number: int | None = None
    if isinstance(value, str):
        is_short = len(value) <= LONGEST_ID and value.isascii() and value.isdecimal()
        number = int(value) if is_short else None
    elif isinstance(value, float):
        number = int(value) if math.isfinite(value) and value.is_integer() else None
    elif isinstance(value, int) and not isinstance(value, bool):
        number = value
    if number is None or abs(number) > MOST_MINOR:
        raise UnreadableAnswerError(f"{what} is {shown(value)}.")
    return number


def amount(value: int, what: str, *, may_be_negative: bool = False) -> int:
    """Return an amount of minor units.

    Raises:
        UnreadableAnswerError: it is no integer, or out of bounds.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise UnreadableAnswerError(f"{what} is {shown(value)}.")
    if abs(value) > MOST_MINOR or (value < 0 and not may_be_negative):
        raise UnreadableAnswerError(f"{what} is {shown(value)}.")
    return value


def currency(value: Any) -> str:
    """Return an ISO 4217 code.

    Raises:
        UnreadableAnswerError: it is none.
    """
    if isinstance(value, str) and CURRENCY.fullmatch(value):
        return value
    raise UnreadableAnswerError(f"The currency is {shown(value)}.")


def identifier(value: Any, what: str, *, longest: int = LONGEST_ID) -> str:
    """Return a provider's own name for something, which is sent back to it as it is.

    Raises:
        UnreadableAnswerError: it cannot be kept as it is.
    """
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if 0 < len(text) <= longest and text.isascii() and text.isprintable() and " " not in text:
        return text
    raise UnreadableAnswerError(f"{what} is {shown(value)}.")


def text(value: Any, *, longest: int) -> str:
    """Return a text cleaned for display and cut to a length."""
    if not isinstance(value, str):
        return ""
    spaced = (" " if each.isspace() else each for each in value[: 4 * longest])
    seen = "".join(each for each in spaced if unicodedata.category(each) not in UNSEEN)
    return " ".join(seen.split())[:longest].strip()


def moment(value: Any) -> datetime | None:
    """Return a time between 2000 and 2200, from itself or from ISO 8601; None where it is none of these."""
    try:
        at = parse_datetime(value) if isinstance(value, str) else value
    except ValueError:
        return None
    if not isinstance(at, datetime):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at if EARLIEST <= at < LATEST else None


def address(value: Any, *, longest: int = LONGEST_URL) -> str:
    """Return the address of a page that a browser can be sent to.

    Raises:
        UnreadableAnswerError: it is none, or longer than the column that keeps it.
    """
    url = value if isinstance(value, str) else ""
    is_plain = len(url) <= longest and url.isascii() and url.isprintable() and not set(url) & set(' "<>\\^`{|}')
    try:
        parts = urlsplit(url) if is_plain else None
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UnreadableAnswerError(f"The address of its page is {shown(value)}.")
    return url


def shown(value: Any) -> str:
    """Return a value as a reason for people may quote it."""
    if value is None:
        return "missing"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > MOST_MINOR:
        return "too large"  # a number of thousands of digits can't even be written
    return shortened(repr(value), longest=60)
