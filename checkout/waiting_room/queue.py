"""A buyer's place in a waiting room: given, looked at, and asked for before a basket is filled or ordered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import ceil
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from redis.exceptions import RedisError

from checkout.errors import NotLetInError, WaitingRoomCrowdedError, WaitingRoomDownError
from checkout.waiting_room.rooms import Room, rooms_of, rooms_on
from checkout.waiting_room.scripts import ENTER, MISSING, MOVE
from kit.db import redis
from kit.web.hosts import platform_url

PASS = timedelta(minutes=10)
KEPT_AFTER = timedelta(hours=1)  # the room's end, for orders that are being placed then


class State(StrEnum):
    """State of a buyer towards a waiting room."""

    SOON = "soon"
    OUTSIDE = "outside"
    WAITING = "waiting"
    SOLD_OUT = "sold_out"
    LET_IN = "let_in"


@dataclass(frozen=True, slots=True)
class Place:
    """A buyer's place.

    Args:
        before: how many people are let in before them.
        ends_at: the moment at which their pass ends, where they are let in.
    """

    room: Room
    state: State
    before: int = 0
    ends_at: datetime | None = None

    @property
    def wait_seconds(self) -> int:
        """Return the estimated time until they are let in, from now or from the opening on."""
        return ceil((self.before + 1) * 60 / self.room.per_minute)

    @property
    def is_let_in(self) -> bool:
        """Return whether they may buy now."""
        return self.state is State.LET_IN


def enter(room: Room, *, owner: str, network: str, now: datetime) -> Place:
    """Give a buyer the next number, unless they have one, and return their place.

    Args:
        owner: of the cart that the buyer fills.
        network: of the caller, which may have so many numbers; empty where it is not known.

    Raises:
        WaitingRoomCrowdedError: the network has as many numbers as one may have.
        WaitingRoomDownError: Redis does not answer; places are kept.
    """
    place = _ask(room, owner, network, now, gives=True)
    if place is None:
        raise WaitingRoomCrowdedError
    return place


def look(room: Room, *, owner: str, now: datetime) -> Place:
    """Return a buyer's place; who has no number gets none.

    Raises:
        WaitingRoomDownError: Redis does not answer; places are kept.
    """
    if not room.is_on(now):
        return Place(room, State.SOON)
    return _ask(room, owner, "", now, gives=False) or Place(room, State.OUTSIDE)


def check_let_in(*, owner: str, variant_ids: Iterable[UUID], now: datetime) -> None:
    """Check that a buyer has a pass for each variant that is sold through a waiting room now.

    Where there is none, which is usual, nothing is asked of Redis.

    Raises:
        NotLetInError: the details name the products and the pages to wait at.
        WaitingRoomDownError: Redis does not answer.
    """
    rooms = rooms_of(variant_ids, now=now)
    if not rooms:
        return
    keys = [_keys(room)[2] for room in rooms]
    try:
        missing = redis.script(MISSING)(keys=keys, args=[_milliseconds(now), owner])
    except RedisError as error:
        raise WaitingRoomDownError from error
    if missing:
        raise NotLetInError(details=[_told(rooms[number - 1]) for number in missing])


def take_over_places(*, source: str, into: str, now: datetime) -> None:
    """Give a guest's places to their account, after they have signed in."""
    for room in rooms_on(now=now):
        _, numbers, passes, _ = _keys(room)
        redis.script(MOVE)(keys=[numbers, passes], args=[source, into])


def _ask(room: Room, owner: str, network: str, now: datetime, *, gives: bool) -> Place | None:
    lives = room.closes_at - now + KEPT_AFTER
    buyer = [owner, network, settings.WAITING_ROOM_PER_NETWORK, int(gives)]
    times = [_milliseconds(now), _milliseconds(room.opens_at), room.per_minute, int(PASS.total_seconds() * 1000)]
    args = [*times, *buyer, int(room.is_out), max(1, int(lives.total_seconds()))]
    try:
        state, before, ends = redis.script(ENTER)(keys=_keys(room), args=args)
    except RedisError as error:
        raise WaitingRoomDownError from error
    if state == "crowded":
        return None
    ends_at = datetime.fromtimestamp(int(ends) / 1000, UTC) if int(ends) else None
    return Place(room, State(state), int(before), ends_at)


def _told(room: Room) -> dict[str, str]:
    return {"listing_id": str(room.listing_id), "url": platform_url(queue_path(room.listing_id))}


def queue_path(listing_id: UUID) -> str:
    """Return the address of a product's waiting room on the platform's host."""
    return reverse("checkout:waiting-room", urlconf=settings.PUBLIC_SCHEMA_URLCONF, args=[listing_id])


def _keys(room: Room) -> list[str]:
    parts = ("", ":numbers", ":passes", ":networks")
    return [redis.prefixed(f"waiting-room:{room.id}{part}") for part in parts]


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
