"""Units of a paid order that a shop does not send any more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django_tenants.utils import schema_context

from catalogue.services.reservations import put_back
from checkout.fulfilment.errors import WrongStepError
from checkout.fulfilment.models import StockState, VendorOrder
from checkout.fulfilment.services.advance import lock_record
from checkout.fulfilment.status import TO_SEND, ParcelStatus, PartStatus


@dataclass(frozen=True, slots=True)
class CancelledUnits:
    """Outcome: the order's new status, if nothing is left to be sent, and the variants that had been sold out."""

    status: PartStatus | None
    revived: list[UUID]


def cancel_vendor_order_units(
    *, schema_name: str, vendor_order_id: UUID, units: Mapping[UUID, int], restocks: bool, now: datetime
) -> CancelledUnits:
    """Cancel units of a paid vendor order that is still with its shop; needs an open transaction.

    Args:
        units: how many of each variant; the caller has checked that as many are left.
        restocks: whether they go back on the shelf.

    Raises:
        WrongStepError: the order is not paid, or has left; nothing has changed.
    """
    with schema_context(schema_name):
        order = lock_record(vendor_order_id)
        if order.status not in TO_SEND:
            raise WrongStepError
        lines = list(order.lines.all())
        for line in lines:
            if count := units.get(line.variant_id):
                line.cancelled_quantity += count
                line.save(update_fields=["cancelled_quantity"])
        status = None if any(line.to_send for line in lines) else _end_of(order)
        if status is not None:
            order.status, order.status_at = status, now
            if status == PartStatus.CANCELLED:
                order.stock_state = StockState.RELEASED
            order.save(update_fields=["status", "status_at", "stock_state"])
    if not restocks:
        return CancelledUnits(status, [])
    revived = put_back(schema_name=schema_name, quantities=units, source=order.number, now=now)
    return CancelledUnits(status, revived)


def _end_of(order: VendorOrder) -> PartStatus:
    """Return the status of an order of which nothing is left to be sent, by the parcels that have left."""
    parcels = [shipment.parcel for shipment in order.shipments.all()]
    if not parcels:
        return PartStatus.CANCELLED
    is_all_there = all(parcel.status == ParcelStatus.DELIVERED for parcel in parcels)
    return PartStatus.DELIVERED if is_all_there else PartStatus.SHIPPED
