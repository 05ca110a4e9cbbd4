"""Refunds of a disputed payment: one that is not out waits for the bank, so that the buyer is not paid twice."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from checkout.models import Refund, RefundStatus
from checkout.orders.payments import lock_payment
from checkout.orders.refunds import lock_refunds

WAITS = gettext_noop(
    "The buyer’s bank disputes this payment: the refund waits for the end. Accept the dispute to give the money back."
)
TAKEN = gettext_noop(
    "The bank has taken this money with a lost dispute. Send it again only if the provider shows that the buyer has "
    "not got it."
)


def keep_refunds(refunds: Sequence[Refund]) -> None:
    """Write to the locked refunds of a payment that is disputed by now why those that are not out wait."""
    for refund in refunds:
        if refund.status == RefundStatus.REQUESTED:
            refund.note = WAITS
            refund.save(update_fields=["note"])


def let_refunds_go(refunds: Sequence[Refund], *, is_taken: bool) -> None:
    """Have the locked refunds of a payment sent whose disputes are all decided, or leave them to a person.

    Args:
        is_taken: whether the bank has taken more than shops had left: a refund would pay that a second time.
    """
    for refund in refunds:
        if refund.status == RefundStatus.REQUESTED:
            refund.status = RefundStatus.NEEDS_ATTENTION if is_taken else refund.status
            refund.note = TAKEN if is_taken else ""
            refund.due_at = None
            refund.save(update_fields=["status", "note", "due_at"])


def wait_again(*, payment_id: UUID, refund_id: UUID) -> None:
    """Have a refund wait that was marked as sent before the dispute, and that its provider does not know."""
    with transaction.atomic():
        lock_payment(payment_id=payment_id)
        refund = next(each for each in lock_refunds(payment_id=payment_id) if each.pk == refund_id)
        if refund.status == RefundStatus.SENT and not refund.provider_id:
            refund.status, refund.note, refund.sent_at, refund.checked_at = RefundStatus.REQUESTED, WAITS, None, None
            refund.save(update_fields=["status", "note", "sent_at", "checked_at"])
