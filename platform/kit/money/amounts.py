"""Amounts as people type them, in major units of a currency."""

import re
from decimal import Decimal

from django.utils.translation import gettext

from kit.money import (
    MINOR_PER_MAJOR,
    SYMBOLS,
    WITHOUT_DECIMALS,
    format_minor,
    is_whole_enough,
    minor_from_decimal,
    symbol_of,
)
from kit.text.numbers import number_marks, plain_number, speaks_french

# Thousands may be set apart by commas, minor units follow a point: nothing that reads in two ways is taken.
AMOUNT = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,13})(?:\.[0-9]{1,2})?")
# In French thousands are set apart by spaces; minor units follow a comma, or the point that forms are filled with.
FRENCH_AMOUNT = re.compile(r"(?:[0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,13})(?:[.,][0-9]{1,2})?")
OTHER_MARKS = {
    "NGN": ("N",), "GHS": ("GH¢", "¢", "₵"), "KES": ("Ksh", "KSH"), "USD": ("US$",), "XOF": ("F CFA", "FCFA"),
    "RWF": ("RF", "Frw"), "EGP": ("£E", "LE"), "ETB": ("ብር",),
}  # fmt: skip
EXAMPLE_MAJOR = 18_500


def parse_amount(text: str, currency: str, *, is_of_file: bool = False) -> int:
    """Turn `1,250.50`, `₦1,250` or `NGN 1250` into minor units of a currency, exactly; in French `1 250,50 NGN`.

    Args:
        is_of_file: it stands in a file, which reads the same in every language.

    Raises:
        ValueError: it is not an amount, is one of another currency, or could be read in two ways.
    """
    amount = _without_mark(" ".join(text.split()), currency)
    is_french = speaks_french() and not is_of_file
    if not (FRENCH_AMOUNT if is_french else AMOUNT).fullmatch(amount):
        example = "18500" if currency in WITHOUT_DECIMALS else f"18500{number_marks().decimals}50"
        raise ValueError(gettext("Write it like 18,500 or %(example)s.") % {"example": example})
    minor = minor_from_decimal(Decimal(plain_number(amount, is_french=is_french)))
    if not is_whole_enough(minor, currency):
        raise ValueError(gettext("%(currency)s has no smaller unit. Give a whole amount.") % {"currency": currency})
    return minor


def _without_mark(amount: str, currency: str) -> str:
    """Take the currency's mark away, before or behind the amount.

    Raises:
        ValueError: it is the mark of another currency.
    """
    for mark in sorted(marks_of(currency), key=len, reverse=True):
        if amount.startswith(mark):
            return amount.removeprefix(mark).strip()
        if amount.endswith(mark):
            return amount.removesuffix(mark).strip()
    others = {mark: code for code in SYMBOLS for mark in marks_of(code)}
    for mark in sorted(others, key=len, reverse=True):
        if amount.startswith(mark) or amount.endswith(mark):
            example = format_minor(EXAMPLE_MAJOR * MINOR_PER_MAJOR, currency)
            message = gettext("This is an amount in %(other)s; prices here are in %(currency)s, such as %(example)s.")
            raise ValueError(message % {"other": others[mark], "currency": currency, "example": example})
    return amount


def marks_of(currency: str) -> tuple[str, ...]:
    """Return all ways in which people mark an amount of a currency."""
    return (
        SYMBOLS.get(currency, currency),
        " ".join(symbol_of(currency).split()),
        currency,
        *OTHER_MARKS.get(currency, ()),
    )
