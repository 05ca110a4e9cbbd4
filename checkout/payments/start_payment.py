"""Giving a buyer a page to pay at."""

import logging
from datetime import datetime
from functools import cache
from operator import itemgetter
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from checkout.errors import OrderNotPayableError, PaymentProviderUnavailableError, PaymentRefusedError
from checkout.models import FIRST_ASKED_AFTER, Order, OrderStatus, Payment, PaymentStatus
from checkout.moves.facts import OrderFacts
from checkout.moves.judging import check_order_move
from checkout.moves.move import Side
from checkout.orders.payments import SETTLED, lock_payment, lock_payments
from checkout.orders.reservations import restore_reservation
from checkout.orders.selectors import lock_order
from checkout.payments.confirm_payment import confirm_payment
from gateway import get_provider, provider_for
from gateway.errors import DuplicateReferenceError, ProviderRefusedError, ProviderUnavailableError
from gateway.guard import refuse_inside_transaction
from gateway.port import ChargeRequest
from kit.db.pipeline import Query, ask
from kit.web.hosts import platform_url

logger = logging.getLogger(__name__)

# One statement, which takes the row's lock by itself. An attempt that was given up meanwhile is open after all; one
# that was settled stays settled. Its commit does not wait for the disk: a machine that fails within the next moment
# loses what it would have lost by failing a moment before, an address that the provider keeps (docs/adr/0069).
STORE_PAGE = """
    UPDATE public.checkout_payment
       SET payment_url = $1,
           note = CASE WHEN status IN ('created', 'abandoned') THEN '' ELSE note END,
           status = CASE WHEN status IN ('created', 'abandoned') THEN 'open' ELSE status END
     WHERE id = $2 AND set_config('synchronous_commit', 'off', true) = 'off'
 RETURNING payment_url, status, note
"""
LINK_LOST = gettext_noop("Its page was lost; another attempt took its place.")


def start_payment(*, order_id: UUID, now: datetime) -> Payment:
    """Return an open payment of a pending order; ask the provider for a page where there is none yet.

    An attempt whose outcome is unknown is tried again with the same reference. The reference is committed before it is
    sent to the provider, so that each payment can be matched to its order.

    Raises:
        OrderNotPayableError: the order is paid, expired or cancelled.
        PaymentProviderUnavailableError: no answer; the order is kept and can be paid later.
        PaymentRefusedError: the provider did not take the payment; the next attempt gets a new reference.
    """
    refuse_inside_transaction()
    payment = _choose_attempt(order_id, now)
    if not payment.payment_url:
        payment = _ask(payment, now)
        restore_reservation(order_id=order_id, now=now)
    return payment


def open_first_page(*, payment: Payment, order: Order, now: datetime) -> Payment:
    """Ask for the page of the payment that was committed with its order a moment ago.

    Raises:
        as `start_payment`.
    """
    refuse_inside_transaction()
    payment.order = order
    return _ask(payment, now)


def _ask(payment: Payment, now: datetime) -> Payment:
    try:
        return _open_page(payment)
    except DuplicateReferenceError:
        # An earlier call with this reference had its effect, and its answer was lost.
        return _after_lost_answer(payment, now)
    except ProviderRefusedError as refusal:
        raise _refused(payment, refusal) from refusal


def _choose_attempt(order_id: UUID, now: datetime) -> Payment:
    with transaction.atomic():
        order = lock_order(order_id=order_id)
        attempts = lock_payments(order_id=order_id)
        _check_payable(order, now)
        for status in (PaymentStatus.OPEN, PaymentStatus.CREATED):
            for attempt in reversed(attempts):
                if attempt.status == status:
                    return attempt
        return _new_attempt(order, now)


def _check_payable(order: Order, now: datetime) -> None:
    if order.status in {OrderStatus.PAID, OrderStatus.COMPLETED}:
        raise OrderNotPayableError(gettext("This order is paid already."))
    check_order_move(OrderFacts.of(order, ()), "pay", by=Side.BUYER, now=now)


def _new_attempt(order: Order, now: datetime) -> Payment:
    provider = provider_for(currency=order.currency)
    return Payment.objects.create(
        order=order,
        provider=provider,
        reference=get_provider(provider).references.new(),
        amount_minor=order.due_minor,
        currency=order.currency,
        created_at=now,
        due_at=now + FIRST_ASKED_AFTER,
    )


def _open_page(payment: Payment) -> Payment:
    """Ask the provider for a page and keep its address."""
    order = payment.order
    request = ChargeRequest(
        reference=payment.reference,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        email=order.email,
        callback_url=_return_address(payment),
        metadata={"order": order.number},
    )
    try:
        page = get_provider(payment.provider).initialise(request)
    except ProviderUnavailableError as error:
        logger.warning("No payment page for %s yet: %s", payment.reference, error)
        raise PaymentProviderUnavailableError from error
    except ProviderRefusedError as refusal:
        if not refusal.is_about_our_key:
            raise
        logger.exception("The provider %s takes no payment with our key.", payment.provider)
        raise PaymentProviderUnavailableError from refusal
    payment.payment_url, payment.status, payment.note = ask(Query(STORE_PAGE, [page.url, payment.pk], itemgetter(0)))
    return payment


def _return_address(payment: Payment) -> str:
    """Return the address to which the provider sends the buyer back; it names the payment."""
    return platform_url(f"{_return_path()}{payment.reference}/")


@cache
def _return_path() -> str:
    """Return the path below which each reference has a page of its own; reversing one for each order costs 26 µs."""
    return reverse("checkout:payment-return-query", urlconf=settings.PUBLIC_SCHEMA_URLCONF)


def _after_lost_answer(payment: Payment, now: datetime) -> Payment:
    """Return the payment where the provider knows the reference and we do not know its page."""
    try:
        current = confirm_payment(reference=payment.reference, now=now)
    except (ProviderUnavailableError, ProviderRefusedError) as error:
        raise PaymentProviderUnavailableError from error
    if current.payment_url:
        return current
    if current.status == PaymentStatus.CAPTURED:
        raise OrderNotPayableError(gettext("This order is paid already."))
    with transaction.atomic():
        order = lock_order(order_id=payment.order_id)
        _check_payable(order, now)
        lost = lock_payment(payment_id=payment.pk)
        if lost.status not in SETTLED:
            lost.status, lost.note = PaymentStatus.ABANDONED, LINK_LOST
            lost.save(update_fields=["status", "note"])
        fresh = _new_attempt(order, now)
    try:
        return _open_page(fresh)
    except ProviderRefusedError as refusal:
        raise _refused(fresh, refusal) from refusal


def _refused(payment: Payment, refusal: ProviderRefusedError) -> PaymentRefusedError:
    """Give up an attempt that the provider does not take: its reference has no effect there."""
    logger.warning("The provider refused payment %s: %s", payment.reference, refusal)
    with transaction.atomic():
        attempt = lock_payment(payment_id=payment.pk)
        if attempt.status == PaymentStatus.CREATED:
            attempt.status, attempt.note = PaymentStatus.FAILED, str(refusal)[:200]
            attempt.save(update_fields=["status", "note"])
    return PaymentRefusedError()
