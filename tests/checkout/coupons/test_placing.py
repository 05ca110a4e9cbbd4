"""Orders with coupons: claimed with the order, frozen on it, released when it ends unpaid, counted again when late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from checkout.coupons.watching import CouponFigures, figures_of
from checkout.ending.end_orders import cancel_order
from checkout.ending.expire_orders import expire_reservations
from checkout.errors import CouponRefusedError
from checkout.models import Coupon, CouponKind, CouponUse, Order, OrderStatus, Payment, Refund, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from checkout.pricing.choices import Choices
from checkout.pricing.coupons.facts import CouponBuyerKey
from checkout.pricing.reading import read_quote
from payouts.audit.run import run_audit
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.coupons import buy_with, coupon, used
from tests.world.factories.people import person
from tests.world.market import Stocked, buy, open_shop, order_request, stock
from tests.world.payments import pay, sums

pytestmark = pytest.mark.django_db
LATE = NOW + timedelta(minutes=45)


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_000_000)


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house"), sku="POT-1", price_minor=3_000_000)


def paid(paystack: SandboxProcess, order: Order, *, now: Any = NOW) -> Payment:
    payment = start_payment(order_id=order.pk, now=NOW)
    pay(paystack, payment)
    return confirm_payment(reference=payment.reference, now=now)


def test_the_order_is_charged_what_the_basket_showed(cloth: Stocked, pot: Stocked) -> None:
    coupon(cloth.shop)
    coupon(None, "WELCOME", kind=CouponKind.FIXED, amount_minor=600_000, currency="NGN")
    lines = [cloth.line(2), pot.line()]
    shown = read_quote(lines, now=NOW, choices=Choices(coupons=("TEN", "WELCOME")))
    order = buy_with(*lines, codes=("TEN", "WELCOME")).order
    assert order.total_minor == shown.amounts.total_minor == 5_000_000 - 200_000 - 600_000 + 300_000
    first, second = order.sub_orders.order_by("number")
    assert (first.discount_minor, first.platform_discount_minor) == (425_000, 225_000)
    assert (second.discount_minor, second.platform_discount_minor) == (375_000, 375_000)
    assert first.commission_minor == (2_000_000 - 200_000) * first.commission_bps // 10_000
    assert second.commission_minor == 3_000_000 * second.commission_bps // 10_000
    assert [each["label"] for each in first.adjustments] == ["Coupon TEN", "Coupon WELCOME", "Delivery"]


def test_what_the_platform_gives_is_owed_to_the_shop(cloth: Stocked, pot: Stocked, paystack: SandboxProcess) -> None:
    coupon(None, "WELCOME", kind=CouponKind.FIXED, amount_minor=600_000, currency="NGN")
    coupon(None, "SHIP", kind=CouponKind.FREE_DELIVERY, currency="NGN")
    order = buy_with(cloth.line(2), pot.line(), codes=("SHIP", "WELCOME")).order
    assert order.total_minor == 4_400_000
    paid(paystack, order)
    commission = sum(part.commission_minor for part in order.sub_orders.all())
    booked = sums()
    assert booked["platform_promotions"] == 600_000 + 300_000
    assert booked["commission"] == -commission
    assert booked["shop_pending"] == -(5_000_000 + 300_000 - commission)
    assert [part.payable_minor for part in order.sub_orders.order_by("number")] == [
        part.items_minor + 150_000 - part.commission_minor for part in order.sub_orders.order_by("number")
    ]
    assert [finding for result in run_audit(with_provider=False, now=NOW).results for finding in result.findings] == []


def test_a_use_is_counted_once_with_its_saving_and_released_with_the_order(cloth: Stocked) -> None:
    ten = coupon(cloth.shop, uses_total=5, uses_per_buyer=1)
    order = buy_with(cloth.line()).order
    use = CouponUse.objects.get()
    assert (use.coupon_id, use.order_id, use.saved_minor, use.released_at) == (ten.pk, order.pk, 100_000, None)
    assert used(ten) == 1
    with pytest.raises(CouponRefusedError) as refusal:
        buy_with(cloth.line(), email="BUYER@example.com ")
    assert refusal.value.details["refused"] == ({"code": "TEN", "reason": "used_by_you"},)
    assert Order.objects.count() == 1
    assert expire_reservations(now=LATE) == 1
    assert used(ten) == 0
    assert CouponUse.objects.get().released_at is not None
    buy_with(cloth.line())
    assert used(ten) == 1


def test_a_cancelled_order_gives_its_use_back_and_a_paid_one_keeps_it(cloth: Stocked, paystack: SandboxProcess) -> None:
    ten = coupon(cloth.shop, uses_total=2)
    first, second = buy_with(cloth.line()).order, buy_with(cloth.line(), email="other@example.com").order
    cancel_order(order_id=first.pk, now=NOW)
    assert used(ten) == 1
    paid(paystack, second)
    expire_reservations(now=LATE)
    assert used(ten) == 1
    assert figures_of([ten]) == {ten.pk: [CouponFigures(1, second.total_minor, 100_000, "NGN")]}


def test_an_order_paid_late_counts_its_use_again(cloth: Stocked, paystack: SandboxProcess) -> None:
    ten = coupon(cloth.shop, uses_total=1)
    order = buy_with(cloth.line()).order
    payment = start_payment(order_id=order.pk, now=NOW)
    expire_reservations(now=LATE)
    assert used(ten) == 0
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=LATE)
    order.refresh_from_db()
    assert (order.status, used(ten)) == (OrderStatus.PAID, 1)
    assert CouponUse.objects.get().released_at is None


def test_an_order_paid_late_whose_coupon_is_used_up_is_given_back(cloth: Stocked, paystack: SandboxProcess) -> None:
    ten = coupon(cloth.shop, uses_total=1)
    order = buy_with(cloth.line()).order
    payment = start_payment(order_id=order.pk, now=NOW)
    expire_reservations(now=LATE)
    other = buy_with(cloth.line(), email="other@example.com").order
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=LATE)
    assert Refund.objects.get().reason == "The coupon was used up before the payment arrived."
    assert used(ten) == 1
    assert CouponUse.objects.get(released_at=None).order_id == other.pk


def test_a_coupon_for_the_first_order_is_refused_later(cloth: Stocked, pot: Stocked) -> None:
    ada = person(email="ada@example.com")
    coupon(None, "HELLO", kind=CouponKind.PERCENT, percent_bps=500, is_first_order=True)
    coupon(pot.shop, "POTS", is_first_order=True)
    buy(cloth.line(), request=order_request(email=ada.email, user_id=ada.pk))
    with pytest.raises(CouponRefusedError) as refusal:
        buy_with(cloth.line(), codes=("HELLO",), email=ada.email, user_id=ada.pk)
    assert refusal.value.details["refused"] == ({"code": "HELLO", "reason": "not_first_order"},)
    assert buy_with(pot.line(), codes=("POTS",), email=ada.email, user_id=ada.pk).order.discount_minor == 300_000
    with pytest.raises(CouponRefusedError):
        buy_with(pot.line(), codes=("POTS",), email=ada.email, user_id=ada.pk)
    assert buy_with(cloth.line(), codes=("HELLO",), email="new@example.com").order.discount_minor == 50_000


def test_a_code_that_the_request_names_has_to_count(cloth: Stocked) -> None:
    full = read_quote([cloth.line()], now=NOW).amounts.total_minor
    request = order_request(expected=full)
    named = type(request)(**{**_fields(request), "choices": Choices(coupons=("NOPE",))})
    with pytest.raises(CouponRefusedError) as refusal:
        buy(cloth.line(), request=named)
    assert refusal.value.details["refused"] == ({"code": "NOPE", "reason": "unknown"},)
    assert not Order.objects.exists()
    assert cloth.level() == (10, 0)


def test_a_coupon_of_the_basket_that_ended_is_no_surprise(cloth: Stocked) -> None:
    ten = coupon(cloth.shop)
    shown = read_quote([cloth.line()], now=NOW, choices=Choices(coupons=("TEN",))).amounts.total_minor
    Coupon.objects.filter(pk=ten.pk).update(is_paused=True)
    for expected in (shown, None):
        with pytest.raises(CouponRefusedError):
            buy_with(cloth.line(), expected=expected)
    assert not Order.objects.exists()
    full = shown + 100_000
    assert buy_with(cloth.line(), expected=full).order.total_minor == full  # its buyer saw the total without it


def test_a_basket_without_coupon_costs_no_statement_more(cloth: Stocked) -> None:
    coupon(cloth.shop)
    counts = []
    for codes in ((), ("TEN",)):
        buy_with(cloth.line(), codes=codes, email=f"{len(codes)}@example.com")  # warm
        with CaptureQueriesContext(
            connection,
        ) as captured:
            buy_with(cloth.line(), codes=codes, email=f"{len(codes)}b@example.com")
        counts.append([query["sql"] for query in captured if "coupon" in query["sql"]])
    assert counts[0] == []
    assert len(counts[1]) == 2, "one reads the coupons, one claims them"


def test_expiring_an_order_without_coupon_reads_no_coupon(cloth: Stocked) -> None:
    buy(cloth.line())
    with CaptureQueriesContext(connection) as captured:
        expire_reservations(now=LATE)
    assert not [query for query in captured if "coupon" in query["sql"]]


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"percent_bps": None}, "coupon_has_what_its_kind_needs"),
        ({"percent_bps": 10_001}, "coupon_has_what_its_kind_needs"),
        ({"code": "ab"}, "coupon_code_is_one"),
        ({"currency": "", "minimum_minor": 5}, "coupon_amounts_have_currency"),
        ({"minimum_minor": -1}, "coupon_minimum_not_negative"),
        ({"starts_at": NOW, "ends_at": NOW}, "coupon_ends_after_it_starts"),
        ({"uses_total": 0}, "coupon_limits_positive"),
        ({"uses_total": 1, "used": 2}, "coupon_used_within_limit"),
        ({"shops": [1]}, "coupon_of_shop_has_none"),
        ({"code": "TWO"}, "coupon_code_once"),
    ],
)
def test_the_database_refuses_a_coupon_that_can_be_none(
    cloth: Stocked, values: dict[str, Any], constraint: str
) -> None:
    coupon(cloth.shop, "TWO")
    ten = coupon(cloth.shop)
    with pytest.raises(IntegrityError, match=constraint):
        Coupon.objects.filter(pk=ten.pk).update(**values)


def test_the_database_refuses_uses_and_discounts_that_do_not_fit(cloth: Stocked) -> None:
    coupon(cloth.shop)
    order = buy_with(cloth.line()).order
    use = CouponUse.objects.get()
    copy = CouponUse(coupon_id=use.coupon_id, order_id=order.pk, saved_minor=1, currency="NGN", created_at=NOW)
    for act, constraint in (
        (copy.save, "coupon_use_once_an_order"),
        (lambda: CouponUse.objects.update(saved_minor=0), "coupon_use_saves"),
        (lambda: SubOrder.objects.update(platform_discount_minor=100_001), "sub_order_platform_discount_within"),
    ):
        from django.db import transaction

        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            act()


def test_buyers_are_counted_by_account_or_by_a_guests_address() -> None:
    assert CouponBuyerKey(None, "Ada@Example.com ").digest == CouponBuyerKey(None, "ada@example.com").digest
    assert CouponBuyerKey(7, "ada@example.com").digest == CouponBuyerKey(7, "bola@example.com").digest
    assert len({CouponBuyerKey(7).digest, CouponBuyerKey(8).digest, CouponBuyerKey(None, "a@b.c").digest}) == 3
    assert CouponBuyerKey().digest == ""


def _fields(request: Any) -> dict[str, Any]:
    return {name: getattr(request, name) for name in type(request).__dataclass_fields__}
