"""A shop's own record of an order: its steps, and its stock while it is unpaid, paid or ended."""

from checkout.fulfilment.services.addressing import set_vendor_order_address
from checkout.fulfilment.services.advance import advance_vendor_order
from checkout.fulfilment.services.cancelling import cancel_vendor_order_units
from checkout.fulfilment.services.parcels import (
    Parcel,
    add_parcel,
    change_vendor_order_parcel,
    mark_arrived,
    take_parcel_back,
)
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
    "add_parcel",
    "advance_vendor_order",
    "cancel_vendor_order_units",
    "change_vendor_order_parcel",
    "lock_vendor_orders",
    "mark_arrived",
    "mark_paid",
    "mark_paid_late",
    "mark_unfulfillable",
    "pay_reserved_queries",
    "release_vendor_order",
    "set_vendor_order_address",
    "take_parcel_back",
]
