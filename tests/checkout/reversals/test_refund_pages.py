"""Giving money back on the pages of shop and operator, and over the API: shown first, then confirmed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from rest_framework.test import APIClient

from checkout.fulfilling.advance_part import deliver_part, ship_part
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
from tests.world.own_shop import api, member, page_client
from tests.world.payments import pay, started

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_000_000)


@pytest.fixture
def part(item: Stocked, paystack: SandboxProcess) -> SubOrder:
    """Three units of a delivered order."""
    payment = started(item.line(3))
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=NOW)
    part = SubOrder.objects.select_related("shop", "order").get()
    ship_part(shop=part.shop, number=part.number, parcel=Parcel(), now=NOW)
    deliver_part(shop=part.shop, number=part.number, now=NOW)
    return part


def shown_and_confirmed(client: Any, address: str, **entered: Any) -> Any:
    """Enter what goes back, read it, and confirm it, twice; return the page that showed it."""
    shown = client.post(address, entered)
    assert shown.status_code == 200
    assert not Reversal.objects.exists()
    [confirmed] = re.findall(r'name="confirmed"\s+value="([^"]+)"|value="([^"]+)"[^>]*name="confirmed"', shown.text)
    confirmation = {**entered, "confirmed": "".join(confirmed)}
    assert client.post(address, confirmation).status_code == 302
    assert client.post(address, confirmation).status_code in {200, 302, 422}, "sent twice"
    assert Reversal.objects.count() == 1
    return shown


def test_a_shop_gives_a_unit_and_an_amount_back(part: SubOrder, item: Stocked) -> None:
    client = page_client(part.shop, member(part.shop))
    address = f"/dashboard/orders/{part.number}/refund/"
    assert address in client.get(f"/dashboard/orders/{part.number}/").text
    units = f"units-{item.variant_id.hex}"
    assert units in client.get(address).text
    assert client.post(address, {units: "1"}).status_code == 422, "without a reason"
    shown = shown_and_confirmed(client, address, **{units: "1", "goodwill": "250.50", "reason": "It is torn"})
    reversal = Reversal.objects.get()
    assert format_minor(reversal.refund_minor, "NGN") in shown.text
    assert (reversal.reversed_by, reversal.goodwill_minor) == (ReversedBy.SHOP, 25_050)
    buyer = Client(HTTP_HOST=settings.BASE_DOMAIN)
    buyer.get(f"{part.order.get_absolute_url()}?key={part.order.access_key}")
    assert "It is torn" in buyer.get(part.order.get_absolute_url()).text


@pytest.mark.parametrize(
    "entered",
    [{}, {"goodwill": "9999999"}, {"delivery": "9999999"}, {"goodwill": "-1"}, {"goodwill": "a lot"}],
    ids=["nothing", "too much", "too much of the delivery", "below zero", "words"],
)
def test_what_can_not_be_meant_is_said(part: SubOrder, entered: dict[str, str]) -> None:
    client = page_client(part.shop, member(part.shop))
    answer = client.post(f"/dashboard/orders/{part.number}/refund/", {**entered, "reason": "It is torn"})
    assert answer.status_code == 422
    assert not Reversal.objects.exists()


def test_an_operator_gives_the_delivery_back_and_the_log_keeps_why(part: SubOrder) -> None:
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    client.force_login(make_operator())
    address = f"/operator/orders/{part.order.number}/parts/{part.number}/refund/"
    assert address in client.get(f"/operator/orders/{part.order.number}/").text
    assert client.post(address, {"delivery": "1", "reason": "why"}).status_code == 422, "as over the API"
    shown_and_confirmed(client, address, delivery="500", reason="The parcel was late")
    assert Reversal.objects.get().shipping_minor == 50_000
    assert AuditEntry.objects.get().reason == "The parcel was late"
    assert client.get(f"/operator/orders/{part.order.number}/parts/KS-NONE-1/refund/").status_code == 404


def send(client: Any, address: str, body: dict[str, Any]) -> Any:
    return client.post(address, body, format="json", headers={"Idempotency-Key": uuid7().hex})


def test_the_shops_api_gives_units_delivery_and_goodwill_back(part: SubOrder, item: Stocked) -> None:
    client: Any = api(part.shop, member(part.shop))
    address = f"/api/v1/vendor-orders/{part.number}/refunds/"
    line = {"line_id": str(item.variant_id), "quantity": 1}
    body = {"reason": "Torn", "lines": [line], "delivery_minor": 1_000, "amount_minor": 500}
    told = send(client, address, body).json()["data"]
    assert told["amounts"]["refunded_minor"] == 1_000_000 + 1_000 + 500
    assert [(each["amount_minor"], each["status"]) for each in told["refunds"]] == [(1_001_500, "requested")]
    assert send(client, address, {"reason": "Torn"}).status_code == 400
    assert send(client, address, {"reason": "Torn", "amount_minor": 0}).status_code == 400
    assert send(client, address, {"amount_minor": 1}).status_code == 400
    too_much = send(client, address, {"reason": "Torn", "lines": [{**line, "quantity": 3}]})
    assert (too_much.status_code, too_much.json()["code"]) == (409, "units_not_left")
    left = part.total_minor - 1_001_500
    too_much = send(client, address, {"reason": "Torn", "amount_minor": left + 1})
    assert (too_much.json()["code"], too_much.json()["errors"]) == ("refund_too_large", {"left_minor": left})
    assert send(client, address, {"reason": "Torn", "amount_minor": left}).status_code == 200
    assert sum(refund.amount_minor for refund in Refund.objects.all()) == part.total_minor


def test_the_buyers_order_carries_its_refunds(part: SubOrder, item: Stocked) -> None:
    client: Any = api(part.shop, member(part.shop))
    line = {"line_id": str(item.variant_id), "quantity": 2}
    send(client, f"/api/v1/vendor-orders/{part.number}/refunds/", {"reason": "Torn", "lines": [line]})
    buyer = APIClient(HTTP_HOST=settings.BASE_DOMAIN, headers={"X-Order-Key": part.order.access_key})
    told = buyer.get(f"/api/v1/orders/{part.order.number}/").json()["data"]
    [sub_order] = told["sub_orders"]
    assert told["amounts"]["refunded_minor"] == sub_order["amounts"]["refunded_minor"] == 2_000_000
    assert (sub_order["lines"][0]["refunded_quantity"], sub_order["lines"][0]["cancelled_quantity"]) == (2, 0)
    assert [(each["amount_minor"], each["sub_order_number"]) for each in told["refunds"]] == [(2_000_000, part.number)]


def test_an_operators_api_names_the_part(part: SubOrder) -> None:
    client: Any = APIClient(HTTP_HOST=settings.BASE_DOMAIN)
    client.force_authenticate(make_operator())
    address = f"/api/v1/operator/orders/{part.order.number}/refunds/"
    told = send(client, address, {"sub_order": part.number, "amount_minor": 700, "reason": "Three weeks late"})
    assert told.json()["data"]["amounts"]["refunded_minor"] == 700
    assert [each["amount_minor"] for each in told.json()["data"]["refunds"]] == [700]
    assert (
        send(client, address, {"sub_order": "KS-NO-1", "amount_minor": 7, "reason": "Late as well"}).status_code == 404
    )
    assert send(client, address, {"amount_minor": 7, "reason": "Late as well"}).status_code == 400
    assert Order.objects.get().given_back_minor == 700
