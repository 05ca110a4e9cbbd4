"""Cancelling items on the pages of buyer, shop and operator, and over the API: shown first, then confirmed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from rest_framework.test import APIClient

from checkout.fulfilling.advance_part import ship_part
from checkout.fulfilment.services import Parcel
from checkout.models import Order, Refund, Reversal, ReversedBy, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from console.models import AuditEntry
from kit.ids import uuid7
from kit.money import format_minor
from paystack_sandbox.testing import SandboxProcess
from tests.world.books import make_operator
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, stock
from tests.world.own_shop import member, page_client
from tests.world.payments import pay, started

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_000_000)


@pytest.fixture
def order(item: Stocked, paystack: SandboxProcess) -> Order:
    payment = started(item.line(3))
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=NOW)
    return Order.objects.get()


@pytest.fixture
def part(order: Order) -> SubOrder:
    return SubOrder.objects.select_related("shop").get()


def field_of(part: SubOrder, item: Stocked) -> str:
    return f"units-{part.pk.hex}-{item.variant_id.hex}"


def guest(order: Order) -> Client:
    """A browser that has opened the link of the order's letter."""
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    client.get(f"{order.get_absolute_url()}?key={order.access_key}")
    return client


def shown_and_confirmed(client: Any, address: str, **entered: Any) -> Any:
    """Choose units, read what goes back, and confirm it; return the page that showed it."""
    shown = client.post(address, entered)
    assert shown.status_code == 200
    assert not Reversal.objects.exists()
    [confirmed] = re.findall(r'name="confirmed"\s+value="([^"]+)"|value="([^"]+)"[^>]*name="confirmed"', shown.text)
    confirmation = {**entered, "confirmed": "".join(confirmed)}
    assert client.post(address, confirmation).status_code == 302
    assert client.post(address, confirmation).status_code in {200, 302, 422}, "sent twice"
    assert Reversal.objects.count() == 1
    return shown


def test_a_guest_cancels_a_unit_by_the_letters_link(order: Order, part: SubOrder, item: Stocked) -> None:
    client, address = guest(order), f"/orders/{order.number}/cancel/"
    assert address in client.get(order.get_absolute_url()).text
    assert field_of(part, item) in client.get(address).text
    shown = shown_and_confirmed(client, address, **{field_of(part, item): "1"}, reason="Two are enough")
    reversal = Reversal.objects.get()
    assert format_minor(reversal.total_minor, "NGN") in shown.text
    assert (reversal.reversed_by, reversal.reason, reversal.lines) == (
        ReversedBy.BUYER,
        "Two are enough",
        {str(item.variant_id): 1},
    )
    page = client.get(order.get_absolute_url()).text
    assert "1 cancelled" in page
    assert "Items were cancelled." in page


def test_a_figure_that_was_not_shown_is_shown_again(order: Order, part: SubOrder, item: Stocked) -> None:
    again = guest(order).post(
        f"/orders/{order.number}/cancel/", {field_of(part, item): "2", "reason": "", "confirmed": "5"}
    )
    assert again.status_code == 200
    assert 'name="confirmed"' in again.text
    assert not Reversal.objects.exists()


@pytest.mark.parametrize("entered", ["", "0", "4", "-1", "many"])
def test_what_can_not_be_meant_is_said_beside_its_field(
    order: Order, part: SubOrder, item: Stocked, entered: str
) -> None:
    answer = guest(order).post(f"/orders/{order.number}/cancel/", {field_of(part, item): entered})
    assert answer.status_code == 422
    assert not Reversal.objects.exists()


def test_what_has_left_leads_back_to_the_order(order: Order, part: SubOrder) -> None:
    ship_part(shop=part.shop, number=part.number, parcel=Parcel(), now=NOW)
    client = guest(order)
    assert "/cancel/" not in client.get(order.get_absolute_url()).text
    assert client.get(f"/orders/{order.number}/cancel/").status_code == 302


def test_the_shop_says_why_and_what_is_broken_stays_off_the_shelf(part: SubOrder, item: Stocked) -> None:
    client = page_client(part.shop, member(part.shop))
    address = f"/dashboard/orders/{part.number}/cancel/"
    assert client.post(address, {field_of(part, item): "1"}).status_code == 422, "without a reason"
    shown_and_confirmed(client, address, **{field_of(part, item): "1"}, reason="It is torn")
    assert Reversal.objects.get().reversed_by == ReversedBy.SHOP
    page = client.get(f"/dashboard/orders/{part.number}/").text
    assert "Goes back to the buyer" in page
    assert "It is torn" in page
    assert ">2<" in client.get("/dashboard/orders/packing-list/", {"ids": part.number}).text


def test_an_operator_cancels_and_the_log_keeps_why(order: Order, part: SubOrder, item: Stocked) -> None:
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    client.force_login(make_operator())
    address = f"/operator/orders/{order.number}/cancel/"
    assert address in client.get(f"/operator/orders/{order.number}/").text
    assert client.post(address, {field_of(part, item): "3", "reason": "why"}).status_code == 422, "as over the API"
    shown_and_confirmed(client, address, **{field_of(part, item): "3"}, reason="The buyer asked by phone")
    assert AuditEntry.objects.get().reason == "The buyer asked by phone"
    assert "(3 cancelled)" in client.get(f"/operator/orders/{order.number}/").text


def cancel(client: Any, address: str, body: dict[str, Any]) -> Any:
    return client.post(address, body, format="json", headers={"Idempotency-Key": uuid7().hex})


def test_the_api_cancels_a_unit_then_the_rest(order: Order, part: SubOrder, item: Stocked) -> None:
    client = APIClient(HTTP_HOST=settings.BASE_DOMAIN, headers={"X-Order-Key": order.access_key})
    address = f"/api/v1/orders/{order.number}/cancel/"
    line = {"line_id": str(item.variant_id), "quantity": 1}
    told = cancel(client, address, {"reason": "Enough", "lines": [line]}).json()["data"]["sub_orders"][0]
    assert (told["lines"][0]["id"], told["lines"][0]["cancelled_quantity"]) == (str(item.variant_id), 1)
    assert told["refunded_minor"] == Refund.objects.get().amount_minor
    assert cancel(client, address, {"lines": [{**line, "quantity": 3}]}).json()["code"] == "units_not_left"
    assert cancel(client, address, {"sub_order": "KS-NOBODY-1"}).status_code == 404
    ended = cancel(client, address, {}).json()["data"]
    assert (ended["status"], ended["sub_orders"][0]["refunded_minor"]) == ("cancelled", order.total_minor)
    assert cancel(client, address, {}).json()["code"] == "order_not_cancellable"


def test_what_was_sent_is_named_by_the_api(order: Order, part: SubOrder) -> None:
    ship_part(shop=part.shop, number=part.number, parcel=Parcel(), now=NOW)
    client = APIClient(HTTP_HOST=settings.BASE_DOMAIN, headers={"X-Order-Key": order.access_key})
    refused = cancel(client, f"/api/v1/orders/{order.number}/cancel/", {})
    assert refused.status_code == 409
    assert (refused.json()["code"], refused.json()["errors"]) == ("already_sent", {"sub_orders": [part.number]})
