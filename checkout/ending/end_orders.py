"""Ending orders that nobody paid, and giving their stock back."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalogue.events import StockChanged
from checkout.errors import OrderNotCancellableError
from checkout.events import OrderCancelled, OrderExpired
from checkout.fulfilment.services import release_vendor_order
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, OrderStatus, SubOrder
from checkout.orders import sold_out
from checkout.orders.selectors import lock_order, lock_overdue_order
from kit.work import outbox
from tenants.selectors import shop_facts

logger = logging.getLogger(__name__)

BATCH = 200


def expire_reservations(*, now: datetime) -> int:
    """End every pending order whose reservation is over; return how many were ended.

    Each order is a transaction of its own; orders that somebody else holds are skipped and come again, and
    so do those that cannot be ended: one broken shop must not keep the stock of all others.
    """
    ended, failed = 0, set[UUID]()
    while ended < BATCH:
        order_id = None
        try:
            with transaction.atomic():
                order = lock_overdue_order(now=now, but=failed)
                if order is None:
                    break
                order_id = order.pk
                _end(order, OrderStatus.EXPIRED, now=now)
                outbox.emit(OrderExpired(order.pk), now=now)
        except Exception:
            if order_id is None:
                raise
            logger.exception("Order %s is overdue and could not be ended; it will be tried again.", order_id)
            failed.add(order_id)
        else:
            ended += 1
    return ended


def cancel_order(*, order_id: UUID, now: datetime) -> Order:
    """Cancel an order that was not paid yet.

    Raises:
        OrderNotCancellableError: it was paid, or has ended already.
    """
    with transaction.atomic():
        order = lock_order(order_id=order_id)
        if order.status != OrderStatus.PENDING:
            raise OrderNotCancellableError
        _end(order, OrderStatus.CANCELLED, now=now)
        outbox.emit(OrderCancelled(order.pk), now=now)
    return order


def _end(order: Order, status: OrderStatus, *, now: datetime) -> None:
    parts = list(SubOrder.objects.filter(order=order))
    facts = shop_facts({part.shop_id for part in parts})
    for part in sorted(parts, key=lambda part: facts[part.shop_id].schema_name):
        revived = release_vendor_order(
            schema_name=facts[part.shop_id].schema_name,
            sub_order_id=part.id,
            status=PartStatus(status.value),
            now=now,
        )
        if revived:
            outbox.emit(StockChanged(part.shop_id, tuple(revived)), now=now)
            transaction.on_commit(lambda revived=revived: sold_out.unflag(revived))  # type: ignore[misc]
    SubOrder.objects.filter(order=order).update(status=PartStatus(status.value), status_at=now)
    order.status = status
    order.ended_at = now
    order.save(update_fields=["status", "ended_at"])
