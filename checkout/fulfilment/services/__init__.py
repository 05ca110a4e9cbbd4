"""A shop's own record of an order: its steps, and its stock while it is unpaid, paid or ended."""

from checkout.fulfilment.services.addressing import set_vendor_order_address
from checkout.fulfilment.services.advance import Parcel, advance_vendor_order
from checkout.fulfilment.services.cancelling import cancel_vendor_order_units
from checkout.fulfilment.services.correcting import change_vendor_order_parcel, undo_vendor_order_step
from checkout.fulfilment.services.paying import (
    LockedVendorOrder,
    PartProblem,
    lock_vendor_orders,
    mark_paid,
    mark_paid_late,
    mark_unfulfillable,
    pay_reserved_queries,
    release_vendor_order,
)

__all__ = [
    "LockedVendorOrder",
    "Parcel",
    "PartProblem",
    "advance_vendor_order",
    "cancel_vendor_order_units",
    "change_vendor_order_parcel",
    "lock_vendor_orders",
    "mark_paid",
    "mark_paid_late",
    "mark_unfulfillable",
    "pay_reserved_queries",
    "release_vendor_order",
    "set_vendor_order_address",
    "undo_vendor_order_step",
]
