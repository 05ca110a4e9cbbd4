"""What must hold after a history: of its goods, its orders and all books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django_tenants.utils import schema_context

from catalogue.models import StockMovement
from checkout.fulfilment.status import SOLD
from checkout.models import (
    OrderStatus,
    Refund,
    RefundStatus,
    ReturnStatus,
    Reversal,
    ReversalKind,
    ReversedBy,
    SubOrder,
)
from checkout.orders.refunded_amounts import money_back_of
from checkout.payments.confirm_payment import confirm_payment
from checkout.refunds.requests import retry_refund
from checkout.returning.moves import Move
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.choosing import units_left, units_paid
from checkout.reversals.refund_part import PartRefund, may_refund, refund_part
from checkout.reversals.reverse import Actor
from payouts.audit.run import run_audit
from tests.checkout.histories.actions import run_tasks
from tests.checkout.histories.giving_back import BROKEN, delivery_left
from tests.checkout.histories.market import ON_HAND, History

MOST_ROUNDS = 200  # the provider takes one refund of a payment at a time


def settle(history: History) -> None:
    """Let everything that is under way come to its end: the provider is well again, and time passes."""
    history.paystack.call("DELETE", "/sandbox/faults")
    for payment in history.payments:  # the provider's event of a payment that was made late arrives
        confirm_payment(reference=payment.reference, now=history.now)
    for _ in range(MOST_ROUNDS):
        history.later(hours=7)
        run_tasks(now=history.now)
        theirs = Refund.objects.filter(payment__order__email__endswith=history.domain)
        for refund in theirs.filter(status__in=[RefundStatus.FAILED, RefundStatus.NEEDS_ATTENTION]):
            retry_refund(refund_id=refund.pk)
        waiting = theirs.exclude(status=RefundStatus.PROCESSED).exists()
        if not waiting and not any(order.status == OrderStatus.PENDING for order in history.orders):
            return
    pending = [order.number for order in history.orders if order.status == OrderStatus.PENDING]
    refunds = theirs.exclude(status=RefundStatus.PROCESSED).values_list("pk", "amount_minor", "status", "note")
    raise AssertionError(f"Something is still under way: {pending} {list(refunds)}")


def faults(history: History) -> list[str]:
    """Return what does not hold after everything has come to its end."""
    return [*_faults_of_stock(history), *_faults_of_refunds(history), *_findings(history)]


def give_everything_back(history: History) -> None:
    """Cancel all that has not left, and give the money of the rest back: of each line a unit, then all of the part."""
    for part in history.parts:
        for variant_id in units_left(part):
            _cancel(part, {variant_id: 1}, history)
        if rest := units_left(_fresh(part)):
            _cancel(part, rest, history)
        for variant_id in units_paid(_fresh(part)):
            _refund(part, history, units={variant_id: 1})
        now = _fresh(part)
        if may_refund(now) and (units_paid(now) or delivery_left(now)):
            _refund(part, history, units=units_paid(now), delivery_minor=delivery_left(now))
        now = _fresh(part)
        if may_refund(now):
            _refund(part, history, goodwill_minor=now.kept_minor)


def faults_when_all_is_back(history: History) -> list[str]:
    """Return the paid parts that did not end at exactly what was paid."""
    return [
        f"{part.number} gave back {part.refunded_minor} of {part.total_minor}; the market keeps {commission}"
        for part in history.parts
        if part.status in SOLD or part.reversals.exists()
        if (commission := part.kept_commission_minor + part.kept_commission_tax_minor)
        or part.refunded_minor != part.total_minor
    ]


def _fresh(part: SubOrder) -> SubOrder:
    return SubOrder.objects.select_related("shop").get(pk=part.pk)


def _refund(part: SubOrder, history: History, **asked: Any) -> None:
    refund_part(PartRefund(part, Actor(ReversedBy.OPERATOR), "All back", **asked), now=history.now)


def _cancel(part: SubOrder, units: Mapping[UUID, int], history: History) -> None:
    wish = Cancellation(part.order_id, {part.pk: units}, Actor(ReversedBy.OPERATOR), "All back")
    cancel_units(wish, now=history.now)


def _faults_of_stock(history: History) -> Iterator[str]:
    """Compare the shelves with the orders, and with the movements."""
    gone: Counter[UUID] = Counter()
    for part in history.parts:
        reversals = list(Reversal.objects.filter(sub_order=part))
        if part.status in SOLD or reversals:
            gone.update({UUID(line["variant_id"]): line["quantity"] for line in part.lines})
        gone.subtract(_back_on_the_shelf(part, reversals))
    for item, at_first in zip(history.goods + history.others, ON_HAND * 2, strict=True):
        with schema_context(item.shop.schema_name):
            moved = sum(StockMovement.objects.filter(variant_id=item.variant_id).values_list("quantity", flat=True))
        on_hand, reserved = item.level()
        expected = at_first - gone[item.variant_id]
        if (on_hand, reserved) != (expected, 0) or moved != on_hand:
            yield f"{item.shop.slug}: {on_hand} on hand, {reserved} reserved, {moved} moved; sold leave {expected}"


def _back_on_the_shelf(part: SubOrder, reversals: Iterable[Reversal]) -> Counter[UUID]:
    """Count the units of a part that are on the shelf again: cancelled, or sent back whole."""
    back: Counter[UUID] = Counter()
    for reversal in reversals:
        if reversal.kind == ReversalKind.CANCELLATION and reversal.reason != BROKEN:
            back.update({UUID(key): count for key, count in reversal.lines.items()})
    for returned in part.returns.exclude(reversal=None):
        moves = [step["move"] for step in returned.steps]
        before = returned.steps[moves.index(Move.RECEIVE) - 1]
        if before["status"] != ReturnStatus.ESCALATED:  # else they stay with the buyer
            back.update({UUID(key): count for key, count in returned.lines.items()})
            back.subtract({UUID(key): count for key, count in returned.written_off.items()})
    return back


def _faults_of_refunds(history: History) -> Iterator[str]:
    """Compare what each order has received, what it keeps, and what went back."""
    for order in history.orders:
        parts = list(order.sub_orders.all())
        money = money_back_of(order_id=order.pk)
        captured = money.paid_minor + money.credit_minor
        back = money.exchanged_minor + money.returning_minor + money.returned_minor
        kept = sum(part.total_minor - part.refunded_minor for part in parts if part.status in SOLD)
        if captured - back != kept:
            yield f"{order.number} received {captured}, gave back {back}, and keeps {kept}"
        for part in parts:
            is_all_back = part.reversals.exists() and not any(line["left"] for line in part.counted_lines)
            if is_all_back and part.refunded_minor != part.total_minor:
                yield f"{part.number} is all back, with {part.refunded_minor} of {part.total_minor}"


def _findings(history: History) -> Iterator[str]:
    report = run_audit(with_provider=True, now=history.now)
    for result in report.results:
        for finding in result.findings:
            yield f"{result.name}: {finding}"
