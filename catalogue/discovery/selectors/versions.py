"""Version keys that cached answers carry, so that a change makes every answer before it unreachable."""

import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.cache import cache

from kit.db import redis
from kit.ids import uuid7

T = TypeVar("T")

EVERYTHING = "discovery:version"
CATEGORIES = "discovery:version:categories"
VOCABULARY = "discovery:version:vocabulary"
SHOPS = "discovery:version:shops"
NEVER_CHANGED = "0"
UNKNOWN = ""
SHAPE = 5  # of what is kept; count it up where a release could not read what the one before it kept
LIFETIME_SECONDS = 120
HELD_SECONDS = 3600


def of_shop(shop_id: int) -> str:
    """Return the version key of one shop's listings."""
    return f"discovery:version:shop:{shop_id}"


_missed: set[str] = set()  # keys of changes that an outage of Redis has kept this process from telling of


def bump(keys: Iterable[str]) -> None:
    """Give version keys new values: tokens that never come back, since counting could repeat itself after an eviction.

    While Redis is down the keys are remembered, and bumped when this process next finds it up; what other processes
    and Redis itself have kept until then is at most `LIFETIME_SECONDS` old.
    """
    wanted = _missed | set(keys)
    failed = cache.set_many({key: uuid7().hex for key in wanted}, None)
    _missed.difference_update(wanted)
    _missed.update(failed)


def current(key: str) -> str:
    """Return the value of a version key."""
    _make_up()
    return str(cache.get(key, NEVER_CHANGED))


@dataclass(frozen=True, slots=True)
class Place:
    """Cache key of an answer, and the version that was current when it was looked up."""

    key: str
    version: str

    def keep(self, answer: Any, *, seconds: int = LIFETIME_SECONDS) -> None:
        """Cache an answer with the version that was current before it was made.

        After a change in between, its version is not current any more, and the answer is not used.
        """
        cache.set(self.key, (self.version, answer), seconds)


def recall(*, version_key: str, name: str) -> tuple[Place, Any]:
    """Return the value cached under a name since the last change, or None; version and value are read together."""
    _make_up()
    key = f"discovery:{SHAPE}:{version_key}:{hashlib.sha256(name.encode()).hexdigest()[:32]}"
    found = cache.get_many((version_key, key))
    version = str(found.get(version_key, NEVER_CHANGED))
    kept: tuple[str, Any] | None = found.get(key)
    return Place(key, version), kept[1] if kept is not None and kept[0] == version else None


def cached(*, version_key: str, name: str, make: Callable[[], T], seconds: int = LIFETIME_SECONDS) -> T:
    """Return the cached value of `make`, which never returns None, or call it after a change under a version key."""
    place, kept = recall(version_key=version_key, name=name)
    if kept is not None:
        found: T = kept
        return found
    made = make()
    place.keep(made, seconds=seconds)
    return made


class Held(Generic[T]):
    """A value that is read often and changes seldom, held by this process; its version is read each time."""

    def __init__(self, version_key: str, make: Callable[[], T], *, seconds: float = HELD_SECONDS) -> None:
        self._seconds = seconds
        self._version_key = version_key
        self._make = make
        self._held: tuple[str, float, T] | None = None

    def get(self) -> T:
        """Return the value made since the last change."""
        version = current(self._version_key)
        if version == NEVER_CHANGED and redis.is_down():
            return self._unversioned()
        if version == NEVER_CHANGED:
            # Given a version now, so that "never changed" cannot come twice: it does when Redis forgets everything.
            cache.add(self._version_key, uuid7().hex, None)
            version = current(self._version_key)
        held = self._held
        if held is None or held[0] != version or held[1] < time.monotonic():
            held = self._held = (version, time.monotonic() + self._seconds, self._make())
        return held[2]

    def _unversioned(self) -> T:
        """Return the held value of any version; while Redis is down it is read again each `LIFETIME_SECONDS`."""
        now = time.monotonic()
        if self._held is None or self._held[1] < now:
            self._held = (UNKNOWN, now + LIFETIME_SECONDS, self._make())
        return self._held[2]


def _make_up() -> None:
    if _missed and not redis.is_down():
        bump(())
