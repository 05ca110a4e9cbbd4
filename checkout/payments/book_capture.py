"""Booking money that a provider has received for us.

Money received is always booked. What pays for an order goes to its shops; what does not is owed back to
the buyer, and a refund is asked for in the same transaction.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from checkout.events import OrderPaid, PaymentReturning
from checkout.fulfilment.services import lock_vendor_orders, mark_paid, paying_reserved
from checkout.fulfilment.status import UNPAID, PartStatus
from checkout.models import Order, OrderStatus, Payment, PaymentStatus, SubOrder
from checkout.orders.payments import LockedPayment
from checkout.refunds.requests import add_refund
from gateway.port import Verification
from kit.db.pipeline import Query, as_json, written
from kit.money import format_minor
from kit.work import outbox
from payouts.services.posting import SaleShare, post_sale
from tenants.lifecycle import may_fulfil
from tenants.selectors import ShopFacts

logger = logging.getLogger(__name__)

WRITE = """
    WITH part AS (
        UPDATE public.checkout_suborder s SET status = w.status, status_at = $1
          FROM jsonb_to_recordset($2::jsonb) AS w(id uuid, status text)
         WHERE s.id = w.id
    ), whole AS (
        UPDATE public.checkout_order SET status = $4, paid_at = $5, ended_at = $6 WHERE id = $3
    )
    UPDATE public.checkout_payment
       SET status = $8, note = $9, captured_minor = $10, fees_minor = $11, provider_id = $12, channel = $13,
           captured_at = $14, checked_at = $1
     WHERE id = $7
"""
UNPAID_ORDER = frozenset({OrderStatus.PENDING, OrderStatus.EXPIRED})


@dataclass(slots=True)
class Capture:
    """A charge that the provider reports as paid; order and payment are locked."""

    locked: LockedPayment
    verification: Verification
    is_live: bool
    now: datetime
    shares: list[SaleShare] = field(default_factory=list)
    refundable_minor: int = 0
    writes: list[Query[None]] = field(default_factory=list)  # what goes to the database with the ledger's journal

    @property
    def payment(self) -> Payment:
        """The payment that was paid."""
        return self.locked.payment

    @property
    def order(self) -> Order:
        """The order that it was to pay."""
        return self.locked.order

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
    if problem := _mismatch(payment, paid):
        payment.status, payment.note = PaymentStatus.MISMATCHED, problem
        _give_back(capture, paid.amount_minor, problem)
    elif problem := _needs_no_money(capture):
        payment.status, payment.note = PaymentStatus.CAPTURED, problem
        _give_back(capture, paid.amount_minor, problem)
    else:
        payment.status, payment.note = PaymentStatus.CAPTURED, ""
        _pay_order(capture)
    capture.writes.append(_writing(capture))
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
    if order.status in UNPAID_ORDER and any(part.status in UNPAID for part in capture.locked.parts):
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
    pairs = _in_lock_order(capture.locked)
    paid = _mark_paid(capture, [pair for pair in pairs if may_fulfil(pair[1].status)])
    for part, shop in pairs:
        is_fulfilled = part.pk in paid
        if is_fulfilled:
            capture.shares.append(
                SaleShare(
                    shop_id=part.shop_id,
                    sub_order_id=part.pk,
                    payable_minor=part.total_minor - part.commission_minor,
                    commission_minor=part.commission_minor,
                )
            )
        else:
            why = "Sold out" if may_fulfil(shop.status) else "The shop closed"
            _give_back(capture, part.total_minor, f"{why} before the payment arrived.", part=part)
        part.status = PartStatus.NEW if is_fulfilled else PartStatus.UNFULFILLABLE
        part.status_at = now
    surplus = capture.verification.amount_minor - payment.amount_minor
    if surplus:
        payment.note = "More was paid than asked for; the rest goes back."
        _give_back(capture, surplus, "Paid beyond the order's total.")
    _advance_order(capture, is_any_fulfilled=bool(paid))


def _mark_paid(capture: Capture, pairs: Sequence[tuple[SubOrder, ShopFacts]]) -> set[UUID]:
    """Take the stock of parts off the shelves, shops in the order of their schemas; return those that have theirs.

    Where all of it is still reserved, that can't fail and goes along with what else is written.
    """
    orders = lock_vendor_orders([(shop.schema_name, part.pk) for part, shop in pairs])
    if all(order.is_reserved for order in orders):
        for order in orders:
            capture.writes += paying_reserved(order, now=capture.now)
        return {order.id for order in orders}
    return {
        part.pk
        for part, shop in pairs
        if mark_paid(schema_name=shop.schema_name, sub_order_id=part.pk, shop_id=shop.id, now=capture.now)
    }


def _advance_order(capture: Capture, *, is_any_fulfilled: bool) -> None:
    order, now = capture.order, capture.now
    if is_any_fulfilled:
        order.status, order.paid_at, order.ended_at = OrderStatus.PAID, capture.occurred_at, None
        capture.writes.append(outbox.emitting(OrderPaid(order.pk), now=now))
    else:
        capture.payment.note = "Nothing of the order could be had any more; all of it goes back."
        if order.status == OrderStatus.PENDING:
            order.status, order.ended_at = OrderStatus.CANCELLED, now


def _writing(capture: Capture) -> Query[None]:
    """Ask for what has become of the payment, the order and its parts to be written (docs/adr/0006)."""
    payment, order, parts = capture.payment, capture.order, capture.locked.parts
    changed = [{"id": str(part.pk), "status": str(part.status)} for part in parts if part.status_at == capture.now]
    params = [
        *(capture.now, as_json(changed)),
        *(order.pk, str(order.status), order.paid_at, order.ended_at),
        *(payment.pk, str(payment.status), payment.note, payment.captured_minor, payment.fees_minor),
        *(payment.provider_id, payment.channel, payment.captured_at),
    ]
    return Query(WRITE, params, written)


def _in_lock_order(locked: LockedPayment) -> list[tuple[SubOrder, ShopFacts]]:
    pairs = [(part, locked.shops[part.shop_id]) for part in locked.parts]
    return sorted(pairs, key=lambda pair: pair[1].schema_name)


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
    """Write everything and post the ledger, last of all in the lock order, in one round trip."""
    paid = capture.verification
    if capture.refundable_minor:
        returning = PaymentReturning(capture.payment.pk, capture.refundable_minor)
        capture.writes.append(outbox.emitting(returning, now=capture.now))
    post_sale(
        provider=capture.payment.provider,
        reference=capture.payment.reference,
        currency=paid.currency,
        captured_minor=paid.amount_minor,
        fees_minor=paid.fees_minor,
        shares=capture.shares,
        refundable_minor=capture.refundable_minor,
        occurred_at=capture.occurred_at,
        now=capture.now,
        after=capture.writes,
    )
