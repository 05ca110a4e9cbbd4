"""What happens to a shop's part of an order."""

from checkout.fulfilment.services.paying import mark_paid, release_vendor_order
from checkout.fulfilment.services.progress import (
    Parcel,
    deliver_vendor_order,
    pack_vendor_order,
    ship_vendor_order,
)

__all__ = [
    "Parcel",
    "deliver_vendor_order",
    "mark_paid",
    "pack_vendor_order",
    "release_vendor_order",
    "ship_vendor_order",
]
