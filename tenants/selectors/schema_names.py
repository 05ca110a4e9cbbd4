"""Which schema is whose, as far as this process has read it: a hint that saves a round trip.

A shop keeps its schema's name for life. Whoever uses a remembered name reads the shop's facts in the same trip and
compares: only what they say counts.
"""

_names: dict[int, str] = {}


def remembered(shop_id: int) -> str | None:
    """Return the name of a shop's schema if the process has read it."""
    return _names.get(shop_id)


def remember(shop_id: int, name: str | None) -> None:
    """Keep a name, or forget it where the shop has no schema any more."""
    if name is None:
        _names.pop(shop_id, None)
    else:
        _names[shop_id] = name


def clear() -> None:
    """Forget all: for tests, which have many databases."""
    _names.clear()
