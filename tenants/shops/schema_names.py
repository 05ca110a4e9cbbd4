"""Cache of the names of shops' schemas in this process: a hint that saves a round trip.

A shop keeps its schema's name for life. Code that uses a cached name reads the shop's facts in the same round trip and
compares: only the facts count.
"""

_names: dict[int, str] = {}


def remembered(shop_id: int) -> str | None:
    """Return the name of a shop's schema if the process has read it."""
    return _names.get(shop_id)


def remember(shop_id: int, name: str | None) -> None:
    """Cache a name, or drop it where the shop has no schema any more."""
    if name is None:
        _names.pop(shop_id, None)
    else:
        _names[shop_id] = name


def clear() -> None:
    """Forget all: for tests, which have many databases."""
    _names.clear()
