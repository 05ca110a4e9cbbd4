"""Orders with nothing to pay are confirmed as they are placed; with too little to pay they are refused beforehand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from checkout.cart import store
from checkout.cart.store import CartId
from checkout.ending.end_orders import cancel_order
from checkout.ending.expire_orders import expire_reservations
from checkout.errors import ChargeOutOfLimitsError, OrderNotCancellableError
from checkout.models import CouponKind, Order, Payment
from checkout.orders.operations import order_number_of
from checkout.placing import place_order as placing
from checkout.placing.check_out import check_out
from checkout.pricing.choices import Choices
from kit.work import outbox
from notifications.models import Email
from payouts.audit.run import run_audit
from payouts.models import Journal
from tests.world.clock import NOW
from tests.world.coupons import coupon, used
from tests.world.market import Stocked, open_shop, order_request, stock, vendor_orders
from tests.world.payments import nothing_booked, states, sums

pytestmark = pytest.mark.django_db
ADA = CartId.of_user(7)


@pytest.fixture
def cloth(db: None, settings: Any) -> Stocked:
    settings.PAYSTACK_BASE_URL = "http://127.0.0.1:9"  # nobody answers there, and nobody need
    return stock(open_shop("cloth-hall"), price_minor=1_000_000, on_hand=3)


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house"), sku="POT-1", price_minor=3_000_000)


def all_off(shop: Any = None) -> None:
    """Make coupons that leave nothing to pay, of a shop or of the platform."""
    coupon(shop, "ALL", kind=CouponKind.PERCENT, percent_bps=10_000)
    coupon(shop, "SHIP", kind=CouponKind.FREE_DELIVERY, **({} if shop else {"currency": "NGN"}))


def free(*, key: str = "first", codes: tuple[str, ...] = ("ALL", "SHIP"), **asked: Any) -> Any:
    request = replace(order_request(key=key, **asked), choices=Choices(coupons=codes))
    return check_out(cart=ADA, request=request, now=NOW)


def findings() -> list[Any]:
    return [finding for result in run_audit(with_provider=False, now=NOW).results for finding in result.findings]


def test_a_free_order_is_confirmed_at_once_and_the_platform_owes_the_shops(cloth: Stocked, pot: Stocked) -> None:
    all_off()
    store.write_line(ADA, cloth.line(3))
    store.write_line(ADA, pot.line())
    bought = free()
    order = Order.objects.get()
    assert (bought.payment_url, bought.is_replayed, order.total_minor, order.paid_at) == ("", False, 0, NOW)
    assert states(order) == ("paid", ["new", "new"])
    assert (cloth.level(), pot.level(), Payment.objects.count(), store.read_lines(ADA)) == ((0, 0), (9, 0), 0, [])
    records = vendor_orders([cloth.shop, pot.shop])
    assert {(each.status, each.stock_state, each.paid_at) for each in records} == {("new", "consumed", NOW)}
    commission = sum(part.commission_minor for part in order.sub_orders.all())
    given = 6_000_000 + 2 * 150_000
    assert sums() == {
        "platform_promotions": given, "commission": -commission, "shop_pending": commission - given
    }  # fmt: skip
    assert order_number_of(kind="sale", source=Journal.objects.get().source) == order.number
    assert findings() == []


def test_what_the_shop_gives_itself_is_owed_by_nobody(cloth: Stocked) -> None:
    all_off(cloth.shop)
    store.write_line(ADA, cloth.line())
    free()
    assert states(Order.objects.get()) == ("paid", ["new"])
    assert (Order.objects.get().sub_orders.get().commission_minor, cloth.level()) == (0, (2, 0))
    assert nothing_booked()
    assert findings() == []


def test_a_free_order_is_placed_once_never_ends_unpaid_and_cannot_be_cancelled(cloth: Stocked) -> None:
    all_off()
    store.write_line(ADA, cloth.line())
    first, again = free(), free()
    assert (again.order.number, again.is_replayed, again.payment_url) == (first.order.number, True, "")
    expire_reservations(now=NOW + timedelta(days=2))
    with pytest.raises(OrderNotCancellableError):
        cancel_order(order_id=first.order.pk, now=NOW)
    assert states(first.order) == ("paid", ["new"])
    assert (cloth.level(), Journal.objects.count()) == ((2, 0), 1)


def test_buyer_and_shop_get_their_letters_without_a_word_of_a_payment(cloth: Stocked) -> None:
    all_off()
    store.write_line(ADA, cloth.line())
    free()
    outbox.relay(now=NOW)
    order = Order.objects.get()
    letter = Email.objects.get(to=order.email)
    assert letter.subject == f"Your order {order.number} is confirmed"
    assert "there is nothing to pay" in letter.text
    assert "We have your payment" not in letter.text + letter.html


def test_a_failure_while_it_is_confirmed_leaves_nothing(cloth: Stocked, monkeypatch: pytest.MonkeyPatch) -> None:
    all_off()
    store.write_line(ADA, cloth.line())

    def fail(*_: Any, **__: Any) -> None:
        raise IntegrityError("no more")

    monkeypatch.setattr(placing, "confirm_free", fail)
    with pytest.raises(IntegrityError):
        free()
    assert (Order.objects.count(), cloth.level(), len(store.read_lines(ADA))) == (0, (3, 0), 1)
    assert nothing_booked()


def test_less_than_a_provider_takes_is_refused_with_what_to_do(cloth: Stocked) -> None:
    ten = coupon(None, "MOST", kind=CouponKind.FIXED, amount_minor=1_149_000, currency="NGN")
    coupon(None, "SHIP", kind=CouponKind.FREE_DELIVERY, currency="NGN")
    cloth.set_price(1_150_000)
    store.write_line(ADA, cloth.line())
    with pytest.raises(ChargeOutOfLimitsError) as refusal:
        free(codes=("MOST", "SHIP"))
    assert "remove a coupon" in refusal.value.message
    assert refusal.value.details == {"least_minor": 5_000}
    assert (Order.objects.count(), cloth.level(), used(ten), len(store.read_lines(ADA))) == (0, (3, 0), 0, 1)


def test_the_pages_of_a_free_order_ask_for_no_payment(client: Client, cloth: Stocked) -> None:
    all_off()
    client.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": "1"})
    client.post("/cart/change/", {"coupon": "ALL"})
    client.post("/cart/change/", {"coupon": "SHIP"})
    page = client.get("/checkout/").content.decode()
    assert "Order, with nothing to pay" in page
    assert "Order and pay" not in page
    sent = order_request().shipping_address.as_dict()
    form = {f"shipping-{name}": value for name, value in sent.items()}
    key = page.split('name="request_key" value="')[1].split('"')[0]
    asked = {"email": "buyer@example.com", "expected_total_minor": "0", "request_key": key, "currency": "NGN"}
    answer = client.post("/checkout/", form | asked, follow=True)
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert "Thank you, it is confirmed" in shown
    assert "Pay ₦" not in shown
    assert states(Order.objects.get()) == ("paid", ["new"])
