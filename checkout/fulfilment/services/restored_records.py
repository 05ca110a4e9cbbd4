"""A restored shop's own records of orders, brought to the state of the market's orders."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django_tenants.utils import schema_context
from psycopg import sql

from catalogue.services.reservations import forget_reservations
from checkout.fulfilment.models import Shipment, StockState, VendorOrder, VendorOrderLine
from checkout.fulfilment.parcels import SentParcel, sent_units
from checkout.fulfilment.services.parcels import columns_of
from checkout.fulfilment.status import PartStatus
from kit.db.sql import fetch_all, qualified

STATES = sql.SQL(
    "SELECT id, status, stock_state FROM {vendor_order} WHERE %(ids)s::uuid[] IS NULL OR id = ANY(%(ids)s)"
)


def record_states(*, schema_name: str, ids: Collection[UUID] | None = None) -> dict[UUID, tuple[str, str]]:
    """Return status and stock state of a shop's own orders by id."""
    statement = STATES.format(vendor_order=qualified(schema_name, "fulfilment_vendororder"))
    wanted = None if ids is None else list(ids)
    return {order_id: (status, stock) for order_id, status, stock in fetch_all(statement, {"ids": wanted})}


def end_unpaid_orders(*, schema_name: str, now: datetime) -> int:
    """End all orders that are still unpaid, and release their stock; return their number."""
    with schema_context(schema_name):
        ended = VendorOrder.objects.filter(stock_state=StockState.RESERVED).update(
            status=PartStatus.EXPIRED, stock_state=StockState.RELEASED, status_at=now
        )
    forget_reservations(schema_name=schema_name)
    return ended


def set_status(
    *,
    schema_name: str,
    vendor_order_id: UUID,
    status: PartStatus,
    status_at: datetime,
    paid_at: datetime | None,
    is_consumed: bool = False,
) -> None:
    """Set the status of a shop's own order to the market's."""
    changes = {"stock_state": StockState.CONSUMED} if is_consumed else {}
    with schema_context(schema_name):
        VendorOrder.objects.filter(pk=vendor_order_id).update(
            status=status, status_at=status_at, paid_at=paid_at, **changes
        )


def set_cancelled_units(*, schema_name: str, units: Mapping[UUID, Mapping[UUID, int]]) -> None:
    """Set the cancelled units of a shop's own orders, by order and variant, to the market's."""
    with schema_context(schema_name):
        lines = list(VendorOrderLine.objects.filter(vendor_order_id__in=units).order_by("id"))
        for line in lines:
            line.cancelled_quantity = units[line.vendor_order_id].get(line.variant_id, 0)
        VendorOrderLine.objects.bulk_update(lines, ["cancelled_quantity"])


def recorded_parcels(*, schema_name: str) -> dict[UUID, list[SentParcel]]:
    """Return the parcels of a shop's own orders that have any, by order."""
    with schema_context(schema_name):
        orders = VendorOrder.objects.exclude(shipments=None).prefetch_related("lines", "shipments").order_by("id")
        return {order.pk: order.sent_parcels for order in orders.distinct()}


def replace_parcels(*, schema_name: str, vendor_order_id: UUID, parcels: Sequence[SentParcel]) -> None:
    """Replace the parcels of a shop's own order by those that the market knows."""
    sent = sent_units(parcels)
    with schema_context(schema_name):
        Shipment.objects.filter(vendor_order_id=vendor_order_id).delete()
        Shipment.objects.bulk_create(_rows(vendor_order_id, parcels))
        lines = list(VendorOrderLine.objects.filter(vendor_order_id=vendor_order_id).order_by("id"))
        for line in lines:
            line.sent_quantity = sent[line.variant_id]
        VendorOrderLine.objects.bulk_update(lines, ["sent_quantity"])


def write_vendor_order(
    *, schema_name: str, record: VendorOrder, lines: Collection[VendorOrderLine], parcels: Sequence[SentParcel]
) -> None:
    """Write a shop's own record of an order, with its lines and parcels, in the shop's schema."""
    with schema_context(schema_name):
        VendorOrder.objects.bulk_create([record])
        VendorOrderLine.objects.bulk_create(lines)
        Shipment.objects.bulk_create(_rows(record.pk, parcels))


def _rows(vendor_order_id: UUID, parcels: Sequence[SentParcel]) -> list[Shipment]:
    return [Shipment(vendor_order_id=vendor_order_id, **columns_of(parcel)) for parcel in parcels]
