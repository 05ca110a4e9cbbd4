"""Finding orders, and locking them."""

from hmac import compare_digest
from uuid import UUID

from django.db.models import Q, QuerySet

from checkout.models import Order, SubOrder
from checkout.orders.filters import ALL, OrderFilter
from kit.errors import NotFoundError
from kit.work.idempotency import is_result


def lock_order(*, order_id: UUID) -> Order:
    """Lock an order's row, which comes before anything else of it; needs an open transaction.

    Raises:
        NotFoundError: there is no such order.
    """
    order = Order.objects.select_for_update().filter(pk=order_id).first()
    if order is None:
        raise NotFoundError
    return order


def lock_orders_where(condition: Q) -> list[Order]:
    """Lock orders in primary-key order; needs an open transaction."""
    return list(Order.objects.select_for_update().filter(condition).order_by("id"))


def lock_guest_orders(*, email: str) -> list[Order]:
    """Lock a guest's orders in primary-key order, without those that are locked; needs an open transaction."""
    theirs = Order.objects.select_for_update(skip_locked=True).filter(buyer=None, email=email.strip().lower())
    return list(theirs.only("pk").order_by("id"))


def orders_of_buyer(*, user_id: int, wanted: OrderFilter = ALL) -> "QuerySet[Order]":
    """Return a person's orders, newest first."""
    return Order.objects.filter(wanted.condition, buyer_id=user_id).prefetch_related("sub_orders__shop").order_by("-id")


def get_order(*, number: str, user_id: int | None, access_key: str = "", checkout_scope: str = "") -> Order:
    """Return an order to its buyer, to a holder of its access key, or to the guest who placed it.

    Args:
        checkout_scope: of the guest's cart, as the order's idempotency key has it.

    Raises:
        NotFoundError: the order does not exist or belongs to another buyer; the answer is the same.
    """
    order = Order.objects.prefetch_related("sub_orders__shop").filter(number=number).first()
    if order is None:
        raise NotFoundError
    is_own = user_id is not None and order.buyer_id == user_id
    if is_own or _opens(order, access_key) or (checkout_scope and _was_placed_by(order, checkout_scope)):
        return order
    raise NotFoundError


def part_of(order: Order, number: str) -> SubOrder:
    """Return a part of an order, of those that were read with it.

    Raises:
        NotFoundError: the order has no such part.
    """
    for part in order.sub_orders.all():
        if part.number == number:
            return part
    raise NotFoundError


def _opens(order: Order, key: str) -> bool:
    return compare_digest(order.access_key.encode(), key.encode(errors="replace"))


def _was_placed_by(order: Order, checkout_scope: str) -> bool:
    return order.buyer_id is None and is_result(scope=checkout_scope, result=order.number)
