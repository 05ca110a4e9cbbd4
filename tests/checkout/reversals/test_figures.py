"""Figures of coupons and offers take off what was cancelled after it was paid."""

from __future__ import annotations

import pytest

from checkout.coupons import watching as coupon_figures
from checkout.coupons.watching import CouponFigures
from checkout.models import CouponKind, Order, Reversal, ReversedBy, SubOrder
from checkout.offers import watching as offer_figures
from checkout.offers.watching import OfferFigures
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.reverse import Actor
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.coupons import buy_with, coupon
from tests.world.market import Stocked, open_shop, stock
from tests.world.offers import automatic_offer
from tests.world.payments import pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_000_001)


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house"), sku="POT-1", price_minor=3_000_000)


def pay_for(order: Order, paystack: SandboxProcess) -> None:
    payment = start_payment(order_id=order.pk, now=NOW)
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=NOW)


def cancel(order: Order, item: Stocked, count: int) -> Reversal:
    part = SubOrder.objects.get(order=order, shop=item.shop)
    units = {part.pk: {item.variant_id: count}}
    [done] = cancel_units(Cancellation(order_id=order.pk, units=units, by=Actor(ReversedBy.BUYER)), now=NOW)
    return done


def test_a_coupon_s_cost_and_revenue_go_with_the_units(cloth: Stocked, pot: Stocked, paystack: SandboxProcess) -> None:
    ten = coupon(cloth.shop)
    order = buy_with(cloth.line(3), pot.line(), codes=("TEN",)).order
    pay_for(order, paystack)
    part = SubOrder.objects.get(order=order, shop=cloth.shop)

    first = cancel(order, cloth, 1)
    left = [CouponFigures(1, part.total_minor - first.total_minor, part.discount_minor - first.discount_minor, "NGN")]
    assert coupon_figures.figures_of([ten]) == {ten.pk: left}
    assert 0 < left[0].cost_minor < part.discount_minor

    cancel(order, cloth, 2)  # nothing of the shop is left; the order goes on with the pot
    assert coupon_figures.figures_of([ten]) == {}


def test_a_coupon_of_the_market_is_split_over_shops(cloth: Stocked, pot: Stocked, paystack: SandboxProcess) -> None:
    gift = coupon(None, "WELCOME", kind=CouponKind.FIXED, amount_minor=600_001, currency="NGN")
    order = buy_with(cloth.line(3), pot.line(), codes=("WELCOME",)).order
    pay_for(order, paystack)
    back = cancel(order, cloth, 2)
    [found] = coupon_figures.figures_of([gift])[gift.pk]
    assert found.revenue_minor == order.total_minor - back.total_minor
    assert found.cost_minor == 600_001 - back.discount_minor


def test_a_free_delivery_costs_until_all_of_it_is_cancelled(cloth: Stocked, paystack: SandboxProcess) -> None:
    ship = coupon(cloth.shop, "SHIP", kind=CouponKind.FREE_DELIVERY)
    order = buy_with(cloth.line(2), codes=("SHIP",)).order
    pay_for(order, paystack)
    cancel(order, cloth, 1)
    assert [each.cost_minor for each in coupon_figures.figures_of([ship])[ship.pk]] == [150_000]
    cancel(order, cloth, 1)
    assert coupon_figures.figures_of([ship]) == {}


def test_an_offer_s_figures_go_with_the_units(cloth: Stocked, pot: Stocked, paystack: SandboxProcess) -> None:
    offer = automatic_offer(cloth.shop)
    order = buy_with(cloth.line(3), pot.line(), codes=()).order
    pay_for(order, paystack)
    part = SubOrder.objects.get(order=order, shop=cloth.shop)
    first = cancel(order, cloth, 1)
    left = OfferFigures(1, part.total_minor - first.total_minor, part.discount_minor - first.discount_minor)
    assert offer_figures.figures_of([offer]) == {offer.pk: left}
    cancel(order, cloth, 2)
    assert offer_figures.figures_of([offer]) == {}
