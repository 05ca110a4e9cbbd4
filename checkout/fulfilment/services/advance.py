"""A shop's own record of an order, moved to its next step."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django_tenants.utils import schema_context

from checkout.fulfilment.errors import WrongStepError
from checkout.fulfilment.models import Shipment, VendorOrder
from checkout.fulfilment.status import PartStatus


@dataclass(frozen=True, slots=True)
class Parcel:
    """Carrier of a parcel, and the number under which it can be followed."""

    carrier: str = ""
    tracking_number: str = ""

    def __str__(self) -> str:
        return " · ".join(filter(None, (self.carrier, self.tracking_number)))


def advance_vendor_order(
    *,
    schema_name: str,
    vendor_order_id: UUID,
    start: str,
    to: PartStatus,
    now: datetime,
    parcel: Parcel | None = None,
) -> None:
    """Move a vendor order from a status to another, and store its parcel; needs an open transaction.

    Args:
        start: the status by which the move was judged.

    Raises:
        WrongStepError: the order has another status; nothing has changed.
    """
    with schema_context(schema_name):
        vendor_order = lock_record(vendor_order_id)
        if vendor_order.status != start:
            raise WrongStepError
        vendor_order.status, vendor_order.status_at = to, now
        vendor_order.save(update_fields=["status", "status_at"])
        if parcel is not None:
            Shipment.objects.create(
                vendor_order=vendor_order,
                carrier=parcel.carrier,
                tracking_number=parcel.tracking_number,
                shipped_at=now,
            )


def lock_record(vendor_order_id: UUID) -> VendorOrder:
    """Lock a vendor order of the shop whose schema is active; needs an open transaction."""
    return VendorOrder.objects.select_for_update().get(pk=vendor_order_id)
