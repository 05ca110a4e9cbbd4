"""Rooms that are open or open soon, known to every process without a statement.

Each process asks Redis once a second at most, and Redis holds a copy of the table, with whether there is stock, for two
seconds: so a change is known everywhere within three. Without Redis the table is read, once a second as well.
"""

import json
import logging
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from redis.exceptions import RedisError

from catalogue.discovery.selectors.variants import variants_of
from checkout.models import WaitingRoom
from kit.db import redis

logger = logging.getLogger(__name__)
QUEUES_BEFORE = timedelta(minutes=15)  # the opening
KNOWN_SECONDS = 1.0
COPY_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Room:
    """A waiting room, as far as a request needs it.

    Args:
        id: of the room in Redis: that of the product, and of the opening, so that a later sale begins anew.
        is_out: whether everything was sold or reserved a moment ago.
    """

    id: str
    listing_id: UUID
    variants: frozenset[UUID]
    opens_at: datetime
    closes_at: datetime
    per_minute: int
    is_out: bool

    def is_on(self, now: datetime) -> bool:
        """Return whether buyers need a pass now."""
        return self.opens_at - QUEUES_BEFORE <= now < self.closes_at


class _Known:
    """Rooms that the process knows, and until when."""

    until = 0.0
    rooms: Mapping[UUID, Room] = {}
    by_variant: Mapping[UUID, Room] = {}


_known = _Known()
_refreshing = threading.Lock()


def room_of(listing_id: UUID, *, now: datetime) -> Room | None:
    """Return the room of a product, if it is on, or will be."""
    found = _rooms().rooms.get(listing_id)
    return found if found and now < found.closes_at else None


def rooms_of(variant_ids: Iterable[UUID], *, now: datetime) -> list[Room]:
    """Return the rooms that variants are bought through now, each once."""
    by_variant = _rooms().by_variant
    if not by_variant:
        return []
    found = {room.id: room for each in variant_ids if (room := by_variant.get(each)) and room.is_on(now)}
    return [found[name] for name in sorted(found)]


def rooms_on(*, now: datetime) -> list[Room]:
    """Return all rooms that are on now."""
    return [room for room in _rooms().rooms.values() if room.is_on(now)]


def forget_rooms() -> None:
    """Have every process read the table again within a second, after it has changed."""
    _known.until = 0.0
    try:
        redis.client().delete(_key())
    except RedisError:
        logger.warning("Redis is down; the change of a waiting room is known within %s s.", COPY_SECONDS)


def _rooms() -> _Known:
    """Return the rooms that are known; one thread at a time asks anew, while the others use those of a moment ago."""
    late = time.monotonic() - _known.until
    if late >= 0 and _refreshing.acquire(blocking=late >= KNOWN_SECONDS):
        try:
            if time.monotonic() >= _known.until:
                remember(_read())
        finally:
            _refreshing.release()
    return _known


def remember(rooms: Iterable[Room]) -> None:
    """Remember rooms in this process, for a moment."""
    _known.rooms = {room.listing_id: room for room in rooms}
    _known.by_variant = {each: room for room in _known.rooms.values() for each in room.variants}
    _known.until = time.monotonic() + KNOWN_SECONDS


def _read() -> list[Room]:
    try:
        copy = redis.own_client().get(_key())
    except RedisError:
        return _from_table()
    if copy is not None:
        return [_parsed(each) for each in json.loads(str(copy))]
    rooms = _from_table()
    try:
        redis.own_client().set(_key(), json.dumps([_plain(room) for room in rooms]), ex=COPY_SECONDS)
    except RedisError:
        logger.warning("Redis is down; waiting rooms are read from the database.")
    return rooms


def _from_table() -> list[Room]:
    rows = list(WaitingRoom.objects.filter(closes_at__gt=timezone.now()))
    if not rows:
        return []
    variants = variants_of([row.listing_id for row in rows])
    return [_room(row, variants.get(row.listing_id, {})) for row in rows]


def _room(row: WaitingRoom, variants: Mapping[UUID, bool]) -> Room:
    return Room(
        id=f"{row.listing_id}:{int(row.opens_at.timestamp())}",
        listing_id=row.listing_id,
        variants=frozenset(variants),
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        per_minute=row.per_minute,
        is_out=not any(variants.values()),
    )


def _plain(room: Room) -> list[Any]:
    variants = sorted(str(each) for each in room.variants)
    times = room.opens_at.isoformat(), room.closes_at.isoformat()
    return [room.id, str(room.listing_id), variants, *times, room.per_minute, room.is_out]


def _parsed(plain: list[Any]) -> Room:
    name, listing_id, variants, opens_at, closes_at, *rest = plain
    times = datetime.fromisoformat(opens_at), datetime.fromisoformat(closes_at)
    return Room(name, UUID(listing_id), frozenset(UUID(each) for each in variants), *times, *rest)


def _key() -> str:
    return redis.prefixed("waiting-rooms")
