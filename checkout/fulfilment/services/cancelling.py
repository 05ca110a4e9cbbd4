"""Units of a paid order that a shop does not send any more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django_tenants.utils import schema_context

from catalogue.services.reservations import put_back
from checkout.fulfilment.errors import WrongStepError
from checkout.fulfilment.models import StockState
from checkout.fulfilment.services.advance import lock_record
from checkout.fulfilment.status import TO_SEND, PartStatus


@dataclass(frozen=True, slots=True)
class CancelledUnits:
    """Outcome: whether nothing is left to be sent, and the variants that had been sold out until now."""

    is_all: bool
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
        is_all = all(line.left == 0 for line in lines)
        if is_all:
            order.status, order.status_at, order.stock_state = PartStatus.CANCELLED, now, StockState.RELEASED
            order.save(update_fields=["status", "status_at", "stock_state"])
    if not restocks:
        return CancelledUnits(is_all, [])
    revived = put_back(schema_name=schema_name, quantities=units, source=order.number, now=now)
    return CancelledUnits(is_all, revived)
