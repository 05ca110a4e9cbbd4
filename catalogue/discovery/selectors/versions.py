"""Version keys that cached answers carry, so that a change makes every answer before it unreachable."""

import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

T = TypeVar("T")

EVERYTHING = "discovery:version"
CATEGORIES = "discovery:version:categories"
VOCABULARY = "discovery:version:vocabulary"
NEVER_CHANGED = "0"
LIFETIME_SECONDS = 120


def of_shop(shop_id: int) -> str:
    """Return the version key of one shop's listings."""
    return f"discovery:version:shop:{shop_id}"


def current(key: str) -> str:
    """Return the value of a version key."""
    return str(cache.get(key, NEVER_CHANGED))


def cached(*, version_key: str, name: str, make: Callable[[], T], seconds: int = LIFETIME_SECONDS) -> T:
    """Return what `make` gave since the last change under a version key; version and answer are read together.

    An answer is kept with the version that was current before `make` ran: one that was overtaken by a change
    belongs to a version that is not current any more.
    """
    key = f"discovery:{version_key}:{hashlib.sha256(name.encode()).hexdigest()[:32]}"
    found = cache.get_many((version_key, key))
    version = str(found.get(version_key, NEVER_CHANGED))
    kept: tuple[str, T] | None = found.get(key)
    if kept is not None and kept[0] == version:
        return kept[1]
    made = make()
    cache.set(key, (version, made), seconds)
    return made
