"""Bring a restored shop's own records of orders to where the market's orders are."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django_tenants.utils import schema_context
from psycopg import sql

from checkout.fulfilment.models import Shipment, StockState, VendorOrder, VendorOrderLine
from kit.db.sql import execute, fetch_all, qualified

if TYPE_CHECKING:
    from checkout.models import SubOrder

STATES = sql.SQL(
    "SELECT id, status, stock_state FROM {vendor_order} WHERE %(ids)s::uuid[] IS NULL OR id = ANY(%(ids)s)"
)
END_UNPAID = sql.SQL("""
UPDATE {vendor_order} SET status = 'expired', stock_state = 'released', status_at = %s WHERE stock_state = 'reserved'
""")
FORGET_RESERVED = sql.SQL("UPDATE {stock} SET reserved = 0 WHERE reserved <> 0")
LINE = ("sku", "title", "options", "image", "quantity", "unit_price_minor", "total_minor")


def record_states(*, schema_name: str, ids: Collection[UUID] | None = None) -> dict[UUID, tuple[str, str]]:
    """Return status and stock state of a shop's own orders by id."""
    statement = STATES.format(vendor_order=qualified(schema_name, "fulfilment_vendororder"))
    wanted = None if ids is None else list(ids)
    return {order_id: (status, stock) for order_id, status, stock in fetch_all(statement, {"ids": wanted})}


def forget_promises(*, schema_name: str, now: datetime) -> int:
    """End all orders that are still unpaid, and give back what they reserved; return how many they were."""
    ended = execute(END_UNPAID.format(vendor_order=qualified(schema_name, "fulfilment_vendororder")), [now])
    execute(FORGET_RESERVED.format(stock=qualified(schema_name, "catalogue_stocklevel")))
    return ended


def set_status(*, schema_name: str, part: "SubOrder", is_consumed: bool = False) -> None:
    """Give a shop's own order the status that the market says."""
    changes = {"stock_state": StockState.CONSUMED} if is_consumed else {}
    with schema_context(schema_name):
        VendorOrder.objects.filter(pk=part.pk).update(
            status=part.status, status_at=part.status_at, paid_at=part.order.paid_at, **changes
        )


def recreate_vendor_order(*, schema_name: str, part: "SubOrder", is_consumed: bool) -> None:
    """Write a shop's own record of an order again, from what the market keeps of it."""
    order = part.order
    record = VendorOrder(
        id=part.pk,
        number=part.number,
        status=part.status,
        stock_state=StockState.CONSUMED if is_consumed else StockState.RELEASED,
        buyer_name=order.shipping_address.get("name", ""),
        buyer_email=order.email,
        shipping_address=order.shipping_address,
        currency=part.currency,
        items_minor=part.items_minor,
        shipping_minor=part.shipping_minor,
        total_minor=part.total_minor,
        placed_at=order.placed_at,
        paid_at=order.paid_at,
        status_at=part.status_at,
    )
    lines = [
        VendorOrderLine(
            vendor_order=record,
            variant_id=line["variant_id"],
            product_id=line["product_id"],
            **{name: line[name] for name in LINE if name in line},
        )
        for line in part.lines
    ]
    with schema_context(schema_name):
        VendorOrder.objects.bulk_create([record])
        VendorOrderLine.objects.bulk_create(lines)
        if part.tracking:
            carrier, number = part.tracking.get("carrier", ""), part.tracking.get("number", "")
            Shipment.objects.create(
                vendor_order=record, carrier=carrier, tracking_number=number, shipped_at=part.status_at
            )
