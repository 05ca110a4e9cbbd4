"""Confirmation of a payment with its provider, applied once."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop

from checkout.errors import UnknownPaymentError
from checkout.events import PaymentFailed
from checkout.models import Payment, PaymentStatus
from checkout.orders.payments import (
    LockedPayment,
    find_payment_and_shops,
    lock_order_and_payment,
    lock_payment,
)
from checkout.payments.book_capture import book_capture
from checkout.payments.decide_capture import Capture
from checkout.stored_sentences import ANSWER_UNREADABLE
from gateway import get_provider
from gateway.errors import UnreadableAnswerError
from gateway.port import ChargeStatus, Verification
from kit.db.retries import retrying_on_deadlock
from kit.work import outbox

logger = logging.getLogger(__name__)

# Buyers do not return to a payment page after a day; a late payment is still booked when it is reported.
GIVEN_UP_AFTER = timedelta(days=1)
IN_PROGRESS = gettext_noop("The provider is still working on it.")
GIVEN_BACK_BY_PROVIDER = gettext_noop("The provider gave the money back itself before it was booked.")


@dataclass(frozen=True, slots=True)
class Answered:
    """A payment, and the provider's answer about its charge; `charge` is None where it was not asked."""

    payment: Payment
    charge: ChargeStatus | None


def confirm_payment(*, reference: str, now: datetime, provider: str = "") -> Payment:
    """Ask the provider about a payment of ours and apply its answer.

    Webhook, redirect and poller all end here; what they carry is only a hint. However often and from wherever it is
    called, money is booked once. A payment for which nothing was booked, as one that was not ours when the provider was
    last asked, is asked about again.

    Args:
        provider: the provider whose event named it, if any; payments of another provider are refused.

    Raises:
        as `look_up_charge`.
    """
    return look_up_charge(reference=reference, now=now, provider=provider).payment


def look_up_charge(*, reference: str, now: datetime, provider: str = "") -> Answered:
    """Confirm a payment as `confirm_payment` does, and return the provider's answer too.

    Raises:
        UnknownPaymentError: the reference is not ours, or belongs to another provider; no provider is asked.
        ProviderUnavailableError: the provider does not answer; nothing has changed. Where it answers with something
            that cannot be read, a person is shown the payment, and it is asked about again.
        ProviderRefusedError: the provider does not talk to us, as with a wrong key.
    """
    found = find_payment_and_shops(reference=reference)
    if found is None:
        raise UnknownPaymentError
    payment, shop_ids = found
    if provider and payment.provider != provider:
        raise UnknownPaymentError
    if payment.is_booked:
        return Answered(payment, None)
    adapter = get_provider(payment.provider)
    try:
        verification = adapter.verify(payment.reference)
    except UnreadableAnswerError as error:
        _leave_to_a_person(payment, ANSWER_UNREADABLE.written(error=error))
        raise
    settled = retrying_on_deadlock(lambda: _settle(payment, shop_ids, verification, is_live=adapter.is_live, now=now))
    return Answered(settled, verification.status)


def _leave_to_a_person(payment: Payment, note: str) -> None:
    """List a payment with an unreadable answer for operators; the provider is asked about it again."""
    with transaction.atomic():
        locked = lock_payment(payment_id=payment.pk)
        if not locked.is_booked:
            locked.status, locked.note = PaymentStatus.MISMATCHED, note
            locked.save(update_fields=["status", "note"])


def _settle(
    payment: Payment, shop_ids: Collection[int], verification: Verification, *, is_live: bool, now: datetime
) -> Payment:
    """Lock in the global order, look again, then write (docs/locking.md)."""
    with transaction.atomic():
        locked = lock_order_and_payment(payment=payment, shop_ids=shop_ids)
        if locked.payment.is_booked:
            return locked.payment
        if verification.status == ChargeStatus.SUCCESS:
            book_capture(Capture(locked, verification, is_live, now))
        else:
            _record_progress(locked, verification, now)
    return locked.payment


def _record_progress(locked: LockedPayment, verification: Verification, now: datetime) -> None:
    """Store the status of a charge that is not paid, and emit an event for one that has failed."""
    payment, was_failed = locked.payment, locked.payment.status == PaymentStatus.FAILED
    payment.status, payment.note = _progress(payment, verification, now)
    payment.checked_at = now
    payment.save(update_fields=["status", "note", "checked_at"])
    if payment.status == PaymentStatus.FAILED and not was_failed and locked.order.paid_at is None:
        outbox.emit(PaymentFailed(payment.pk), now=now)


def _progress(payment: Payment, verification: Verification, now: datetime) -> tuple[str, str]:
    is_old = now - payment.created_at > GIVEN_UP_AFTER
    match verification.status:
        case ChargeStatus.REVERSED:
            logger.warning("Payment %s was reversed by the provider before it was booked.", payment.reference)
            return PaymentStatus.MISMATCHED, GIVEN_BACK_BY_PROVIDER
        case _ if payment.status == PaymentStatus.MISMATCHED and not ANSWER_UNREADABLE.begins(payment.note):
            return payment.status, payment.note  # a person has to see what was said before
        case ChargeStatus.FAILED:
            return PaymentStatus.FAILED, verification.message
        case ChargeStatus.NOT_PAID | ChargeStatus.NOT_KNOWN if is_old:
            return PaymentStatus.ABANDONED, gettext_noop("Not paid within a day.")
        case ChargeStatus.PENDING:
            return _open_status(payment), IN_PROGRESS
    is_over = payment.note.startswith(IN_PROGRESS) or ANSWER_UNREADABLE.begins(payment.note)
    return _open_status(payment), "" if is_over else payment.note


def _open_status(payment: Payment) -> str:
    """Return the open status of a payment whose provider answers readably again."""
    if payment.status != PaymentStatus.MISMATCHED:
        return payment.status
    return PaymentStatus.OPEN if payment.payment_url else PaymentStatus.CREATED
