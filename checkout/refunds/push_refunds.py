"""Sending refunds to the provider, one under way for each payment, none of them twice."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from checkout.errors import UnknownPaymentError
from checkout.models import Refund, RefundStatus
from checkout.orders.payments import (
    due_refunds,
    find_payment,
    find_refunded_payment,
    lock_payment,
    lock_refunds,
    open_refund,
    refunds_of,
)
from checkout.refunds.requests import is_about, settle_refund
from gateway import get_provider
from gateway.errors import ProviderRefusedError, ProviderUnavailableError
from gateway.guard import refuse_inside_transaction
from gateway.port import RefundReport, RefundRequest

logger = logging.getLogger(__name__)

BATCH = 20
# The provider's clock may differ from ours; what is listed too much is told apart by its key.
CLOCK_MARGIN = timedelta(days=1)
# How long whoever took a refund has for it before another may ask.
LEASE = timedelta(minutes=2)


def push_open_refunds(*, now: datetime) -> int:
    """Send the refunds that wait and ask about those under way; return how many payments were seen to."""
    done = 0
    for payment_id in due_refunds(now=now, limit=BATCH):
        try:
            push_refund(payment_id=payment_id, now=now)
        except ProviderUnavailableError as error:
            logger.warning("Refunds wait: %s", error)
            break
        except ProviderRefusedError as error:
            logger.warning("Refunds of payment %s can't be listed: %s", payment_id, error)
        except Exception:
            logger.exception("Refunds of payment %s could not be sent; they will be tried again.", payment_id)
        else:
            done += 1
    return done


def push_refund(*, payment_id: UUID, now: datetime) -> Refund | None:
    """Send the next refund of a payment, or ask about the one under way.

    There is no idempotency key for refunds: our id travels as the merchant's note, and the provider's list
    is read before anything is sent. A refund is marked as sent before it is, so that a lost answer is asked
    about and not simply sent again.

    Raises:
        ProviderUnavailableError: the outcome is unknown; it is asked about later.
    """
    refuse_inside_transaction()
    refund = _take_next(payment_id, now)
    if refund is None:
        return None
    reports = _list_reports(refund)
    for report in reports:
        settle_refund(payment_id=payment_id, report=report, now=now)
    if refund.provider_id or any(is_about(report, refund) for report in reports):
        return Refund.objects.get(pk=refund.pk)
    return _send(refund, now)


def refresh_refunds(*, provider: str, reference: str, refund_key: str, now: datetime) -> list[Refund]:
    """Ask a provider about all refunds of a payment; its events are only a hint to do so.

    Args:
        provider: whose event it is; it has no say in payments of another.
        reference: the payment's, where the event names it; else `refund_key` leads to the payment.

    Raises:
        UnknownPaymentError: neither is one of ours, or it is another provider's.
        ProviderUnavailableError: the provider does not answer; nothing has changed.
    """
    payment = find_payment(reference=reference) or find_refunded_payment(refund_key=refund_key)
    if payment is None or payment.provider != provider:
        raise UnknownPaymentError
    refunds = [refund for refund in refunds_of(payment_id=payment.pk) if refund.status != RefundStatus.REQUESTED]
    if refunds and payment.provider_id:
        for report in _list_reports(refunds[0]):
            settle_refund(payment_id=payment.pk, report=report, now=now)
    return refunds_of(payment_id=payment.pk)


def _take_next(payment_id: UUID, now: datetime) -> Refund | None:
    """Choose a refund and mark it as under way; whoever comes at the same time finds it taken."""
    with transaction.atomic():
        payment = lock_payment(payment_id=payment_id)
        refund = open_refund(lock_refunds(payment_id=payment_id))
        if refund is None or (refund.status == RefundStatus.SENT and _is_taken(refund, now)):
            return None
        if refund.status == RefundStatus.REQUESTED:
            refund.status, refund.sent_at = RefundStatus.SENT, now
        refund.checked_at = now
        refund.save(update_fields=["status", "sent_at", "checked_at"])
        refund.payment = payment
    return refund


def _is_taken(refund: Refund, now: datetime) -> bool:
    return refund.checked_at is not None and now - refund.checked_at < LEASE


def _list_reports(refund: Refund) -> list[RefundReport]:
    payment = refund.payment
    provider = get_provider(payment.provider)
    return list(provider.find_refunds(charge_id=payment.provider_id, since=refund.created_at - CLOCK_MARGIN))


def _send(refund: Refund, now: datetime) -> Refund | None:
    request = RefundRequest(
        key=str(refund.pk),
        charge_reference=refund.payment.reference,
        amount_minor=refund.amount_minor,
        currency=refund.currency,
        reason=refund.reason,
    )
    try:
        report = get_provider(refund.payment.provider).refund(request)
    except ProviderRefusedError as refusal:
        return _record_refusal(refund, refusal)
    return settle_refund(payment_id=refund.payment_id, report=report, now=now)


def _record_refusal(refund: Refund, refusal: ProviderRefusedError) -> Refund:
    logger.warning("Refund %s was refused: %s", refund.pk, refusal)
    with transaction.atomic():
        lock_payment(payment_id=refund.payment_id)
        locked = next(other for other in lock_refunds(payment_id=refund.payment_id) if other.pk == refund.pk)
        if locked.status == RefundStatus.SENT:
            locked.status, locked.note = RefundStatus.NEEDS_ATTENTION, str(refusal)[:200]
            locked.save(update_fields=["status", "note"])
    return locked
