"""Finding orders, and locking them."""

from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from django.db.models import QuerySet

from checkout.models import Order, OrderStatus
from kit.errors import NotFoundError


def lock_order(*, order_id: UUID) -> Order:
    """Lock an order's row, which comes before anything else of it; needs an open transaction.

    Raises:
        NotFoundError: there is no such order.
    """
    order = Order.objects.select_for_update().filter(pk=order_id).first()
    if order is None:
        raise NotFoundError
    return order


def lock_overdue_order(*, now: datetime) -> Order | None:
    """Lock the pending order that is overdue for longest and that nobody holds."""
    overdue = Order.objects.filter(status=OrderStatus.PENDING, expires_at__lte=now)
    return overdue.select_for_update(skip_locked=True).order_by("expires_at", "id").first()


def orders_of_buyer(*, user_id: int) -> "QuerySet[Order]":
    """Return a person's orders, newest first."""
    return Order.objects.filter(buyer_id=user_id).prefetch_related("sub_orders__shop").order_by("-id")


def get_order(*, number: str, user_id: int | None, access_key: str = "") -> Order:
    """Return an order to its buyer, or to whoever holds its access key.

    Raises:
        NotFoundError: there is none, or it is somebody else's: the two look the same.
    """
    order = Order.objects.prefetch_related("sub_orders__shop").filter(number=number).first()
    if order is None:
        raise NotFoundError
    is_own = user_id is not None and order.buyer_id == user_id
    if not is_own and not (access_key and compare_digest(order.access_key, access_key)):
        raise NotFoundError
    return order
