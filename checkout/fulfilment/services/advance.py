"""A shop's own record of an order, moved to its next step."""

from datetime import datetime
from uuid import UUID

from django_tenants.utils import schema_context

from checkout.fulfilment.errors import WrongStepError
from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.status import PartStatus


def advance_vendor_order(*, schema_name: str, vendor_order_id: UUID, start: str, to: PartStatus, now: datetime) -> None:
    """Move a vendor order from a status to another; needs an open transaction.

    Args:
        start: the status by which the move was judged.

    Raises:
        WrongStepError: the order has another status; nothing has changed.
    """
    with schema_context(schema_name):
        write_status(lock_in_status(vendor_order_id, start), to, now)


def lock_in_status(vendor_order_id: UUID, start: str) -> VendorOrder:
    """Lock a vendor order of the shop whose schema is active; needs an open transaction.

    Raises:
        WrongStepError: it does not have the status by which the move was judged.
    """
    vendor_order = lock_record(vendor_order_id)
    if vendor_order.status != start:
        raise WrongStepError
    return vendor_order


def lock_record(vendor_order_id: UUID) -> VendorOrder:
    """Lock a vendor order of the shop whose schema is active; needs an open transaction."""
    return VendorOrder.objects.select_for_update().get(pk=vendor_order_id)


def write_status(vendor_order: VendorOrder, status: PartStatus, since: datetime) -> None:
    """Write the status of a locked vendor order, and the time at which it came to it."""
    vendor_order.status, vendor_order.status_at = status, since
    vendor_order.save(update_fields=["status", "status_at"])
