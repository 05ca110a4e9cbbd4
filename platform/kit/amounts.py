"""Amounts as people type them, in major units of a currency."""

import re
from decimal import Decimal

from kit.money import SYMBOLS, minor_from_decimal

# Thousands may be set apart by commas, minor units follow a point: nothing that reads in two ways is taken.
AMOUNT = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,13})(?:\.[0-9]{1,2})?")
OTHER_MARKS = {"NGN": ("N",), "GHS": ("GH¢", "¢"), "KES": ("Ksh", "KSH")}


def parse_amount(text: str, currency: str) -> int:
    """Turn `1,250.50`, `₦1,250` or `NGN 1250` into minor units of a currency, exactly.

    Raises:
        ValueError: it is not an amount, is one of another currency, or could be read in two ways.
    """
    amount = text.strip()
    for mark in (SYMBOLS.get(currency, currency), currency, *OTHER_MARKS.get(currency, ())):
        if amount.startswith(mark):
            amount = amount.removeprefix(mark).strip()
            break
    if not AMOUNT.fullmatch(amount):
        raise ValueError("Write it like 18,500 or 18500.50.")
    return minor_from_decimal(Decimal(amount.replace(",", "")))
