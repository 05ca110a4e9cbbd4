"""What paying, expiring and cancelling mean to a shop's own record of an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import LiteralString
from uuid import UUID

from psycopg import sql

from catalogue.events import StockChanged
from catalogue.services import reservations
from checkout.fulfilment.models import StockState
from checkout.fulfilment.status import PartStatus
from kit.db.pipeline import Query, Rows, ask, ask_all, written
from kit.db.sql import REMEMBERED, qualified
from kit.work import outbox

LOCK = """
SELECT o.number, o.status, o.stock_state,
       (SELECT json_object_agg(l.variant_id, l.quantity) FROM {line} l WHERE l.vendor_order_id = o.id)
  FROM {vendor_order} o WHERE o.id = $1
   FOR UPDATE OF o
"""
UPDATE = """
UPDATE {vendor_order}
   SET status = $2, stock_state = $3, status_at = $4, paid_at = COALESCE(paid_at, $5::timestamptz)
 WHERE id = $1
"""


@dataclass(frozen=True, slots=True)
class LockedVendorOrder:
    """A vendor order whose row is locked, with what its lines hold."""

    id: UUID
    schema_name: str
    number: str
    status: str
    stock_state: str
    quantities: dict[UUID, int]

    @property
    def is_reserved(self) -> bool:
        """Whether its stock is still kept for it."""
        return self.stock_state == StockState.RESERVED


def lock_vendor_order(*, schema_name: str, sub_order_id: UUID) -> LockedVendorOrder:
    """Lock a shop's record of an order; needs an open transaction."""
    return lock_vendor_orders([(schema_name, sub_order_id)])[0]


def lock_vendor_orders(places: Sequence[tuple[str, UUID]]) -> list[LockedVendorOrder]:
    """Lock shops' records of an order, by schema and id, in the order given and in one round trip."""
    return ask_all([_locking(schema_name, sub_order_id) for schema_name, sub_order_id in places])


def paying_reserved(order: LockedVendorOrder, *, now: datetime) -> list[Query[None]]:
    """Return what takes a paid order's reserved stock off the shelf and puts the order in the shop's queue."""
    return [
        reservations.consuming(
            schema_name=order.schema_name, quantities=order.quantities, source=order.number, now=now
        ),
        _updating(order, status=PartStatus.NEW, stock_state=StockState.CONSUMED, now=now, paid_at=now),
    ]


def mark_paid(*, schema_name: str, sub_order_id: UUID, shop_id: int, now: datetime) -> bool:
    """Take a paid order's stock off the shelf and put the order in the shop's queue.

    Where the reservation had ended, the stock is taken again if there is enough of all of it.

    Returns:
        False where it can no longer be fulfilled; its money must go back.
    """
    order = lock_vendor_order(schema_name=schema_name, sub_order_id=sub_order_id)
    if order.stock_state == StockState.CONSUMED:
        return True
    if order.is_reserved:
        ask_all(paying_reserved(order, now=now))
        return True
    is_taken = _take_again(order, shop_id=shop_id, now=now)
    ask(
        _updating(
            order,
            status=PartStatus.NEW if is_taken else PartStatus.UNFULFILLABLE,
            stock_state=StockState.CONSUMED if is_taken else StockState.RELEASED,
            now=now,
            paid_at=now,
        )
    )
    return is_taken


def _take_again(order: LockedVendorOrder, *, shop_id: int, now: datetime) -> bool:
    emptied = reservations.take(
        schema_name=order.schema_name, quantities=order.quantities, source=order.number, now=now
    )
    if emptied:
        outbox.emit(StockChanged(shop_id, tuple(emptied)), now=now)
    return emptied is not None


def release_vendor_order(*, schema_name: str, sub_order_id: UUID, status: PartStatus, now: datetime) -> list[UUID]:
    """End an unpaid order and give its stock back; return the variants that had been sold out."""
    order = lock_vendor_order(schema_name=schema_name, sub_order_id=sub_order_id)
    if not order.is_reserved:
        return []
    revived = reservations.release(schema_name=schema_name, quantities=order.quantities)
    ask(_updating(order, status=status, stock_state=StockState.RELEASED, now=now, paid_at=None))
    return revived


def _locking(schema_name: str, sub_order_id: UUID) -> Query[LockedVendorOrder]:
    def read(rows: Rows) -> LockedVendorOrder:
        [(number, status, stock_state, lines)] = rows
        quantities = {UUID(variant_id): quantity for variant_id, quantity in (lines or {}).items()}
        return LockedVendorOrder(sub_order_id, schema_name, number, status, stock_state, quantities)

    return Query(_text(LOCK, schema_name), [sub_order_id], read)


def _updating(
    order: LockedVendorOrder,
    *,
    status: PartStatus,
    stock_state: StockState,
    now: datetime,
    paid_at: datetime | None,
) -> Query[None]:
    params = [order.id, status.value, stock_state.value, now, paid_at]
    return Query(_text(UPDATE, order.schema_name), params, written)


@lru_cache(maxsize=REMEMBERED)
def _text(template: LiteralString, schema_name: str) -> str:
    statement = sql.SQL(template).format(
        vendor_order=qualified(schema_name, "fulfilment_vendororder"),
        line=qualified(schema_name, "fulfilment_vendororderline"),
    )
    return statement.as_string(None)
