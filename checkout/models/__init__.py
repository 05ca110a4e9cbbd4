"""Orders, what was paid for them and what was given back."""

from checkout.models.coupons import Coupon, CouponBuyer, CouponKind, CouponUse
from checkout.models.delivered_by import DeliveredBy
from checkout.models.documents import DocumentCounter, DocumentKind, IssuedDocument
from checkout.models.exchanges import MOVED_CREDITS, CreditStatus, ExchangeCredit
from checkout.models.messages import (
    LONGEST_MESSAGE,
    Conversation,
    ConversationReader,
    MessagePhoto,
    MessageSide,
    OrderMessage,
)
from checkout.models.offers import AutomaticOffer, OfferKind
from checkout.models.orders import Order, OrderStatus, SubOrder
from checkout.models.payments import (
    ENDED_REFUNDS,
    FIRST_ASKED_AFTER,
    OWED_REFUNDS,
    STUCK_REFUNDS,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
)
from checkout.models.returns import Return, ReturnPhoto, ReturnStatus, ReturnTerms
from checkout.models.reversals import Reversal, ReversalKind, ReversedBy
from checkout.models.stations import PickupCode, Station
from checkout.models.terms import ShopTerms
from checkout.models.waiting_rooms import OpenedBy, WaitingRoom

__all__ = [
    "ENDED_REFUNDS",
    "FIRST_ASKED_AFTER",
    "LONGEST_MESSAGE",
    "MOVED_CREDITS",
    "OWED_REFUNDS",
    "STUCK_REFUNDS",
    "AutomaticOffer",
    "Conversation",
    "ConversationReader",
    "Coupon",
    "CouponBuyer",
    "CouponKind",
    "CouponUse",
    "CreditStatus",
    "DeliveredBy",
    "DocumentCounter",
    "DocumentKind",
    "ExchangeCredit",
    "IssuedDocument",
    "MessagePhoto",
    "MessageSide",
    "OfferKind",
    "OpenedBy",
    "Order",
    "OrderMessage",
    "OrderStatus",
    "Payment",
    "PaymentStatus",
    "PickupCode",
    "Refund",
    "RefundStatus",
    "Return",
    "ReturnPhoto",
    "ReturnStatus",
    "ReturnTerms",
    "Reversal",
    "ReversalKind",
    "ReversedBy",
    "ShopTerms",
    "Station",
    "SubOrder",
    "WaitingRoom",
]
