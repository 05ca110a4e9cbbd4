"""Events of a shop's work on its part of an order."""

from dataclasses import dataclass
from uuid import UUID

from kit.work.events import Event


@dataclass(frozen=True, slots=True)
class VendorOrderPacked(Event):
    """A shop has packed its part of an order."""

    topic = "vendor_order.packed"
    shop_id: int
    sub_order_id: UUID


@dataclass(frozen=True, slots=True)
class VendorOrderShipped(Event):
    """A shop has sent its part of an order; carrier and number are empty where it gave none.

    Events of an earlier release have neither.
    """

    topic = "vendor_order.shipped"
    shop_id: int
    sub_order_id: UUID
    carrier: str | None = None
    tracking_number: str | None = None


@dataclass(frozen=True, slots=True)
class VendorOrderDelivered(Event):
    """A shop's part of an order has arrived."""

    topic = "vendor_order.delivered"
    shop_id: int
    sub_order_id: UUID
