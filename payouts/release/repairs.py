"""Repairs before a release: the apps above tell what their records say and no schedule does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kit.wiring import Contribution, contributions


@dataclass(frozen=True, slots=True)
class ReleaseRepair(Contribution):
    """A repair of schedules and holds by an app's own records.

    Args:
        repair: mends what was missed by a moment, and returns the number of it.
    """

    name: str
    repair: Callable[[datetime], int]

    @property
    def key(self) -> str:
        return self.name


def repair_all(*, now: datetime) -> int:
    """Run the repairs of all apps; return the number of what was missed."""
    return sum(each.repair(now) for each in contributions(ReleaseRepair))
