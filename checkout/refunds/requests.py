"""Requests for refunds, and their results."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from checkout.errors import RefundTooLargeError
from checkout.models import STUCK_REFUNDS, Payment, Refund, RefundStatus, Reversal, SubOrder
from checkout.orders.payments import lock_payment
from checkout.orders.refunds import lock_refunds, payment_of_refund, refunded_minor
from checkout.refunds.disputed import WAITS_FOR_DISPUTE
from checkout.refunds.returned import end_return
from checkout.refunds.setting_off import reopen_set_off, reset_for_resending, set_off_uncovered_loss
from checkout.releasing.holds import follow_refund
from checkout.stored_sentences import EARLIER_TRY_ALIVE, OTHER_AMOUNT_REFUNDED
from gateway import get_provider
from gateway.port import RefundReport, RefundState
from kit.errors import ConflictError
from kit.money import Money
from payouts.disputes.selectors import disputed_minor, has_undecided
from payouts.services.posting import post_refund

logger = logging.getLogger(__name__)


def add_refund(
    *,
    payment: Payment,
    amount_minor: int,
    currency: str,
    reason: str,
    now: datetime,
    part: SubOrder | None = None,
    reversal: Reversal | None = None,
) -> Refund:
    """Record that money of a payment is to be given back; the payment must be locked.

    A failed refund still counts: the money is owed, and it is sent again.

    Raises:
        RefundTooLargeError: it would be more than was captured.
    """
    gone = refunded_minor(payment_id=payment.pk) + disputed_minor(payment_id=payment.pk)
    if gone + amount_minor > (payment.captured_minor or 0):
        raise RefundTooLargeError
    refund: Refund = Refund.objects.create(
        payment=payment,
        goes_alone=not get_provider(payment.provider).capabilities.concurrent_refunds,
        sub_order=part,
        reversal=reversal,
        amount_minor=amount_minor,
        currency=currency,
        reason=reason[:200],
        created_at=now,
    )
    follow_refund(refund, now=now)
    return refund


def retry_refund(*, refund_id: UUID) -> Refund:
    """Send a refund again that failed or was refused.

    A try that had no effect is followed by one with a new key: a provider that is idempotent by key would answer the
    old one with the old failure. What the provider may still pay keeps its key, so that it is asked about and never
    sent beside.

    Raises:
        NotFoundError: there is no such refund.
        ConflictError: it is not one that can be sent again.
    """
    payment_id = payment_of_refund(refund_id=refund_id)
    with transaction.atomic():
        lock_payment(payment_id=payment_id)
        refund = next(refund for refund in lock_refunds(payment_id=payment_id) if refund.pk == refund_id)
        if refund.status not in STUCK_REFUNDS:
            raise ConflictError
        has_no_effect = refund.status == RefundStatus.FAILED or not refund.provider_id
        is_disputed = has_undecided(payment_ids=[payment_id])
        reset_for_resending(refund)
        refund.try_number += has_no_effect
        refund.note = WAITS_FOR_DISPUTE if is_disputed else gettext_noop("An operator has asked for it again.")
        refund.save()
    return refund


def settle_refund(*, payment_id: UUID, report: RefundReport, now: datetime) -> Refund | None:
    """Store the provider's report of a refund of ours; reports may arrive in any order.

    Only the current try settles a refund. An earlier try that succeeds after all is flagged for an operator. One that
    failed is set off where a lost dispute has taken its money, and is owed again where the provider has paid that too.

    Returns:
        The refund, or None where the report is about one that we did not ask for.
    """
    with transaction.atomic():
        payment = lock_payment(payment_id=payment_id)
        refund = next((r for r in lock_refunds(payment_id=payment_id) if report.key in r.keys), None)
        if refund is None:
            return None
        refund.payment = payment
        if refund.status == RefundStatus.SET_OFF:
            _book_second_payment(refund, report, now)
        elif refund.status != RefundStatus.PROCESSED:
            if is_about(report, refund):
                _apply(refund, report, now)
            elif is_earlier_try(report, refund):
                _stop(refund, EARLIER_TRY_ALIVE.written(state=report.state, id=report.provider_id))
            refund.checked_at = max(refund.checked_at or now, now)  # another worker may have asked since
            refund.save()
            if refund.status == RefundStatus.FAILED:
                set_off_uncovered_loss(refund, now=now)
    return refund


def is_about(report: RefundReport, refund: Refund) -> bool:
    """Return whether a report is about the current try of this refund."""
    return report.key == refund.key and refund.provider_id in {"", report.provider_id}


def is_earlier_try(report: RefundReport, refund: Refund) -> bool:
    """Return whether a report is about an earlier try of this refund that may have given the money back."""
    return report.key in refund.keys[:-1] and report.state != RefundState.FAILED


def stop_refund(*, refund: Refund, note: str) -> None:
    """Leave a refund under way to a person, unless it has been settled or tried again meanwhile."""
    with transaction.atomic():
        lock_payment(payment_id=refund.payment_id)
        locked = next(other for other in lock_refunds(payment_id=refund.payment_id) if other.pk == refund.pk)
        if locked.status == RefundStatus.SENT and locked.try_number == refund.try_number:
            _stop(locked, note)
            locked.save(update_fields=["status", "note"])


def _stop(refund: Refund, note: str) -> None:
    refund.status, refund.note = RefundStatus.NEEDS_ATTENTION, note[:200]
    logger.warning("Refund %s needs attention: %s", refund.pk, note)


def _book_second_payment(refund: Refund, report: RefundReport, now: datetime) -> None:
    """Book that the provider has paid a locked refund that a lost dispute had paid: the market bears the loss again."""
    if report.state != RefundState.PROCESSED:
        return
    logger.error("Refund %s was paid by the buyer's bank, and the provider has paid it too.", refund.pk)
    if report.currency == refund.currency and reopen_set_off(refund, amount_minor=report.amount_minor, now=now):
        _apply(refund, report, now)
        refund.checked_at = now
        refund.save()


def _apply(refund: Refund, report: RefundReport, now: datetime) -> None:
    refund.provider_id = report.provider_id
    if (report.amount_minor, report.currency) != (refund.sent_minor, refund.currency):
        said, asked = Money(report.amount_minor, report.currency), Money(refund.sent_minor, refund.currency)
        _stop(refund, OTHER_AMOUNT_REFUNDED.written(said=said, asked=asked))
        return
    match report.state:
        case RefundState.PROCESSED:
            refund.status, refund.ended_at, refund.note = RefundStatus.PROCESSED, now, ""
            end_return(refund, now=now)
            follow_refund(refund, now=now)
            post_refund(
                provider=refund.payment.provider,
                refund_id=refund.pk,
                amount_minor=refund.sent_minor,
                currency=refund.currency,
                occurred_at=min(report.processed_at or now, now),
                now=now,
            )
        case RefundState.FAILED:
            refund.status, refund.ended_at = RefundStatus.FAILED, now
            refund.note = report.message or gettext_noop("The provider could not give it back; it is still owed.")
        case RefundState.NEEDS_ATTENTION:
            refund.status = RefundStatus.NEEDS_ATTENTION
            refund.note = report.message or gettext_noop("The provider needs the buyer's bank details.")
