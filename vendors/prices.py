"""Prices as people type them."""

import re
from decimal import Decimal

from kit.money import minor_from_decimal

# Thousands may be set apart by commas, minor units follow a point: nothing that reads in two ways is taken.
AMOUNT = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,13})(?:\.[0-9]{1,2})?")
MARKS = ("₦", "NGN", "N")


def parse_price(text: str) -> int:
    """Turn `18,500`, `18500.50` or `₦18,500` into minor units, exactly.

    Raises:
        ValueError: it is not an amount, or could be read in two ways.
    """
    amount = text.strip()
    for mark in MARKS:
        amount = amount.removeprefix(mark)
    amount = amount.strip()
    if not AMOUNT.fullmatch(amount):
        raise ValueError("Write it like 18,500 or 18500.50.")
    return minor_from_decimal(Decimal(amount.replace(",", "")))
