"""Booking money that a provider has received for us.

Money received is always booked. What pays for an order goes to its shops; what does not is owed back to
the buyer, and a refund is asked for in the same transaction.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from checkout.fulfilment.services import mark_paid
from checkout.models import Order, OrderStatus, Payment, PaymentStatus, SubOrder, SubOrderStatus
from checkout.selectors.payments import parts_of_locked
from checkout.services.payments.refunds import add_refund
from gateway.port import Verification
from kit import outbox
from kit.money import format_minor
from kit.sql import execute
from payouts.services.posting import SaleShare, post_sale
from tenants.lifecycle import may_fulfil
from tenants.selectors import ShopFacts, shop_facts

logger = logging.getLogger(__name__)

WRITE = """
    WITH part AS (
        UPDATE public.checkout_suborder s SET status = w.status, status_at = %(now)s
          FROM unnest(%(parts)s::uuid[], %(part_statuses)s::text[]) AS w(id, status)
         WHERE s.id = w.id
    ), whole AS (
        UPDATE public.checkout_order
           SET status = %(order_status)s, paid_at = %(paid_at)s, ended_at = %(ended_at)s
         WHERE id = %(order)s
    )
    UPDATE public.checkout_payment
       SET status = %(status)s, note = %(note)s, captured_minor = %(captured_minor)s, fees_minor = %(fees_minor)s,
           provider_id = %(provider_id)s, channel = %(channel)s, captured_at = %(captured_at)s, checked_at = %(now)s
     WHERE id = %(payment)s
"""
UNPAID = frozenset({OrderStatus.PENDING, OrderStatus.EXPIRED})
UNPAID_PARTS = frozenset({SubOrderStatus.PENDING, SubOrderStatus.EXPIRED})


@dataclass(slots=True)
class Capture:
    """A charge that the provider reports as paid; order and payment are locked."""

    payment: Payment
    order: Order
    verification: Verification
    is_live: bool
    now: datetime
    parts: list[SubOrder] = field(default_factory=list)
    shares: list[SaleShare] = field(default_factory=list)
    refundable_minor: int = 0

    @property
    def occurred_at(self) -> datetime:
        """When it was paid: the provider's time, unless its clock runs ahead of ours."""
        return min(self.verification.paid_at or self.now, self.now)


def book_capture(capture: Capture) -> None:
    """Compare what was paid with what was asked for, and book it."""
    payment, paid = capture.payment, capture.verification
    payment.provider_id, payment.channel = paid.provider_id, paid.channel
    if paid.is_live != capture.is_live or paid.amount_minor <= 0:
        _set_aside(capture, "Not our money: paid in another mode, live or test, or nothing was paid.")
        return
    payment.captured_minor, payment.fees_minor = paid.amount_minor, paid.fees_minor
    payment.captured_at = capture.occurred_at
    capture.parts = parts_of_locked(capture.order)
    if problem := _mismatch(payment, paid):
        payment.status, payment.note = PaymentStatus.MISMATCHED, problem
        _give_back(capture, paid.amount_minor, problem)
    elif problem := _needs_no_money(capture):
        payment.status, payment.note = PaymentStatus.CAPTURED, problem
        _give_back(capture, paid.amount_minor, problem)
    else:
        payment.status, payment.note = PaymentStatus.CAPTURED, ""
        _pay_order(capture)
    _write(capture)
    _post(capture)


def _mismatch(payment: Payment, paid: Verification) -> str:
    if paid.currency != payment.currency:
        return f"Paid in {paid.currency} instead of {payment.currency}."
    if paid.amount_minor < payment.amount_minor:
        wanted, got = (format_minor(amount, payment.currency) for amount in (payment.amount_minor, paid.amount_minor))
        return f"Too little: {got} instead of {wanted}."
    return ""


def _needs_no_money(capture: Capture) -> str:
    """Say why an order can't take money, if it can't."""
    order = capture.order
    if order.status in UNPAID and any(part.status in UNPAID_PARTS for part in capture.parts):
        return ""
    if order.status in {OrderStatus.PAID, OrderStatus.COMPLETED}:
        return "The order was paid already."
    return "The order had ended already."


def _set_aside(capture: Capture, note: str) -> None:
    """Keep a report that is not about money of ours for a person to look at; nothing is booked."""
    capture.payment.status, capture.payment.note = PaymentStatus.MISMATCHED, note
    capture.payment.save()
    logger.warning("Payment %s needs a look: %s", capture.payment.reference, note)


def _pay_order(capture: Capture) -> None:
    payment, now = capture.payment, capture.now
    is_any_fulfilled = False
    for part, shop in _in_lock_order(capture.parts):
        is_there = may_fulfil(shop.status)
        is_fulfilled = is_there and mark_paid(
            schema_name=shop.schema_name, sub_order_id=part.pk, shop_id=part.shop_id, now=now
        )
        if is_fulfilled:
            is_any_fulfilled = True
            capture.shares.append(
                SaleShare(
                    shop_id=part.shop_id,
                    sub_order_id=part.pk,
                    payable_minor=part.total_minor - part.commission_minor,
                    commission_minor=part.commission_minor,
                )
            )
        else:
            why = "Sold out" if is_there else "The shop closed"
            _give_back(capture, part.total_minor, f"{why} before the payment arrived.", part=part)
        part.status = SubOrderStatus.NEW if is_fulfilled else SubOrderStatus.UNFULFILLABLE
        part.status_at = now
    surplus = capture.verification.amount_minor - payment.amount_minor
    if surplus:
        payment.note = "More was paid than asked for; the rest goes back."
        _give_back(capture, surplus, "Paid beyond the order's total.")
    _advance_order(capture, is_any_fulfilled=is_any_fulfilled)


def _advance_order(capture: Capture, *, is_any_fulfilled: bool) -> None:
    order, now = capture.order, capture.now
    if is_any_fulfilled:
        order.status, order.paid_at, order.ended_at = OrderStatus.PAID, capture.occurred_at, None
        outbox.emit(topic="order.paid", payload={"order_id": str(order.pk)}, now=now)
    else:
        capture.payment.note = "Nothing of the order could be had any more; all of it goes back."
        if order.status == OrderStatus.PENDING:
            order.status, order.ended_at = OrderStatus.CANCELLED, now


def _write(capture: Capture) -> None:
    """Write what has become of the payment, the order and its parts, in one statement (docs/adr/0006)."""
    payment, order = capture.payment, capture.order
    changed = [part for part in capture.parts if part.status_at == capture.now]
    execute(
        WRITE,
        {
            "payment": payment.pk,
            "status": str(payment.status),
            "note": payment.note,
            "captured_minor": payment.captured_minor,
            "fees_minor": payment.fees_minor,
            "provider_id": payment.provider_id,
            "channel": payment.channel,
            "captured_at": payment.captured_at,
            "order": order.pk,
            "order_status": str(order.status),
            "paid_at": order.paid_at,
            "ended_at": order.ended_at,
            "parts": [part.pk for part in changed],
            "part_statuses": [str(part.status) for part in changed],
            "now": capture.now,
        },
    )


def _in_lock_order(parts: Sequence[SubOrder]) -> list[tuple[SubOrder, ShopFacts]]:
    facts = shop_facts({part.shop_id for part in parts})
    return sorted(((part, facts[part.shop_id]) for part in parts), key=lambda pair: pair[1].schema_name)


def _give_back(capture: Capture, amount_minor: int, reason: str, *, part: SubOrder | None = None) -> None:
    capture.refundable_minor += amount_minor
    add_refund(
        payment=capture.payment,
        amount_minor=amount_minor,
        currency=capture.verification.currency,
        reason=reason,
        part=part,
        now=capture.now,
    )


def _post(capture: Capture) -> None:
    """Post the ledger, last of all in the lock order, and tell what follows from it."""
    paid = capture.verification
    post_sale(
        reference=capture.payment.reference,
        currency=paid.currency,
        captured_minor=paid.amount_minor,
        fees_minor=paid.fees_minor,
        shares=capture.shares,
        refundable_minor=capture.refundable_minor,
        occurred_at=capture.occurred_at,
        now=capture.now,
    )
    if capture.refundable_minor:
        payload = {"payment_id": str(capture.payment.pk), "amount_minor": capture.refundable_minor}
        outbox.emit(topic="payment.returning", payload=payload, now=capture.now)
