"""Labels of the statuses of an order and of its parts for its buyer."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from checkout.fulfilment.status import PartStatus
from checkout.models import Order, OrderStatus, SubOrder

PART_LABELS: dict[str, Promise] = {
    PartStatus.PENDING: _("Awaiting payment"),
    PartStatus.NEW: _("Being prepared"),
    PartStatus.PACKED: _("Packed"),
    PartStatus.SHIPPED: _("On its way"),
    PartStatus.DELIVERED: _("Delivered"),
    PartStatus.EXPIRED: _("Not paid in time"),
    PartStatus.CANCELLED: _("Cancelled"),
    PartStatus.UNFULFILLABLE: _("Could not be fulfilled"),
}
ORDER_LABELS: dict[str, Promise] = {
    OrderStatus.PENDING: _("Awaiting payment"),
    OrderStatus.PAID: _("Paid"),
    OrderStatus.EXPIRED: _("Not paid in time"),
    OrderStatus.CANCELLED: _("Cancelled"),
    OrderStatus.COMPLETED: _("Completed"),
}
SENT_IN_PART = _("Sent in part")
PARTLY_FULFILLED = _("Fulfilled in part")
CONFIRMED = _("Confirmed")  # with nothing to pay
HAS_MONEY = frozenset({OrderStatus.PAID, OrderStatus.COMPLETED})


def part_label(part: SubOrder) -> str:
    """Return the label of a part's status; one of which some has left is sent in part."""
    return str(SENT_IN_PART if part.is_partly_sent else PART_LABELS[part.status])


def order_label(order: Order, parts: Iterable[SubOrder]) -> str:
    """Return the label of an order's status; one with a part that could not be fulfilled is not simply paid."""
    is_partial = any(part.status == PartStatus.UNFULFILLABLE for part in parts)
    if is_partial and order.status in HAS_MONEY:
        return str(PARTLY_FULFILLED)
    if order.status == OrderStatus.PAID and not order.total_minor:
        return str(CONFIRMED)
    return str(ORDER_LABELS[order.status])
