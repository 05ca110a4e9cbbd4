"""The currency of each shop, as far as this process has read it.

A shop keeps its currency for life. Code that writes by a cached one compares it with the shop's facts first.
"""

_currencies: dict[int, str] = {}


def remembered(shop_id: int) -> str | None:
    """Return a shop's currency if the process has read it."""
    return _currencies.get(shop_id)


def remember(shop_id: int, currency: str) -> None:
    """Keep a shop's currency."""
    _currencies[shop_id] = currency


def clear() -> None:
    """Forget all: for tests, which have many databases."""
    _currencies.clear()
