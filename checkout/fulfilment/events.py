"""Events of a shop's work on its part of an order."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit.work.events import Event


@dataclass(frozen=True, slots=True)
class VendorOrderPacked(Event):
    """A shop has packed its part of an order.

    Events of an earlier release have no time.
    """

    topic = "vendor_order.packed"
    shop_id: int
    sub_order_id: UUID
    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VendorOrderShipped(Event):
    """A shop has sent its part of an order, or the last parcel of it; tracking is empty where it gave none.

    Events of an earlier release have no tracking, no time, or no number of the parcel among those of the part.
    """

    topic = "vendor_order.shipped"
    shop_id: int
    sub_order_id: UUID
    carrier: str | None = None
    tracking_number: str | None = None
    happened_at: datetime | None = None
    parcel: int | None = None
    tracking_url: str = ""


@dataclass(frozen=True, slots=True)
class ParcelSent(Event):
    """A shop has sent a parcel of its part of an order, and more is to follow."""

    topic = "parcel.sent"
    shop_id: int
    sub_order_id: UUID
    carrier: str
    tracking_number: str
    happened_at: datetime
    parcel: int
    tracking_url: str = ""


@dataclass(frozen=True, slots=True)
class VendorOrderDelivered(Event):
    """A shop's part of an order has arrived, as a side has confirmed, or because its time was over (`timer`).

    Events of an earlier release are the shop's, and name no parcels.
    """

    topic = "vendor_order.delivered"
    shop_id: int
    sub_order_id: UUID
    delivered_by: str = "shop"
    parcels: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ParcelDelivered(Event):
    """A parcel of a shop's part of an order has arrived, and others have not, or are still to be sent."""

    topic = "parcel.delivered"
    shop_id: int
    sub_order_id: UUID
    parcel: int


@dataclass(frozen=True, slots=True)
class VendorOrderStepUndone(Event):
    """A shop has undone a step that it had recorded by mistake; `step` is the status that the part or a parcel had.

    `variants` and `quantities` are what was in the parcel; empty: all of the part.
    """

    topic = "vendor_order.step_undone"
    shop_id: int
    sub_order_id: UUID
    step: str
    happened_at: datetime
    variants: tuple[UUID, ...] = ()
    quantities: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class VendorOrderTrackingChanged(Event):
    """A shop has added or corrected the tracking of a parcel that is on its way."""

    topic = "vendor_order.tracking_changed"
    shop_id: int
    sub_order_id: UUID
    carrier: str
    tracking_number: str
    happened_at: datetime
    parcel: int | None = None
    tracking_url: str = ""


@dataclass(frozen=True, slots=True)
class DispatchDelayed(Event):
    """A shop's part of a paid order has not left by its last day, an ISO 8601 date; told once for each part."""

    topic = "vendor_order.dispatch_delayed"
    shop_id: int
    sub_order_id: UUID
    send_by_on: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class ArrivalDelayed(Event):
    """A shop's part of an order is on its way and has not arrived by its last day, likewise."""

    topic = "vendor_order.arrival_delayed"
    shop_id: int
    sub_order_id: UUID
    arrive_by_on: str
    happened_at: datetime
