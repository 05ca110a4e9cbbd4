"""What paying, expiring and cancelling mean to a shop's own record of an order."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import LiteralString
from uuid import UUID

from psycopg import sql

from catalogue.services import reservations
from checkout.fulfilment.models import StockState, VendorOrderStatus
from kit import outbox
from kit.sql import REMEMBERED, execute, fetch_all, qualified

LOCK = """
SELECT o.number, o.status, o.stock_state,
       (SELECT json_object_agg(l.variant_id, l.quantity) FROM {line} l WHERE l.vendor_order_id = o.id)
  FROM {vendor_order} o WHERE o.id = %s
   FOR UPDATE OF o
"""
UPDATE = """
UPDATE {vendor_order}
   SET status = %(status)s, stock_state = %(stock_state)s, status_at = %(now)s,
       paid_at = COALESCE(paid_at, %(paid_at)s)
 WHERE id = %(id)s
"""


@dataclass(frozen=True, slots=True)
class LockedVendorOrder:
    """A vendor order whose row is locked, with what its lines hold."""

    number: str
    status: str
    stock_state: str
    quantities: dict[UUID, int]


def lock_vendor_order(*, schema_name: str, sub_order_id: UUID) -> LockedVendorOrder:
    """Lock a shop's record of an order; needs an open transaction."""
    [(number, status, stock_state, lines)] = fetch_all(_text(LOCK, schema_name), [sub_order_id])
    quantities = {UUID(variant_id): quantity for variant_id, quantity in (lines or {}).items()}
    return LockedVendorOrder(number, status, stock_state, quantities)


def mark_paid(*, schema_name: str, sub_order_id: UUID, shop_id: int, now: datetime) -> bool:
    """Take a paid order's stock off the shelf and put the order in the shop's queue.

    Where the reservation had ended, the stock is taken again if there is enough of all of it.

    Returns:
        False where it can no longer be fulfilled; its money must go back.
    """
    order = lock_vendor_order(schema_name=schema_name, sub_order_id=sub_order_id)
    if order.stock_state == StockState.CONSUMED:
        return True
    is_taken = True
    if order.stock_state == StockState.RESERVED:
        reservations.consume(schema_name=schema_name, quantities=order.quantities, source=order.number, now=now)
    else:
        is_taken = _take_again(order, schema_name=schema_name, shop_id=shop_id, now=now)
    _update(
        schema_name=schema_name,
        sub_order_id=sub_order_id,
        status=VendorOrderStatus.NEW if is_taken else VendorOrderStatus.UNFULFILLABLE,
        stock_state=StockState.CONSUMED if is_taken else StockState.RELEASED,
        now=now,
        paid_at=now,
    )
    return is_taken


def _take_again(order: LockedVendorOrder, *, schema_name: str, shop_id: int, now: datetime) -> bool:
    emptied = reservations.take(schema_name=schema_name, quantities=order.quantities, source=order.number, now=now)
    if emptied:
        payload = {"variant_ids": [str(variant_id) for variant_id in emptied]}
        outbox.emit(topic="stock.changed", payload=payload, shop_id=shop_id, now=now)
    return emptied is not None


def release_vendor_order(
    *, schema_name: str, sub_order_id: UUID, status: VendorOrderStatus, now: datetime
) -> list[UUID]:
    """End an unpaid order and give its stock back; return the variants that had been sold out."""
    order = lock_vendor_order(schema_name=schema_name, sub_order_id=sub_order_id)
    if order.stock_state != StockState.RESERVED:
        return []
    revived = reservations.release(schema_name=schema_name, quantities=order.quantities)
    _update(
        schema_name=schema_name,
        sub_order_id=sub_order_id,
        status=status,
        stock_state=StockState.RELEASED,
        now=now,
        paid_at=None,
    )
    return revived


def _update(
    *,
    schema_name: str,
    sub_order_id: UUID,
    status: VendorOrderStatus,
    stock_state: StockState,
    now: datetime,
    paid_at: datetime | None,
) -> None:
    execute(
        _text(UPDATE, schema_name),
        {
            "id": sub_order_id,
            "status": status.value,
            "stock_state": stock_state.value,
            "now": now,
            "paid_at": paid_at,
        },
    )


@lru_cache(maxsize=REMEMBERED)
def _text(template: LiteralString, schema_name: str) -> str:
    statement = sql.SQL(template).format(
        vendor_order=qualified(schema_name, "fulfilment_vendororder"),
        line=qualified(schema_name, "fulfilment_vendororderline"),
    )
    return statement.as_string(None)
