"""End of a paid order: complete when nothing of it is to come any more, cancelled when nothing of it was kept."""

from datetime import datetime

from checkout.fulfilment.status import OPEN, SOLD
from checkout.models import Order, OrderStatus


def settle_order(order: Order, *, now: datetime) -> None:
    """Write the final status of a locked, paid order of which no part is still to be fulfilled."""
    statuses = set(order.sub_orders.values_list("status", flat=True))
    if order.status != OrderStatus.PAID or statuses & OPEN:
        return
    if statuses & SOLD:
        order.status = OrderStatus.COMPLETED
    else:
        order.status, order.ended_at = OrderStatus.CANCELLED, now
    order.save(update_fields=["status", "ended_at"])
