"""Events of orders and payments."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit.work.events import Event


@dataclass(frozen=True, slots=True)
class OrderPaid(Event):
    """An order was paid, and at least a part of it can be fulfilled."""

    topic = "order.paid"
    order_id: UUID


@dataclass(frozen=True, slots=True)
class OrderUnpaid(Event):
    """An order was placed some minutes ago, and nothing has been paid for it yet; told once."""

    topic = "order.unpaid"
    order_id: UUID


@dataclass(frozen=True, slots=True)
class PaymentReturning(Event):
    """A payment, or a part of it, is refunded to its buyer, in minor units of its currency."""

    topic = "payment.returning"
    payment_id: UUID
    amount_minor: int


@dataclass(frozen=True, slots=True)
class RefundSetOff(Event):
    """The buyer's bank has paid an amount of a refund that was owed; what is left of it is the market's to pay."""

    topic = "refund.set_off"
    refund_id: UUID
    amount_minor: int
    left_minor: int
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class OrderCancelled(Event):
    """An order was cancelled by its buyer before it was paid."""

    topic = "order.cancelled"
    order_id: UUID


@dataclass(frozen=True, slots=True)
class OrderExpired(Event):
    """An order was not paid in time, and its stock was given back."""

    topic = "order.expired"
    order_id: UUID


@dataclass(frozen=True, slots=True)
class PartReleased(Event):
    """A shop has given back the stock of its part of an order that is not paid yet; other parts are still kept."""

    topic = "order.part_released"
    shop_id: int
    sub_order_id: UUID


@dataclass(frozen=True, slots=True)
class UnitsCancelled(Event):
    """Units of a paid order were cancelled before they were sent; the reversal says which."""

    topic = "order.units_cancelled"
    reversal_id: UUID


@dataclass(frozen=True, slots=True)
class PartRefunded(Event):
    """Money of a part of a paid order is given back without a cancellation; the reversal says for what."""

    topic = "order.part_refunded"
    reversal_id: UUID


@dataclass(frozen=True, slots=True)
class ReturnMoved(Event):
    """A return was asked for, decided, received or refunded; `place` is that of the move in its history."""

    topic = "return.moved"
    return_id: UUID
    place: int


@dataclass(frozen=True, slots=True)
class DisputeMoved(Event):
    """A dispute of a payment was opened, has its time to answer near its end, or was decided; `move` says which."""

    topic = "dispute.moved"
    dispute_id: UUID
    move: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class MessageSent(Event):
    """Buyer, shop or market has written about a shop's part of an order."""

    topic = "message.sent"
    shop_id: int
    order_id: UUID
    sub_order_id: UUID
    message_id: UUID


@dataclass(frozen=True, slots=True)
class PaymentFailed(Event):
    """An attempt to pay for an order that is not paid has failed; there may be another."""

    topic = "payment.failed"
    payment_id: UUID


@dataclass(frozen=True, slots=True)
class OrderLinkRequested(Event):
    """The link to an order was asked for by its number and an address; no order where the two don't belong together."""

    topic = "order.link_requested"
    order_id: UUID | None
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class AddressChanged(Event):
    """Parts of a paid order go to another address; `changed_by` is the side that has changed it."""

    topic = "order.address_changed"
    order_id: UUID
    sub_orders: tuple[str, ...]
    changed_by: str
    reason: str
    happened_at: datetime
