"""Prices as people type them."""

from kit.amounts import parse_amount


def parse_price(text: str) -> int:
    """Turn `18,500`, `18500.50` or `₦18,500` into minor units, exactly.

    Raises:
        ValueError: it is not an amount, or could be read in two ways.
    """
    return parse_amount(text, "NGN")
