"""A paid order of two shops, with a coupon, tax, and gifts of the market."""

from __future__ import annotations

import pytest

from checkout.models import CouponKind, Order
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.coupons import buy_with, coupon
from tests.world.market import Stocked, open_shop, stock
from tests.world.payments import pay
from tests.world.tax import register


@pytest.fixture
def cloth(db: None) -> Stocked:
    item = stock(open_shop("cloth-hall"), price_minor=1_000_000, on_hand=10)
    register(item.shop)
    coupon(item.shop)
    return item


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house"), sku="POT-1", price_minor=3_000_000, on_hand=5)


@pytest.fixture
def paid(cloth: Stocked, pot: Stocked, paystack: SandboxProcess) -> Order:
    """Three pieces of cloth with a shop's coupon and tax, and a pot, with gifts of the market."""
    coupon(None, "WELCOME", kind=CouponKind.FIXED, amount_minor=600_001, currency="NGN")
    coupon(None, "SHIP", kind=CouponKind.FREE_DELIVERY, currency="NGN")
    order = buy_with(cloth.line(3), pot.line(), codes=("TEN", "WELCOME", "SHIP")).order
    payment = start_payment(order_id=order.pk, now=NOW)
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=NOW)
    return Order.objects.get(pk=order.pk)
