"""The order's page tells its buyer what is so: each step with its time, whose bill it is, and what goes back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context
from rest_framework.test import APIClient

from accounts.models import User
from checkout.announcing.paid_orders import announce_paid_order
from checkout.events import OrderPaid
from checkout.fulfilling.advance_part import deliver_part, pack_part, ship_part
from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.services import Parcel
from checkout.models import Order, Payment, Refund, RefundStatus, SubOrder
from checkout.pricing.shown import shown_adjustments
from kit.ids import uuid7
from notifications.models import Email
from tenants.models import Shop
from tests.world.market import ADDRESS, Stocked, buy, open_shop, order_request, stock
from tests.world.own_shop import api, member, page_client, paid_order

pytestmark = pytest.mark.django_db
BILL = replace(ADDRESS, name="Zenith Accounts", line1="9 Ledger Close", city="Ibadan")
MORNING = datetime(2026, 3, 2, 7, 15, tzinfo=UTC)


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def page_of(order: Order) -> str:
    reader = Client(HTTP_HOST=settings.BASE_DOMAIN)
    return text_of(reader.get(f"/orders/{order.number}/?key={order.access_key}", follow=True))


STATES = {"NG": "Lagos", "KE": "Nairobi", "GH": "Ashanti"}


def bought_in_two_shops(cloth: Stocked, country: str = "NG") -> tuple[Order, SubOrder, SubOrder]:
    """A paid order of which the second shop could not fulfil its part."""
    other = stock(open_shop("kano-caps"), sku="CAP")
    request = replace(order_request(), shipping_address=replace(ADDRESS, country=country, state=STATES[country]))
    order = buy(cloth.line(), other.line(), request=request, now=MORNING)
    parts = {part.shop.slug: part for part in order.sub_orders.select_related("shop")}
    kept, lost = parts["cloth-hall"], parts["kano-caps"]
    Order.objects.filter(pk=order.pk).update(status="paid", paid_at=MORNING)
    SubOrder.objects.filter(pk=kept.pk).update(status="new", status_at=MORNING)
    SubOrder.objects.filter(pk=lost.pk).update(status="unfulfillable", status_at=MORNING)
    return order, kept, lost


def give_back(order: Order, part: SubOrder) -> Refund:
    payment = Payment.objects.create(
        order=order, provider="paystack", reference=f"ks-{uuid7().hex}", amount_minor=order.total_minor, currency="NGN",
        status="captured", captured_minor=order.total_minor, fees_minor=0, created_at=MORNING, captured_at=MORNING,
    )  # fmt: skip
    return Refund.objects.create(
        payment=payment, sub_order=part, amount_minor=part.total_minor, currency="NGN", reason="Sold out.",
        created_at=MORNING,
    )  # fmt: skip


def test_each_step_keeps_its_time(cloth: Stocked) -> None:
    number = paid_order(cloth, now=MORNING)
    order = Order.objects.get(sub_orders__number=number)
    assert "Being prepared" in page_of(order)
    steps: list[tuple[int, Any, dict[str, Any]]] = [
        (1, pack_part, {}),
        (2, ship_part, {"parcel": Parcel("GIG", "GIG-1")}),
        (26, deliver_part, {}),
    ]
    for hours, step, more in steps:
        step(shop=cloth.shop, number=number, now=MORNING + timedelta(hours=hours), **more)
    page = page_of(order)
    for words in (
        "Paid 2 Mar 2026, 08:15 WAT",
        "Packed 2 Mar 2026, 09:15 WAT",
        "On its way 2 Mar 2026, 10:15 WAT GIG · GIG-1",
        "Delivered 3 Mar 2026, 10:15 WAT",
    ):
        assert words in page, page
    desk = text_of(page_client(cloth.shop, member(cloth.shop)).get(f"/dashboard/orders/{number}/"))
    for words in ("Packed 2 Mar 2026, 09:15 WAT", "Shipped 2 Mar 2026, 10:15 WAT", "Delivered 3 Mar 2026, 10:15 WAT"):
        assert words in desk, desk
    assert set(SubOrder.objects.get(number=number).times) == {"new", "packed", "shipped", "delivered"}


def test_a_step_that_was_left_out_is_not_told(cloth: Stocked) -> None:
    number = paid_order(cloth, now=MORNING)
    order = Order.objects.get(sub_orders__number=number)
    assert "Packed" in page_of(order)
    ship_part(shop=cloth.shop, number=number, parcel=Parcel(), now=MORNING + timedelta(hours=1))
    assert "Packed" not in page_of(order)


def test_an_order_of_an_earlier_release_shows_the_times_that_it_has(cloth: Stocked) -> None:
    number = paid_order(cloth, now=MORNING)
    SubOrder.objects.filter(number=number).update(status="shipped", status_at=MORNING, step_times={})
    order = Order.objects.get(sub_orders__number=number)
    assert "On its way 2 Mar 2026, 08:15 WAT" in page_of(order)
    with schema_context(cloth.shop.schema_name):
        VendorOrder.objects.filter(number=number).update(status="shipped")
    deliver_part(shop=cloth.shop, number=number, now=MORNING + timedelta(hours=2))
    page = page_of(order)
    assert "On its way 2 Mar 2026, 08:15 WAT" in page
    assert "Delivered 2 Mar 2026, 10:15 WAT" in page


def test_buyers_read_their_own_words(cloth: Stocked, buyer: User) -> None:
    request = order_request(email=buyer.email, user_id=buyer.pk)
    paid_order(cloth, now=MORNING, request=request)
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    client.force_login(buyer)
    order = Order.objects.get()
    for page in (text_of(client.get("/orders/")), text_of(client.get(f"/orders/{order.number}/"))):
        assert "To pack" not in page
    assert "Being prepared" in text_of(client.get(f"/orders/{order.number}/"))


def test_a_partly_fulfilled_order_says_what_goes_back_and_calls_nothing_refunded_before(cloth: Stocked) -> None:
    order, _, lost = bought_in_two_shops(cloth)
    refund = give_back(order, lost)
    page = page_of(order)
    assert "Fulfilled in part" in page
    assert "Kano Caps could not fulfil its part." in page
    assert "Could not be fulfilled" in page
    assert "A refund of ₦20,000 is on its way" in page
    assert "Refund on its way −₦20,000" in page
    assert "Total after refunds ₦20,000" in page
    assert "Thank you, it is paid" not in page
    assert "efunded" not in page
    with schema_context(lost.shop.schema_name):
        VendorOrder.objects.filter(number=lost.number).update(status="unfulfillable", paid_at=MORNING)
    desk = text_of(page_client(lost.shop, member(lost.shop)).get(f"/dashboard/orders/{lost.number}/"))
    assert "Could not be fulfilled" in desk
    assert "Refunded" not in desk

    at = MORNING + timedelta(days=1)
    Refund.objects.filter(pk=refund.pk).update(status=RefundStatus.PROCESSED, ended_at=at)
    page = page_of(order)
    assert "₦20,000 refunded 3 Mar 2026, 08:15 WAT" in page
    assert "Refunded −₦20,000" in page
    assert "A refund of" not in page
    assert "Refund on its way" not in page


def test_the_receipt_of_a_partly_fulfilled_order_says_what_comes_back(cloth: Stocked) -> None:
    order, _, _ = bought_in_two_shops(cloth)
    announce_paid_order(OrderPaid(order.pk), MORNING)
    letter = Email.objects.get(to=order.email)
    for text in (letter.text, unescape(re.sub(r"<[^>]+>", "", letter.html))):
        assert "Kano Caps could not fulfil its part." in text
        assert "We refund ₦20,000 of your payment" in text


def test_the_billing_address_is_shown_wherever_the_order_is(cloth: Stocked, operator: User) -> None:
    request = replace(order_request(), billing_address=BILL)
    number = paid_order(cloth, now=timezone.now(), request=request)
    order = Order.objects.get()
    announce_paid_order(OrderPaid(order.pk), timezone.now())
    [letter] = Email.objects.filter(to=order.email)
    desk = page_client(cloth.shop, member(cloth.shop))
    console = Client(HTTP_HOST=settings.BASE_DOMAIN)
    console.force_login(operator)
    shown = {
        "buyer": page_of(order),
        "receipt": letter.text,
        "receipt in HTML": letter.html,
        "shop": text_of(desk.get(f"/dashboard/orders/{number}/")),
        "operator": text_of(console.get(f"/operator/orders/{order.number}/")),
    }
    for where, text in shown.items():
        assert "Zenith Accounts" in text, where
        assert "9 Ledger Close" in text, where
    stranger = open_shop("other-shop")
    assert page_client(stranger, member(stranger)).get(f"/dashboard/orders/{number}/").status_code == 404


@pytest.mark.parametrize(("country", "words"), [("KE", "10:15 EAT"), ("GH", "07:15 GMT"), ("NG", "08:15 WAT")])
def test_times_are_those_of_the_buyer_s_country(cloth: Stocked, country: str, words: str) -> None:
    order, _, _ = bought_in_two_shops(cloth, country)
    assert words in page_of(order)


def test_the_api_tells_times_and_the_billing_address(cloth: Stocked, buyer: User) -> None:
    number = paid_order(cloth, now=MORNING, request=order_request(email=buyer.email, user_id=buyer.pk))
    pack_part(shop=cloth.shop, number=number, now=MORNING + timedelta(hours=1))
    client = APIClient(HTTP_HOST=settings.BASE_DOMAIN)
    client.force_authenticate(buyer)
    body = client.get(f"/api/v1/orders/{Order.objects.get().number}/").json()["data"]
    assert body["billing_address"]["line1"] == ADDRESS.line1
    assert set(body["sub_orders"][0]["times"]) == {"new", "packed"}
    assert api(cloth.shop).get("/api/v1/vendor-orders/").status_code == 401


def test_a_buyer_s_own_zone_comes_before_the_country_s(cloth: Stocked, buyer: User) -> None:
    order, _, _ = bought_in_two_shops(cloth, "KE")
    Order.objects.filter(pk=order.pk).update(buyer=buyer)
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    client.force_login(buyer)
    assert "10:15 EAT" in text_of(client.get(f"/orders/{order.number}/"))
    form = {"name": "Ada", "phone": "", "time_zone": "Africa/Johannesburg"}
    assert client.post("/account/profile/", form).status_code == 302
    assert "09:15 SAST" in text_of(client.get(f"/orders/{order.number}/"))
    assert client.post("/account/profile/", form | {"time_zone": "Mars/Base"}).status_code == 200
    buyer.refresh_from_db()
    assert buyer.time_zone == "Africa/Johannesburg"


def test_a_shop_s_times_are_those_of_its_country(cloth: Stocked) -> None:
    number = paid_order(cloth, now=MORNING)
    Shop.objects.filter(pk=cloth.shop.pk).update(country="ZA")
    desk = page_client(cloth.shop, member(cloth.shop))
    assert "09:15 SAST" in text_of(desk.get(f"/dashboard/orders/{number}/"))


def test_the_list_of_orders_shows_what_was_fulfilled(cloth: Stocked, buyer: User) -> None:
    order, _, _ = bought_in_two_shops(cloth)
    Order.objects.filter(pk=order.pk).update(buyer=buyer)
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    client.force_login(buyer)
    page = text_of(client.get("/orders/"))
    assert "₦20,000 of ₦40,000 ordered" in page
    assert "Fulfilled in part" in page


def test_the_list_of_orders_begins_with_the_one_placed_last(cloth: Stocked, buyer: User) -> None:
    early, late = (buy(cloth.line(), request=order_request(user_id=buyer.pk)) for _ in range(2))
    Order.objects.filter(pk=early.pk).update(placed_at=timezone.now())
    Order.objects.filter(pk=late.pk).update(placed_at=timezone.now() - timedelta(days=9))
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    client.force_login(buyer)
    page = text_of(client.get("/orders/"))
    assert page.index(early.number) < page.index(late.number)


def test_a_shop_s_own_name_of_a_delivery_keeps_its_letters() -> None:
    rows = [{"kind": "delivery", "label": label, "amount_minor": 1} for label in ("Delivery", "DHL, to Ikeja")]
    shown = shown_adjustments(rows, prices_include_tax=True)
    assert [each.inline_label for each in shown] == ["delivery", "DHL, to Ikeja"]
