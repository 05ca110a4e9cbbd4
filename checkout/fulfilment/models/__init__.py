"""A shop's own records: the orders it fulfils, and the zones that it delivers to."""

from checkout.fulfilment.models.orders import Shipment, StockState, TaxRegistration, VendorOrder, VendorOrderLine
from checkout.fulfilment.models.zones import (
    FETCHED,
    STANDARD_METHOD_ID,
    STANDARD_ZONE_ID,
    DeliveryMethod,
    DeliveryZone,
    MethodKind,
)

__all__ = [
    "FETCHED",
    "STANDARD_METHOD_ID",
    "STANDARD_ZONE_ID",
    "DeliveryMethod",
    "DeliveryZone",
    "MethodKind",
    "Shipment",
    "StockState",
    "TaxRegistration",
    "VendorOrder",
    "VendorOrderLine",
]
