"""A change of a shop's status, which other apps follow, and the obstacles to it that they see (in their wiring)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from kit.wiring import Contribution, Moment, contributions
from tenants.models import Shop


@dataclass(frozen=True, slots=True)
class StatusChange(Moment):
    """A shop's status has changed, in the transaction that changes it; `shop` is as it is now."""

    shop: Shop
    before: str
    reason: str
    now: datetime


class Stage(Enum):
    """A stage of a shop's lifecycle that an obstacle can prevent."""

    CLOSED = "closed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Obstacle(Contribution):
    """Obstacle that may keep a shop from a stage.

    Args:
        left_to_do: returns a text with the work that is left, or an empty one.
    """

    stage: Stage
    left_to_do: Callable[[Shop], str]


def obstacles_to(stage: Stage, shop: Shop) -> list[str]:
    """Return the texts of all obstacles that keep a shop from a stage."""
    obstacles = [obstacle for obstacle in contributions(Obstacle) if obstacle.stage == stage]
    return [reason for obstacle in obstacles if (reason := obstacle.left_to_do(shop))]
