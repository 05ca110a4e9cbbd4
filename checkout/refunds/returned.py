"""The end of a return: the provider has given all of its money back."""

from datetime import datetime

from checkout.events import ReturnMoved
from checkout.models import ENDED_REFUNDS, Refund, Return, ReturnStatus
from kit.work import outbox


def end_return(refund: Refund, *, now: datetime) -> None:
    """Write that a return is refunded, once all refunds of it are over; this one's payment is locked."""
    if refund.reversal_id is None:
        return
    found = lock_return_of(refund)
    others = Refund.objects.filter(reversal_id=refund.reversal_id).exclude(pk=refund.pk)
    if found is None or others.exclude(status__in=ENDED_REFUNDS).exists():
        return
    found.status, found.status_at = ReturnStatus.REFUNDED, now
    entry = {"move": "refund", "status": found.status.value, "by": "", "text": "", "at": now.isoformat()}
    found.steps = [*found.steps, entry]
    found.save(update_fields=["status", "status_at", "steps"])
    outbox.emit(ReturnMoved(found.pk, len(found.steps) - 1), now=now)


def lock_return_of(refund: Refund) -> Return | None:
    """Lock the return that a refund is for, if it waits for its money; needs an open transaction."""
    if refund.reversal_id is None:
        return None
    waiting = Return.objects.select_for_update(of=("self",)).filter(status=ReturnStatus.RECEIVED)
    return waiting.filter(reversal_id=refund.reversal_id).order_by("pk").first()
