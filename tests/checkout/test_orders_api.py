"""A buyer's orders over the API: filters, payments, and emptying the cart."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import User
from checkout.fulfilling.advance_part import ship_part
from checkout.fulfilment.services import Parcel
from checkout.models import Order
from checkout.payments.confirm_payment import confirm_payment
from paystack_sandbox.testing import SandboxProcess
from tests.world.factories.people import person
from tests.world.market import Stocked, buy, open_shop, order_request, stock
from tests.world.own_shop import paid_order
from tests.world.payments import pay, started

pytestmark = pytest.mark.django_db
ORDERS = "/api/v1/orders/"


@pytest.fixture
def cloth() -> Stocked:
    return stock(open_shop("cloth-hall"), on_hand=50)


@pytest.fixture
def ada() -> User:
    return person(email="ada@example.com")


def signed_in(user: User) -> APIClient:
    client = APIClient(HTTP_HOST="kasuwa.localhost")
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(user)}")
    return client


def ordered(item: Stocked, user: User, placed_at: datetime | None = None) -> Order:
    order = buy(item.line(), request=order_request(email=user.email, user_id=user.pk))
    if placed_at is not None:
        Order.objects.filter(pk=order.pk).update(placed_at=placed_at)
    return order


def numbers(client: APIClient, **asked: Any) -> list[str]:
    answer = client.get(ORDERS, asked)
    assert answer.status_code == 200, answer.content
    return [each["number"] for each in answer.json()["data"]["results"]]


def test_orders_are_filtered_by_status_and_time(cloth: Stocked, ada: User) -> None:
    old = ordered(cloth, ada, datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC))
    new = ordered(cloth, ada, datetime(2026, 3, 2, tzinfo=UTC))
    ordered(cloth, person(), datetime(2026, 3, 2, tzinfo=UTC))
    Order.objects.filter(pk=old.pk).update(status="expired")
    client = signed_in(ada)
    assert numbers(client) == [new.number, old.number]
    assert numbers(client, status="expired") == [old.number]
    assert numbers(client, placed_from="2026-03-02") == [new.number]
    assert numbers(client, placed_before="2026-03-02T01:00:00+01:00") == [old.number]
    assert numbers(client, placed_from="2026-03-01", placed_before="2026-03-03", status="pending") == [new.number]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"status": "foo"}, "status"),
        ({"placed_from": "yesterday"}, "placed_from"),
        ({"placed_from": "2026-03-01T10:00:00"}, "placed_from"),
        ({"placed_from": "2026-03-02", "placed_before": "2026-03-01"}, "placed_before"),
        ({"since": "2026-03-02"}, "since"),
        ({"page": "2"}, "page"),
        ({"cursor": "nonsense"}, "cursor"),
    ],
)
def test_filters_that_make_no_sense_are_refused(ada: User, asked: dict[str, str], field: str) -> None:
    answer = signed_in(ada).get(ORDERS, asked)
    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (400, "invalid", [field])


def test_orders_come_in_parts_in_the_same_statements(cloth: Stocked, ada: User) -> None:
    client, placed = signed_in(ada), [ordered(cloth, ada).number]
    with CaptureQueriesContext(connection) as few:
        numbers(client)
    placed += [ordered(cloth, ada).number for _ in range(4)]
    with CaptureQueriesContext(connection) as many:
        assert numbers(client) == placed[::-1]
    assert len(many) == len(few)
    first = client.get(ORDERS, {"page_size": 2}).json()["data"]
    second = client.get(first["next"]).json()["data"]
    assert [each["number"] for each in first["results"] + second["results"]] == placed[:0:-1]
    assert client.get(second["previous"]).json()["data"]["results"] == first["results"]


def test_an_orders_payments_are_its_buyers_alone(cloth: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line())
    address, key = f"{ORDERS}{payment.order.number}/payments/", payment.order.access_key
    guest = APIClient(HTTP_HOST="kasuwa.localhost")
    for headers in ({}, {"X-Order-Key": "guess"}, {"X-Cart-Token": "forged"}):
        assert guest.get(address, headers=headers).status_code == 404
    assert signed_in(person()).get(address).status_code == 404

    [before] = guest.get(address, headers={"X-Order-Key": key}).json()["data"]
    assert (before["reference"], before["status"], before["captured_minor"]) == (payment.reference, "open", None)
    paystack.add_fault("wrong_amount", by=1_000_000)
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=timezone.now())
    answer = guest.get(address, headers={"X-Order-Key": key})
    [after] = answer.json()["data"]
    assert (after["status"], after["amount_minor"]) == ("captured", payment.amount_minor)
    assert after["captured_minor"] == payment.amount_minor + 1_000_000
    [refund] = after["refunds"]
    assert (refund["amount_minor"], refund["currency"], refund["sub_order_number"]) == (1_000_000, "NGN", None)
    assert "no-store" in answer.headers["Cache-Control"]
    assert not {"fees_minor", "note", "provider_id"} & after.keys()


def test_a_cart_is_emptied_and_begun_anew(api_client: APIClient, cloth: Stocked) -> None:
    body = {"variant_id": str(cloth.variant_id), "quantity": 2}
    token = api_client.post("/api/v1/cart/items/", body).headers["X-Cart-Token"]
    stranger = APIClient(HTTP_HOST="kasuwa.localhost")
    assert stranger.delete("/api/v1/cart/").json()["data"]["units"] == 0
    mine = {"X-Cart-Token": token}
    assert stranger.get("/api/v1/cart/", headers=mine).json()["data"]["units"] == 2

    emptied = stranger.delete("/api/v1/cart/", headers=mine)
    assert (emptied.status_code, emptied.json()["data"]["groups"], emptied.json()["data"]["units"]) == (200, [], 0)
    assert stranger.delete("/api/v1/cart/", headers=mine).status_code == 200, "a second time is no fault"
    again = stranger.post("/api/v1/cart/items/", body, headers=mine)
    assert again.json()["data"]["units"] == 2


def test_emptying_takes_no_currency(api_client: APIClient) -> None:
    answer = api_client.delete("/api/v1/cart/?currency=NGN")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["currency"])


def test_a_buyer_reads_the_tracking_of_a_part_once_it_is_shipped(cloth: Stocked, ada: User) -> None:
    number = paid_order(cloth, request=order_request(email=ada.email, user_id=ada.pk))
    client = signed_in(ada)

    def part() -> Any:
        [order] = client.get(ORDERS).json()["data"]["results"]
        assert client.get(f"{ORDERS}{order['number']}/").json()["data"]["sub_orders"] == order["sub_orders"]
        return order["sub_orders"][0]

    assert (part()["status"], part()["tracking"]) == ("new", None)
    ship_part(shop=cloth.shop, number=number, parcel=Parcel("GIG", "GIG-7"), now=timezone.now())
    assert (part()["status"], part()["tracking"]) == ("shipped", {"carrier": "GIG", "tracking_number": "GIG-7"})
