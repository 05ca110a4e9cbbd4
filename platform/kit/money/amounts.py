"""Amounts as people type them, in major units of a currency."""

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
from kit.text.conventions import ENGLISH, conventions
from kit.text.numbers import plain_number

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
    written = ENGLISH if is_of_file else conventions()
    if not written.amount_pattern().fullmatch(amount):
        example = "18500" if currency in WITHOUT_DECIMALS else f"18500{conventions().decimals}50"
        raise ValueError(gettext("Write it like 18,500 or %(example)s.") % {"example": example})
    minor = minor_from_decimal(Decimal(plain_number(amount, written=written)))
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
