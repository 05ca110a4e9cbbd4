"""What other apps do, or have to say, when a shop's status changes; they register it from their `ready`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from tenants.models import Shop


@dataclass(frozen=True, slots=True)
class StatusChange:
    """A change of status; `shop` is as it is now."""

    shop: Shop
    before: str
    reason: str
    now: datetime


class Stage(Enum):
    """What something can keep a shop from."""

    CLOSED = "closed"
    DELETED = "deleted"


Follower = Callable[[StatusChange], None]
Obstacle = Callable[[Shop], str]
_followers: list[Follower] = []
_obstacles: dict[Stage, list[Obstacle]] = {stage: [] for stage in Stage}


def on_status_changed(callback: Follower) -> None:
    """Register what another app does in the transaction that changes a status."""
    if callback not in _followers:
        _followers.append(callback)


def register_obstacle(stage: Stage, callback: Obstacle) -> None:
    """Register what may keep a shop from a stage: it says what is left to do, or nothing."""
    if callback not in _obstacles[stage]:
        _obstacles[stage].append(callback)


def tell_followers(change: StatusChange) -> None:
    """Have all of them follow."""
    for follower in _followers:
        follower(change)


def obstacles_to(stage: Stage, shop: Shop) -> list[str]:
    """Say everything that keeps a shop from a stage."""
    return [reason for obstacle in _obstacles[stage] if (reason := obstacle(shop))]
