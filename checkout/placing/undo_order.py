"""Undoing an order whose payment the provider does not take: it could never be paid."""

from datetime import datetime

from django.db import transaction

from checkout.ending.end_orders import end_order
from checkout.models import Order, OrderStatus
from checkout.orders.selectors import lock_order
from checkout.placing.claims import OrderClaim
from kit.work import idempotency


def undo_order(*, order: Order, claim: OrderClaim, now: datetime) -> bool:
    """Cancel an order that was placed a moment ago, and free its keys, so that the same request may come again.

    Returns:
        Whether it was undone; False where it was paid or has ended meanwhile.
    """
    with transaction.atomic():
        locked = lock_order(order_id=order.pk)
        if locked.status != OrderStatus.PENDING:
            return False
        end_order(locked, OrderStatus.CANCELLED, now=now)
        idempotency.forget(*claim.keys)
    return True
