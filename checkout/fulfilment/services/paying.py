"""Changes to a shop's record of an order when it is paid, expires or is cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import LiteralString
from uuid import UUID

from psycopg import sql

from catalogue.events import StockChanged
from catalogue.services import reservations
from catalogue.services.reservations import ReservedLine, WantedLine
from checkout.fulfilment.models import StockState
from checkout.fulfilment.status import PartStatus
from kit.db.pipeline import Query, Rows, ask, ask_all, written
from kit.db.sql import REMEMBERED, qualified
from kit.work import outbox

LOCK = """
SELECT o.number, o.status, o.stock_state,
       (SELECT json_object_agg(l.variant_id, json_build_array(l.quantity, l.unit_price_minor))
          FROM {line} l WHERE l.vendor_order_id = o.id)
  FROM {vendor_order} o WHERE o.id = $1
   FOR UPDATE OF o
"""
UPDATE = """
UPDATE {vendor_order}
   SET status = $2, stock_state = $3, status_at = $4, paid_at = COALESCE(paid_at, $5::timestamptz)
 WHERE id = $1
"""


class PartProblem(StrEnum):
    """Reason why an order that is paid late can't be fulfilled as it was ordered."""

    SOLD_OUT = "sold_out"
    NOT_FOR_SALE = "not_for_sale"
    PRICE_CHANGED = "price_changed"
    SHOP_NOT_SELLING = "shop_not_selling"
    SHOP_CLOSED = "shop_closed"
    COUPON_USED_UP = "coupon_used_up"


@dataclass(frozen=True, slots=True)
class LockedVendorOrder:
    """A vendor order whose row is locked, with what its lines hold."""

    id: UUID
    schema_name: str
    number: str
    status: str
    stock_state: str
    lines: list[WantedLine]

    @property
    def quantities(self) -> dict[UUID, int]:
        """Return the number of units of each variant in the lines."""
        return {line.variant_id: line.quantity for line in self.lines}

    @property
    def is_reserved(self) -> bool:
        """Return whether its stock is still kept for it."""
        return self.stock_state == StockState.RESERVED


def lock_vendor_order(*, schema_name: str, sub_order_id: UUID) -> LockedVendorOrder:
    """Lock a shop's record of an order; needs an open transaction."""
    return lock_vendor_orders([(schema_name, sub_order_id)])[0]


def lock_vendor_orders(places: Sequence[tuple[str, UUID]]) -> list[LockedVendorOrder]:
    """Lock shops' records of an order, by schema and id, in the order given and in one round trip."""
    return ask_all([_locking(schema_name, sub_order_id) for schema_name, sub_order_id in places])


def pay_reserved_queries(order: LockedVendorOrder, *, now: datetime) -> list[Query[None]]:
    """Return the queries that consume a paid order's reserved stock and put the order in the shop's queue."""
    return [
        reservations.consume_query(
            schema_name=order.schema_name, quantities=order.quantities, source=order.number, now=now
        ),
        _updating(order, status=PartStatus.NEW, stock_state=StockState.CONSUMED, now=now, paid_at=now),
    ]


def mark_paid(*, schema_name: str, sub_order_id: UUID, shop_id: int, now: datetime) -> bool:
    """Consume a paid order's stock and put the order in the shop's queue.

    Where the reservation had ended, the stock is taken again if there is enough of all of it.

    Returns:
        False where it can no longer be fulfilled; it must be refunded.
    """
    order = lock_vendor_order(schema_name=schema_name, sub_order_id=sub_order_id)
    if order.stock_state == StockState.CONSUMED:
        return True
    if order.is_reserved:
        ask_all(pay_reserved_queries(order, now=now))
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


def mark_paid_late(order: LockedVendorOrder, *, shop_id: int, now: datetime) -> PartProblem | None:
    """Take the stock of a locked order whose reservation had ended, as if it were ordered now at its old price.

    Returns:
        The missing lines, for which it must be refunded; None where it is fulfilled.
    """
    found = reservations.reserve(schema_name=order.schema_name, lines=sorted(order.lines, key=attrgetter("variant_id")))
    lack = _lack_of(found, order.quantities)
    if lack is None:
        ask_all(pay_reserved_queries(order, now=now))
        emptied = [line.variant_id for line in found if line.available == order.quantities[line.variant_id]]
        if emptied:
            outbox.emit(StockChanged(shop_id, tuple(emptied)), now=now)
        return None
    had = {line.variant_id: order.quantities[line.variant_id] for line in found if line.is_reserved}
    if had:
        reservations.release(schema_name=order.schema_name, quantities=had)
    mark_unfulfillable(order, now=now)
    return lack


def mark_unfulfillable(order: LockedVendorOrder, *, now: datetime) -> None:
    """Record in the shop that a paid order can't be fulfilled, and give back what is still reserved for it."""
    if order.is_reserved:
        reservations.release(schema_name=order.schema_name, quantities=order.quantities)
    ask(_updating(order, status=PartStatus.UNFULFILLABLE, stock_state=StockState.RELEASED, now=now, paid_at=now))


def _lack_of(found: Sequence[ReservedLine], quantities: Mapping[UUID, int]) -> PartProblem | None:
    if all(line.is_reserved for line in found):
        return None
    if not all(line.is_on_sale for line in found):
        return PartProblem.NOT_FOR_SALE
    if any((line.available or 0) < quantities[line.variant_id] for line in found):
        return PartProblem.SOLD_OUT
    return PartProblem.PRICE_CHANGED


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
        wanted = [
            WantedLine(UUID(variant_id), quantity, price) for variant_id, (quantity, price) in (lines or {}).items()
        ]
        return LockedVendorOrder(sub_order_id, schema_name, number, status, stock_state, wanted)

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
