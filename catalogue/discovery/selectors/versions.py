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
    """Return what `make` gave since the last change under a version key.

    The version is read before `make` runs: an answer that was overtaken by a change lands under a version
    that nobody asks for any more.
    """
    digest = hashlib.sha256(name.encode()).hexdigest()[:32]
    key = f"discovery:{version_key}:{current(version_key)}:{digest}"
    found: T | None = cache.get(key)
    if found is None:
        found = make()
        cache.set(key, found, seconds)
    return found
