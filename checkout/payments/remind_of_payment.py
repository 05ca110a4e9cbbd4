"""Reminders of orders that are placed and not paid."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from checkout.events import OrderUnpaid
from checkout.models import Order, OrderStatus
from kit.work import outbox


def remind_of_payment(*, order_id: UUID, now: datetime) -> None:
    """Notify the buyer of an order, once, that it is placed and can still be paid."""
    waiting = Order.objects.filter(
        pk=order_id, status=OrderStatus.PENDING, expires_at__gt=now, reminded_at__isnull=True
    )
    with transaction.atomic():
        if waiting.update(reminded_at=now):
            outbox.emit(OrderUnpaid(order_id), now=now)
