"""Finding and locking the orders of exchanges, and the state of an exchange as people read it."""

from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext_lazy

from checkout.models import Order, OrderStatus, Return, ReturnStatus
from checkout.orders.selectors import lock_order

UNDECIDED = frozenset({ReturnStatus.REQUESTED, ReturnStatus.ASKED, ReturnStatus.REFUSED, ReturnStatus.ESCALATED})


class ExchangeState(StrEnum):
    """State of an exchange."""

    ASKED = "asked"
    KEPT = "kept"
    TO_PAY = "to_pay"
    DONE = "done"
    ENDED = "ended"


STATE_LABELS = {
    ExchangeState.ASKED: gettext_lazy("Requested by the buyer"),
    ExchangeState.KEPT: gettext_lazy("Reserved for the buyer until the items arrive"),
    ExchangeState.TO_PAY: gettext_lazy("Waits until the buyer has paid the difference"),
    ExchangeState.DONE: gettext_lazy("Ordered, as part of the exchange"),
    ExchangeState.ENDED: gettext_lazy("Not exchanged"),
}


def state_of(found: Return) -> ExchangeState:
    """Return the state of a return's exchange; the return was read with its order."""
    order = found.replacement
    if order is None:
        return ExchangeState.ASKED if found.status in UNDECIDED else ExchangeState.ENDED
    if order.status == OrderStatus.PENDING:
        return ExchangeState.TO_PAY if order.credit_minor else ExchangeState.KEPT
    return ExchangeState.DONE if order.paid_at is not None else ExchangeState.ENDED


def lock_replacement(found: Return) -> Order | None:
    """Lock the order of a return's exchange where it is still kept; the order that comes back is locked before.

    It was placed later, so that its key follows, as the order of locks has it (docs/locking.md).
    """
    order_id = Order.objects.filter(exchange_of=found, status=OrderStatus.PENDING).values_list("pk", flat=True).first()
    if order_id is None:
        return None
    order = lock_order(order_id=order_id)
    return order if order.status == OrderStatus.PENDING else None


def variants_kept(order: Order) -> set[UUID]:
    """Return the variants that are kept for an order of an exchange."""
    return {UUID(line["variant_id"]) for part in order.sub_orders.all() for line in part.lines}
