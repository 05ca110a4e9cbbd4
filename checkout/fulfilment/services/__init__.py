"""What happens to a shop's part of an order."""

from checkout.fulfilment.services.paying import lock_vendor_orders, mark_paid, paying_reserved, release_vendor_order
from checkout.fulfilment.services.progress import (
    Parcel,
    deliver_vendor_order,
    pack_vendor_order,
    ship_vendor_order,
)

__all__ = [
    "Parcel",
    "deliver_vendor_order",
    "lock_vendor_orders",
    "mark_paid",
    "pack_vendor_order",
    "paying_reserved",
    "release_vendor_order",
    "ship_vendor_order",
]
