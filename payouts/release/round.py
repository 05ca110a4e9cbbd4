"""A round of the release: holds that lapse, what is due, and reserves whose days are over."""

from dataclasses import dataclass
from datetime import datetime

from payouts.release.end_reserves import end_reserves
from payouts.release.holds import close_lapsed_holds
from payouts.release.release_due import release_due
from payouts.release.repairs import repair_all


@dataclass(frozen=True, slots=True)
class RoundResult:
    """Numbers of a round: repaired schedules and holds, closed holds, released sub-orders, ended reserves."""

    repaired: int
    lapsed: int
    released: int
    reserves_ended: int


def run_round(*, now: datetime, as_of: datetime | None = None, repairs: bool = False) -> RoundResult:
    """Release the money that is due, booked now; what was released before stays as it is, however often this runs.

    Args:
        as_of: an earlier moment, to release only what was due by then.
        repairs: whether to look first for delivered parts without a schedule, and for holds that are missing; that
            reads all that was ever delivered.
    """
    repaired = repair_all(now=now) if repairs else 0
    lapsed = close_lapsed_holds(now=now, lapsed_by=as_of)
    released, ended = release_due(now=now, due_by=as_of), end_reserves(now=now, due_by=as_of)
    return RoundResult(repaired, lapsed, released=released, reserves_ended=ended)
