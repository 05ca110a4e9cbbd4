"""Hold the money of a part while a return of it is open, or a refund of it is under way."""

from datetime import datetime, timedelta

from django.conf import settings

from checkout.models import ENDED_REFUNDS, Refund, Return, ReturnStatus
from checkout.releasing.schedule import earned
from payouts.models import HoldReason
from payouts.release.holds import Hold, close_hold, open_hold

# Statuses of a return that hold the money of its part; of two of them only for a time, in which its buyer can act.
WAITING = frozenset({ReturnStatus.REQUESTED, ReturnStatus.ASKED, ReturnStatus.ESCALATED})


def follow_return(found: Return, *, now: datetime) -> None:
    """Hold the money of a return's part, or let it go, as the return's status has it; its order is locked."""
    source = source_of_return(found)
    lapses_at = return_lapses_at(found)
    if found.status in WAITING or (lapses_at is not None and lapses_at > now):
        hold = Hold(HoldReason.RETURN, source, lapses_at=lapses_at)
        open_hold(part=earned(found.sub_order), hold=hold, now=now)
    else:
        close_hold(source=source, now=now)


def follow_refund(refund: Refund, *, now: datetime) -> None:
    """Hold the money of the part that a refund is of until its buyer has it back; its payment is locked.

    A refund of what was never the shop's, as of a part that could not be fulfilled, holds nothing.
    """
    if refund.reversal_id is None:
        return
    source = source_of_refund(refund)
    if refund.status in ENDED_REFUNDS:
        close_hold(source=source, now=now)
    elif refund.sub_order is not None:
        open_hold(part=earned(refund.sub_order), hold=Hold(HoldReason.REFUND, source), now=now)


def source_of_return(found: Return) -> str:
    """Return the name of a return's hold."""
    return f"{HoldReason.RETURN}:{found.pk}"


def source_of_refund(refund: Refund) -> str:
    """Return the name of a refund's hold."""
    return f"{HoldReason.REFUND}:{refund.pk}"


def return_lapses_at(found: Return) -> datetime | None:
    """Return the end of the time for which a return at its status holds money; None without one.

    A refused one holds it while its buyer may turn to the market, an accepted one until it should have been sent back.
    """
    if found.status == ReturnStatus.REFUSED:
        return found.status_at + timedelta(days=settings.RETURN_ANSWER_DAYS)
    if found.status == ReturnStatus.ACCEPTED:
        return found.status_at + timedelta(days=settings.PAYOUT_RETURN_HOLD_DAYS)
    return None
