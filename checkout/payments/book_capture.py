"""Booking a captured payment: stock, rows and the ledger's journal in one round trip.

What is to be written is decided before (`decide_capture`); a refund is asked for in the same transaction.
"""

import logging
from typing import Any

from checkout.coupons.claiming import release_uses
from checkout.events import OrderPaid, PaymentReturning
from checkout.exchanging.crediting import return_credits, use_credits
from checkout.models import OrderStatus
from checkout.payments.decide_capture import Capture, CaptureDecision, can_pay_order, decide_capture
from checkout.payments.take_stock import Taken, take_stock
from checkout.refunds.requests import add_refund
from kit.db.pipeline import Query, ask, ask_all
from kit.db.rows import update_query
from kit.work import outbox
from payouts.services.journals import Posting
from payouts.services.posting import prepare_sale

logger = logging.getLogger(__name__)


def book_capture(capture: Capture) -> None:
    """Take the stock of a captured payment, decide its outcome, and write it, in the global order of locks."""
    taken = take_stock(capture) if can_pay_order(capture) else Taken()
    decision = decide_capture(capture, obtained=taken.obtained, problems=taken.problems)
    _change_rows(capture, decision)
    if not decision.is_booked:
        logger.warning("Payment %s needs a look: %s", capture.locked.payment.reference, decision.note)
        ask(_payment_update(capture))
        return
    if decision.leaves_nothing and capture.has_discounts:
        release_uses(order_id=capture.locked.order.pk, now=capture.now)
    if capture.credit_minor and decision.part_statuses:
        _settle_credits(capture, is_paid=bool(decision.shares))
    _ask_for_refunds(capture, decision)
    posting = _posting(capture, decision)
    queries: list[Query[Any]] = [
        *taken.queries,
        *_updates(capture, decision),
        *_events(capture, decision),
        posting.query(),
    ]
    *_, posted = ask_all(queries)
    posting.finish(posted)


def _settle_credits(capture: Capture, *, is_paid: bool) -> None:
    """Write that the money of a return has paid for its exchange; if none is available it is refunded."""
    if is_paid:
        use_credits(capture.locked.order)
    else:
        return_credits(capture.locked.order, now=capture.now)


def _change_rows(capture: Capture, decision: CaptureDecision) -> None:
    """Give the payment, the order and its parts what was decided."""
    payment, order, verification = capture.locked.payment, capture.locked.order, capture.verification
    payment.status, payment.note, payment.checked_at = decision.payment_status, decision.note, capture.now
    payment.provider_id, payment.channel = verification.provider_id, verification.channel
    if decision.is_booked:
        payment.captured_minor, payment.fees_minor = verification.amount_minor, verification.fees_minor
        payment.captured_at = capture.paid_at
    if decision.order_status == OrderStatus.PAID:
        order.status, order.paid_at, order.ended_at = OrderStatus.PAID, capture.paid_at, None
    elif decision.order_status is not None:
        order.status, order.ended_at = decision.order_status, capture.now
    for part in capture.locked.parts:
        if part.pk in decision.part_statuses:
            part.status, part.status_at = decision.part_statuses[part.pk], capture.now


def _updates(capture: Capture, decision: CaptureDecision) -> list[Query[None]]:
    """Return the queries that write the changed rows, one table each."""
    order, parts = capture.locked.order, capture.locked.parts
    queries = [update_query(part, "status", "status_at") for part in parts if part.pk in decision.part_statuses]
    if decision.order_status is not None:
        queries.append(update_query(order, "status", "paid_at", "ended_at"))
    return [*queries, _payment_update(capture)]


def _payment_update(capture: Capture) -> Query[None]:
    captured = ("captured_minor", "fees_minor", "captured_at", "provider_id", "channel")
    return update_query(capture.locked.payment, "status", "note", "checked_at", *captured)


def _ask_for_refunds(capture: Capture, decision: CaptureDecision) -> None:
    for refund in decision.refunds:
        add_refund(
            payment=capture.locked.payment,
            amount_minor=refund.amount_minor,
            currency=capture.verification.currency,
            reason=refund.reason,
            part=refund.part,
            now=capture.now,
        )


def _events(capture: Capture, decision: CaptureDecision) -> list[Query[None]]:
    events: list[OrderPaid | PaymentReturning] = []
    if decision.order_status == OrderStatus.PAID:
        events.append(OrderPaid(capture.locked.order.pk))
    if decision.refunds:
        events.append(PaymentReturning(capture.locked.payment.pk, decision.refundable_minor))
    return [outbox.emit_query(event, now=capture.now) for event in events]


def _posting(capture: Capture, decision: CaptureDecision) -> Posting:
    verification = capture.verification
    return prepare_sale(
        provider=capture.locked.payment.provider,
        reference=capture.locked.payment.reference,
        currency=verification.currency,
        captured_minor=verification.amount_minor,
        fees_minor=verification.fees_minor,
        shares=decision.shares,
        refundable_minor=decision.refundable_minor,
        credit_minor=capture.credit_minor if decision.shares else 0,
        occurred_at=capture.paid_at,
        now=capture.now,
    )
