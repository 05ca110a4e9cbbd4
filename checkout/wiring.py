"""How checkout is joined to the other apps."""

from checkout.audit.money import MONEY_CHECKS, UNDER_WAY
from checkout.audit.vendor_orders import VENDOR_ORDERS
from checkout.events import OrderPaid, PaymentReturning
from checkout.payments.announce import announce_paid_order, announce_returning_payment
from kit.wiring import Hears

HEARS = (
    Hears(OrderPaid, announce_paid_order),
    Hears(PaymentReturning, announce_returning_payment),
)
CONTRIBUTES = (*MONEY_CHECKS, VENDOR_ORDERS, *UNDER_WAY)
