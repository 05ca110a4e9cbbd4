"""Orders, what was paid for them and what was given back."""

from checkout.models.orders import Order, OrderStatus, SubOrder
from checkout.models.payments import Payment, PaymentStatus, Refund, RefundStatus

__all__ = [
    "Order",
    "OrderStatus",
    "Payment",
    "PaymentStatus",
    "Refund",
    "RefundStatus",
    "SubOrder",
]
