"""Losses of disputes that pay refunds which are owed and not sent: the buyer has that money from the bank."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from kit.money import Money
from payouts.disputes.moving import BEYOND_LOST
from payouts.disputes.steps import add_step
from payouts.models import Dispute, DisputeSetOff
from payouts.services.posting import post_set_off
from payouts.stored_sentences import ONLY_AMOUNT


def set_off(disputes: Sequence[Dispute], *, refund_id: UUID, amount_minor: int, now: datetime) -> None:
    """Have losses of locked disputes of one payment pay an owed refund: it is owed no more, and the market lost less.

    Args:
        disputes: lost ones are taken in this order, each as far as it has paid no refund.
        amount_minor: at most what is owed, and what all of them have taken that no shop has borne.

    Raises:
        ValueError: they have taken less than that.
    """
    missing = amount_minor
    for dispute in disputes:
        share = min(missing, (dispute.lost_minor or 0) - set_off_minor(dispute))
        if share > 0:
            _set_off(dispute, refund_id, share, now)
            missing -= share
    if missing:
        raise ValueError(f"Refund {refund_id} is set off by {missing} more than what was lost.")


def undo_set_offs(disputes: Sequence[Dispute], *, refund_id: UUID, amount_minor: int, now: datetime) -> bool:
    """Owe an amount of a refund again that locked disputes of its payment have paid, as its provider has paid it too.

    What they have taken for it is the market's loss. Only what was set off last can have been at the provider as one
    amount; return whether it is that, else nothing is changed.
    """
    by_id = {dispute.pk: dispute for dispute in disputes}
    counted = DisputeSetOff.objects.filter(dispute__in=by_id, refund_id=refund_id, undone_at=None)
    missing, latest = amount_minor, []
    for row in counted.order_by("-created_at", "-pk"):
        if missing > 0:
            missing -= row.amount_minor
            latest.append(row)
    if missing or not latest:
        return False
    for row in reversed(latest):
        dispute = by_id[row.dispute_id]
        row.undone_at = now
        row.save(update_fields=["undone_at"])
        _book(row, dispute, -row.amount_minor, now)
        dispute.problem = BEYOND_LOST
        _note(dispute, "paid_too", row.amount_minor, now)
    return True


def set_off_minor(dispute: Dispute) -> int:
    """Return the amount of a dispute's loss that has paid refunds which were owed."""
    counted = DisputeSetOff.objects.filter(dispute=dispute, undone_at=None)
    return int(counted.aggregate(total=Sum("amount_minor"))["total"] or 0)


def beyond_minor(dispute: Dispute) -> int:
    """Return the amount that a decided dispute has taken beyond what was left of the payment and owed of it."""
    return max((dispute.lost_minor or 0) - set_off_minor(dispute) - dispute.amount_minor, 0)


def _set_off(dispute: Dispute, refund_id: UUID, amount_minor: int, now: datetime) -> None:
    row = DisputeSetOff.objects.create(dispute=dispute, refund_id=refund_id, amount_minor=amount_minor, created_at=now)
    _book(row, dispute, amount_minor, now)
    if dispute.problem == BEYOND_LOST and not beyond_minor(dispute):
        dispute.problem = ""
    _note(dispute, "set_off", amount_minor, now)


def _note(dispute: Dispute, move: str, amount_minor: int, now: datetime) -> None:
    add_step(dispute, move, now=now, text=ONLY_AMOUNT.written(amount=Money(amount_minor, dispute.currency)))
    dispute.save(update_fields=["steps", "problem"])


def _book(row: DisputeSetOff, dispute: Dispute, amount_minor: int, now: datetime) -> None:
    source = f"{row.pk}.undone" if amount_minor < 0 else str(row.pk)
    booked = post_set_off(
        source=source, refund_id=row.refund_id, amount_minor=amount_minor, currency=dispute.currency, now=now
    )
    if booked is None:
        raise RuntimeError(f"{row.pk} was booked before, though it has just been written.")
