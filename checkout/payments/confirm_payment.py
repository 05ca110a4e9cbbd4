"""Finding out what became of a payment, and acting on it once."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from checkout.errors import UnknownPaymentError
from checkout.events import PaymentFailed
from checkout.models import Payment, PaymentStatus
from checkout.orders.payments import SETTLED, find_payment_and_shops, lock_order_and_payment
from checkout.payments.book_capture import Capture, book_capture
from gateway import get_provider
from gateway.port import ChargeStatus, Verification
from kit.db.retries import retrying_on_deadlock
from kit.work import outbox

logger = logging.getLogger(__name__)

# Nobody comes back to a payment page after a day; a late payment is still booked when it is heard of.
GIVEN_UP_AFTER = timedelta(days=1)


def confirm_payment(*, reference: str, now: datetime, provider: str = "") -> Payment:
    """Ask the provider about a payment of ours and act on what it says.

    Webhook, redirect and poller all end here; what they carry is only a hint. However often and from
    wherever it is called, money is booked once.

    Args:
        provider: the provider that spoke of it, where one did; it has no say in payments of another.

    Raises:
        UnknownPaymentError: the reference is not one of ours, or another provider's; nobody is asked.
        ProviderUnavailableError: the provider does not answer; nothing has changed.
        ProviderRefusedError: the provider does not talk to us, as with a wrong key.
    """
    found = find_payment_and_shops(reference=reference)
    if found is None:
        raise UnknownPaymentError
    payment, shop_ids = found
    if provider and payment.provider != provider:
        raise UnknownPaymentError
    if payment.status in SETTLED:
        return payment
    charged_by = get_provider(payment.provider)
    verification = charged_by.verify(payment.reference)
    is_live = charged_by.is_live
    return retrying_on_deadlock(
        lambda: _settle(payment, shop_ids, verification, is_live=is_live, now=now),
    )


def _settle(
    found: Payment, shop_ids: Collection[int], verification: Verification, *, is_live: bool, now: datetime
) -> Payment:
    """Lock in the global order, look again, then write (docs/locking.md)."""
    with transaction.atomic():
        locked = lock_order_and_payment(payment=found, shop_ids=shop_ids)
        payment = locked.payment
        if payment.status in SETTLED:
            return payment
        payment.checked_at = now
        if verification.status == ChargeStatus.SUCCESS:
            book_capture(Capture(locked=locked, verification=verification, is_live=is_live, now=now))
        else:
            was_failed = payment.status == PaymentStatus.FAILED
            _record_progress(payment, verification, now)
            payment.save(update_fields=["status", "note", "checked_at"])
            if payment.status == PaymentStatus.FAILED and not was_failed and locked.order.paid_at is None:
                outbox.emit(PaymentFailed(payment.pk), now=now)
    return payment


def _record_progress(payment: Payment, verification: Verification, now: datetime) -> None:
    is_old = now - payment.created_at > GIVEN_UP_AFTER
    match verification.status:
        case ChargeStatus.FAILED:
            payment.status, payment.note = PaymentStatus.FAILED, verification.message
        case ChargeStatus.REVERSED:
            payment.status = PaymentStatus.MISMATCHED
            payment.note = "The provider gave the money back itself before it was booked."
            logger.warning("Payment %s was reversed by the provider before it was booked.", payment.reference)
        case ChargeStatus.NOT_PAID | ChargeStatus.NOT_KNOWN if is_old:
            payment.status, payment.note = PaymentStatus.ABANDONED, "Nobody paid within a day."
        case ChargeStatus.PENDING:
            payment.note = "The provider is still working on it."
