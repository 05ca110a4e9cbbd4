"""What must hold after a history: of its goods, its orders and all books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from uuid import UUID

from django_tenants.utils import schema_context

from catalogue.models import StockMovement
from checkout.fulfilment.status import SOLD
from checkout.models import OrderStatus, Refund, RefundStatus, Reversal, ReversedBy, SubOrder
from checkout.refunds.requests import retry_refund
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.choosing import units_left
from checkout.reversals.reverse import Actor
from payouts.audit.run import run_audit
from tests.checkout.histories.actions import BROKEN, run_tasks
from tests.checkout.histories.market import ON_HAND, History

MOST_ROUNDS = 200  # the provider takes one refund of a payment at a time


def settle(history: History) -> None:
    """Let everything that is under way come to its end: the provider is well again, and time passes."""
    history.paystack.call("DELETE", "/sandbox/faults")
    for _ in range(MOST_ROUNDS):
        history.later(hours=7)
        history.paystack.call("POST", "/sandbox/time", {"advance": 60})
        run_tasks(now=history.now)
        theirs = Refund.objects.filter(payment__order__email__endswith=history.domain)
        for refund in theirs.filter(status__in=[RefundStatus.FAILED, RefundStatus.NEEDS_ATTENTION]):
            retry_refund(refund_id=refund.pk, now=history.now)
        waiting = theirs.exclude(status=RefundStatus.PROCESSED).exists()
        if not waiting and not any(order.status == OrderStatus.PENDING for order in history.orders):
            return
    states = [(order.number, order.status) for order in history.orders]
    refunds = Refund.objects.filter(payment__order__email__endswith=history.domain).values_list("pk", "status", "note")
    raise AssertionError(f"Something is still under way: {states} {list(refunds)}")


def faults(history: History) -> list[str]:
    """Return what does not hold after everything has come to its end."""
    return [*_faults_of_stock(history), *_faults_of_refunds(history), *_findings(history)]


def give_everything_back(history: History) -> None:
    """Cancel all that can be cancelled: of each line a unit, then the rest of the part."""
    for part in history.parts:
        for variant_id in units_left(part):
            _cancel(part, {variant_id: 1}, history)
        if rest := units_left(SubOrder.objects.get(pk=part.pk)):
            _cancel(part, rest, history)


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
        for reversal in reversals:
            if reversal.reason != BROKEN:
                gone.subtract({UUID(key): count for key, count in reversal.lines.items()})
    for item, at_first in zip(history.goods, ON_HAND, strict=True):
        with schema_context(item.shop.schema_name):
            moved = sum(StockMovement.objects.filter(variant_id=item.variant_id).values_list("quantity", flat=True))
        on_hand, reserved = item.level()
        expected = at_first - gone[item.variant_id]
        if (on_hand, reserved) != (expected, 0) or moved != on_hand:
            yield f"{item.shop.slug}: {on_hand} on hand, {reserved} reserved, {moved} moved; sold leave {expected}"


def _faults_of_refunds(history: History) -> Iterator[str]:
    """Compare what each order has received, what it keeps, and what went back."""
    for order in history.orders:
        parts = list(order.sub_orders.all())
        captured = sum(payment.captured_minor or 0 for payment in order.payments.all())
        back = sum(Refund.objects.filter(payment__order=order).values_list("amount_minor", flat=True))
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
