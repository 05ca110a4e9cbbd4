"""Orders, what was paid for them and what was given back."""

from checkout.models.orders import Order, OrderStatus, SubOrder
from checkout.models.payments import FIRST_ASKED_AFTER, Payment, PaymentStatus, Refund, RefundStatus

__all__ = [
    "FIRST_ASKED_AFTER",
    "Order",
    "OrderStatus",
    "Payment",
    "PaymentStatus",
    "Refund",
    "RefundStatus",
    "SubOrder",
]
