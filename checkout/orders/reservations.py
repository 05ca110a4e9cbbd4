"""Time for which an unpaid order keeps its stock: shorter while it has no payment page."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Greatest

from checkout.models import Order, OrderStatus


def shorten_reservation(order: Order) -> None:
    """Keep the stock of a new order for a shorter time, for it has no page to be paid at."""
    until = order.placed_at + timedelta(minutes=settings.UNPAYABLE_RESERVATION_MINUTES)
    if until < order.expires_at:
        Order.objects.filter(pk=order.pk, status=OrderStatus.PENDING).update(expires_at=until)
        order.expires_at = until


def restore_reservation(*, order_id: UUID, now: datetime) -> None:
    """Keep the stock of an order that has its page for as long after its placing as that of any other."""
    whole = F("placed_at") + timedelta(minutes=settings.RESERVATION_MINUTES)
    Order.objects.filter(pk=order_id, status=OrderStatus.PENDING, expires_at__gt=now).update(
        expires_at=Greatest(F("expires_at"), whole)
    )
