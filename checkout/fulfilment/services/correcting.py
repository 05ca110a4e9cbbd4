"""A shop's own record of an order, put right: a step undone, the tracking of a parcel changed."""

from datetime import datetime
from uuid import UUID

from django_tenants.utils import schema_context

from checkout.fulfilment.errors import WrongStepError
from checkout.fulfilment.models import Shipment, VendorOrder
from checkout.fulfilment.selectors import tracking_version
from checkout.fulfilment.services.advance import Parcel, lock_record
from checkout.fulfilment.status import PartStatus
from kit.web.versions import Seen, check_version


def undo_vendor_order_step(
    *, schema_name: str, vendor_order_id: UUID, step: PartStatus, back_to: PartStatus, since: datetime
) -> Parcel | None:
    """Take a vendor order back from a step, and remove the parcel of that step; needs an open transaction.

    Args:
        back_to: the status that it had before.
        since: the time at which it came to that status.

    Returns:
        the removed parcel, if there was one.

    Raises:
        WrongStepError: it is not at this step; nothing has changed.
    """
    with schema_context(schema_name):
        vendor_order = lock_record(vendor_order_id)
        if vendor_order.status != step:
            raise WrongStepError
        vendor_order.status, vendor_order.status_at = back_to, since
        vendor_order.save(update_fields=["status", "status_at"])
        removed = [_parcel(shipment) for shipment in vendor_order.shipments.all()]
        vendor_order.shipments.all().delete()
    return removed[-1] if removed else None


def change_vendor_order_parcel(*, schema_name: str, vendor_order_id: UUID, parcel: Parcel, seen: Seen = None) -> Parcel:
    """Write another carrier and tracking number of a parcel that is on its way; needs an open transaction.

    Args:
        seen: the versions that it may be made from; None: whatever is there.

    Returns:
        the parcel as it was before.

    Raises:
        WrongStepError: the order is not on its way; nothing has changed.
        ChangedMeanwhileError: it was made from another version; nothing has changed.
    """
    with schema_context(schema_name):
        vendor_order = lock_record(vendor_order_id)
        if vendor_order.status != PartStatus.SHIPPED:
            raise WrongStepError
        shipment = vendor_order.shipments.last() or _unsaved(vendor_order)
        before = _parcel(shipment)
        if seen is not None:
            check_version(seen=seen, current=tracking_version(vendor_order))
        if parcel != before:
            shipment.carrier, shipment.tracking_number = parcel.carrier, parcel.tracking_number
            shipment.save()
    return before


def _unsaved(vendor_order: VendorOrder) -> Shipment:
    """Return a new parcel for an order that has none, such as one restored without its tracking."""
    return Shipment(vendor_order=vendor_order, shipped_at=vendor_order.status_at)


def _parcel(shipment: Shipment) -> Parcel:
    return Parcel(shipment.carrier, shipment.tracking_number)
