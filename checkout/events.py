"""Events of orders and payments."""

from dataclasses import dataclass
from uuid import UUID

from kit.work.events import Event


@dataclass(frozen=True, slots=True)
class OrderPaid(Event):
    """An order is paid, and some of it at least goes to its buyer."""

    topic = "order.paid"
    order_id: UUID


@dataclass(frozen=True, slots=True)
class PaymentReturning(Event):
    """A payment, or a part of it, goes back to its buyer, in minor units of its currency."""

    topic = "payment.returning"
    payment_id: UUID
    amount_minor: int
