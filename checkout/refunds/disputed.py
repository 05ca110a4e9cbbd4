"""Refunds of a disputed payment: one that is not out waits for the bank, so that the buyer is not paid twice."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from checkout.models import Refund, RefundStatus
from checkout.orders.payments import lock_payment
from checkout.orders.refunds import lock_refunds

WAITS_FOR_DISPUTE = gettext_noop(
    "The buyer’s bank disputes this payment: the refund waits for the end. Accept the dispute to give the money back."
)
MAY_BE_PAID_TWICE = gettext_noop(
    "The bank has taken this money with a lost dispute, and the provider may pay it too. Have the provider stop it: "
    "once it has failed, it ends here by itself."
)


def keep_refunds(refunds: Sequence[Refund]) -> None:
    """Write to the locked refunds of a payment that is disputed by now why those that are not out wait."""
    for refund in refunds:
        if refund.status == RefundStatus.REQUESTED:
            refund.note = WAITS_FOR_DISPUTE
            refund.save(update_fields=["note"])


def release_refunds(refunds: Sequence[Refund], *, has_taken_more: bool) -> None:
    """Have the locked refunds of a payment sent whose disputes are all decided.

    Args:
        has_taken_more: whether the bank has taken what shops had not and no refund was set off against: what a provider
            may still pay of them is paid twice then, and a person is told.
    """
    for refund in refunds:
        if refund.status == RefundStatus.REQUESTED:
            refund.note, refund.due_at = "", None
            refund.save(update_fields=["note", "due_at"])
        elif has_taken_more and refund.status in {RefundStatus.SENT, RefundStatus.NEEDS_ATTENTION}:
            refund.note = MAY_BE_PAID_TWICE
            refund.save(update_fields=["note"])


def hold_unknown_refund(*, payment_id: UUID, refund_id: UUID) -> None:
    """Have a refund wait that was marked as sent before the dispute, and that its provider does not know."""
    with transaction.atomic():
        lock_payment(payment_id=payment_id)
        refund = next(each for each in lock_refunds(payment_id=payment_id) if each.pk == refund_id)
        if refund.status == RefundStatus.SENT and not refund.provider_id:
            refund.status, refund.note, refund.sent_at, refund.checked_at = (
                RefundStatus.REQUESTED,
                WAITS_FOR_DISPUTE,
                None,
                None,
            )
            refund.save(update_fields=["status", "note", "sent_at", "checked_at"])
