"""Holds: reasons that keep a sub-order's money from being released until they end."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kit.db.roles import as_platform
from kit.db.sql import execute
from kit.db.statements import load_statement
from payouts.errors import AlreadyHeldError, AlreadyReleasedError, NotHeldError
from payouts.models import HoldReason, ReleaseHold
from payouts.release.schedules import EarnedPart, lock_schedule, open_schedule

OPEN_HOLD = load_statement(__package__, "open_hold")
CLOSE_HOLD = load_statement(__package__, "close_hold")
AT_ONCE = 1_000  # of a round
NOTE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Hold:
    """A reason to hold a sub-order's money.

    Args:
        source: what holds it, as `return:<id>`; one hold of a source is open at a time.
        note: an operator's words, which the shop reads.
        lapses_at: when it ends by itself.
    """

    reason: HoldReason
    source: str
    note: str = ""
    opened_by_id: int | None = None
    lapses_at: datetime | None = None


@as_platform()  # returns are asked for on the market's host, refunds on the shop's too
def open_hold(*, part: EarnedPart, hold: Hold, now: datetime) -> bool:
    """Hold the money of a sub-order; nothing where it is released or held so already. Needs an open transaction.

    The schedule is locked first, and counts the hold: a release that is under way is waited for, and one that comes
    later sees it.

    Returns:
        whether it is held by this source anew.
    """
    open_schedule(part=part)
    asked = {
        "sub_order_id": part.sub_order_id,
        "reason": hold.reason.value,
        "source": hold.source,
        "note": hold.note,
        "opened_by_id": hold.opened_by_id,
        "lapses_at": hold.lapses_at,
        "now": now,
    }
    return execute(OPEN_HOLD, asked) > 0


def hold_by_hand(*, part: EarnedPart, note: str, actor_id: int, now: datetime) -> None:
    """Hold the money of a sub-order for an operator, whose words the shop reads.

    Raises:
        AlreadyReleasedError: it is released.
        AlreadyHeldError: an operator holds it.
    """
    hold = Hold(HoldReason.OPERATOR, source_of_operator(part.sub_order_id), note[:NOTE_LENGTH], actor_id)
    with transaction.atomic():
        if not open_hold(part=part, hold=hold, now=now):
            is_released = lock_schedule(sub_order_id=part.sub_order_id).released_at is not None
            raise AlreadyReleasedError if is_released else AlreadyHeldError


def end_hold_by_hand(*, sub_order_id: UUID, now: datetime) -> None:
    """Close an operator's hold; holds of another reason end with what they are for.

    Raises:
        NotHeldError: no operator holds it.
    """
    if not close_hold(source=source_of_operator(sub_order_id), now=now):
        raise NotHeldError


def source_of_operator(sub_order_id: UUID) -> str:
    """Return the name of an operator's hold."""
    return f"{HoldReason.OPERATOR}:{sub_order_id}"


@as_platform()
def close_hold(*, source: str, now: datetime) -> bool:
    """Close the open hold of a source, and return whether there was one."""
    return execute(CLOSE_HOLD, {"source": source, "now": now}) > 0


def close_lapsed_holds(*, now: datetime, lapsed_by: datetime | None = None) -> int:
    """Close the holds whose time is over, or was by an earlier moment, each by itself; return their number."""
    lapsed = ReleaseHold.objects.filter(closed_at__isnull=True, lapses_at__lte=lapsed_by or now)
    sources = list(lapsed.order_by("lapses_at", "id").values_list("source", flat=True)[:AT_ONCE])
    return sum(close_hold(source=source, now=now) for source in sources)
