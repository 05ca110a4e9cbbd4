"""Orders, payments, refunds, people and shops over the operators' API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from accounts.models import User
from checkout.models import Order, Payment, Refund
from checkout.payments.confirm_payment import confirm_payment
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Shop
from tests.world.applications import submitted
from tests.world.books import make_operator
from tests.world.factories.people import person
from tests.world.market import Stocked, open_shop, stock
from tests.world.own_shop import member
from tests.world.payments import pay, started

pytestmark = pytest.mark.django_db
BASE = "/api/v1/operator/"
LISTS = ("orders", "payments", "refunds", "people", "shops", "applications")


def client_of(user: User | None, host: str = "kasuwa.localhost") -> APIClient:
    client = APIClient(HTTP_HOST=host)
    if user is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(user)}")
    return client


@pytest.fixture
def cloth() -> Stocked:
    return stock(open_shop("cloth-hall"), on_hand=50)


@pytest.fixture
def operator() -> APIClient:
    return client_of(make_operator())


@pytest.fixture
def paid(cloth: Stocked, paystack: SandboxProcess) -> Payment:
    """A captured payment of more than was asked for, so that a part of it goes back."""
    return overpaid(cloth, paystack)


def overpaid(cloth: Stocked, paystack: SandboxProcess) -> Payment:
    payment = started(cloth.line())
    paystack.add_fault("wrong_amount", by=1_000_000)
    pay(paystack, payment)
    return confirm_payment(reference=payment.reference, now=timezone.now())


def rows(client: APIClient, name: str, **asked: Any) -> list[dict[str, Any]]:
    answer = client.get(f"{BASE}{name}/", asked)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["data"]["results"]
    return found


def one(client: APIClient, address: str) -> dict[str, Any]:
    answer = client.get(f"{BASE}{address}/")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()["data"]
    return found


@pytest.mark.parametrize("name", LISTS)
def test_only_operators_list(paid: Payment, cloth: Stocked, name: str) -> None:
    assert client_of(None).get(f"{BASE}{name}/").status_code == 401
    owner = member(cloth.shop)
    for user in (person(), owner):
        assert client_of(user).get(f"{BASE}{name}/").status_code == 403
    assert client_of(owner, "cloth-hall.kasuwa.localhost").get(f"{BASE}{name}/").status_code == 404


def test_orders_are_found_and_read_with_their_money(operator: APIClient, paid: Payment, cloth: Stocked) -> None:
    other = started(stock(open_shop("pot-house"), sku="POT").line()).order
    Order.objects.filter(pk=other.pk).update(placed_at=datetime(2026, 3, 1, tzinfo=UTC), email="eve@example.com")
    number = paid.order.number
    assert [each["number"] for each in rows(operator, "orders")] == [other.number, number]
    for asked in (
        {"status": "paid"}, {"search": number.lower()}, {"search": f"{number}-1"}, {"search": paid.reference},
        {"shop": "cloth-hall"}, {"placed_from": "2026-03-02"},
    ):  # fmt: skip
        assert [each["number"] for each in rows(operator, "orders", **asked)] == [number], asked
    for asked in ({"search": "EVE@example.com"}, {"placed_before": "2026-03-02"}, {"shop": "pot-house"}):
        assert [each["number"] for each in rows(operator, "orders", **asked)] == [other.number], asked
    assert rows(operator, "orders", shop="nobody") == []

    whole = one(operator, f"orders/{number}")
    [part], [payment] = whole["sub_orders"], whole["payments"]
    assert part["commission_minor"] + part["payable_minor"] == part["total_minor"]
    assert (part["shop"]["slug"], len(part["lines"]), whole["buyer_id"]) == ("cloth-hall", 1, None)
    assert (payment["reference"], payment["refunds"][0]["amount_minor"]) == (paid.reference, 1_000_000)
    assert operator.get(f"{BASE}orders/KS-NOBODY/").status_code == 404


def test_payments_and_refunds_are_found_and_read(operator: APIClient, paid: Payment, cloth: Stocked) -> None:
    waiting = started(cloth.line())
    assert [each["reference"] for each in rows(operator, "payments")] == [waiting.reference, paid.reference]
    assert [each["reference"] for each in rows(operator, "payments", status="captured")] == [paid.reference]
    found = rows(operator, "payments", search=paid.order.number)
    assert [each["reference"] for each in found] == [paid.reference]
    assert one(operator, f"payments/{paid.reference}") == found[0]

    [refund] = rows(operator, "refunds")
    assert (refund["order_number"], refund["payment_reference"]) == (paid.order.number, paid.reference)
    assert one(operator, f"refunds/{refund['id']}") == refund
    assert rows(operator, "refunds", status="failed") == []
    for missing in ("payments/none", "refunds/0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d11"):
        assert operator.get(f"{BASE}{missing}/").status_code == 404


def test_people_are_found_and_read_without_secrets(operator: APIClient, cloth: Stocked) -> None:
    amina = person(email="amina@example.com", name="Amina Béllo")
    owner = member(cloth.shop)
    EmailAddress.objects.update_or_create(user=amina, email=amina.email, defaults={"verified": True, "primary": True})
    [found] = rows(operator, "people", search="bello amina")
    assert (found["email"], found["is_email_verified"], found["is_operator"]) == (amina.email, True, False)
    assert [each["email"] for each in rows(operator, "people", search="MINA@ex")] == [amina.email]
    assert all(each["is_operator"] for each in rows(operator, "people", is_operator="true"))
    assert amina.email in [each["email"] for each in rows(operator, "people", is_operator="false")]
    whole = one(operator, f"people/{owner.pk}")
    assert [(role["shop"]["slug"], role["role"]) for role in whole["roles"]] == [("cloth-hall", "owner")]
    assert not {"password", "last_login", "ended_families"} & whole.keys()
    assert operator.get(f"{BASE}people/999999/").json()["code"] == "not_found"


def test_shops_of_any_status_are_found_and_read(operator: APIClient, paid: Payment, cloth: Stocked) -> None:
    owner = member(cloth.shop)
    draft = open_shop("juju-records")
    Shop.objects.filter(pk=draft.pk).update(status="draft")
    assert [each["slug"] for each in rows(operator, "shops")] == ["juju-records", "cloth-hall"]
    assert [each["slug"] for each in rows(operator, "shops", status="draft")] == ["juju-records"]
    [cloth_hall] = rows(operator, "shops", search="cloth")
    assert (cloth_hall["owner_email"], cloth_hall["balance"]["currency"]) == (owner.email, "NGN")
    assert cloth_hall["balance"]["pending_minor"] > 0
    whole = one(operator, "shops/cloth-hall")
    assert whole.items() >= cloth_hall.items()
    assert (whole["is_paid_out"], whole["orders_left"]) == (True, 1)
    assert operator.get(f"{BASE}shops/nobody/").status_code == 404


def test_lists_take_as_many_statements_for_many_rows_as_for_one(
    operator: APIClient, paid: Payment, cloth: Stocked, paystack: SandboxProcess
) -> None:
    member(cloth.shop)
    submitted(applicant_id=person().pk)

    def count() -> dict[str, int]:
        found = {}
        for name in LISTS:
            with CaptureQueriesContext(connection) as asked:
                assert rows(operator, name)
            found[name] = len(asked)
        return found

    few = count()
    for number in range(2):
        overpaid(cloth, paystack)
        member(open_shop(f"shop-{number}"))
        submitted(slug=f"batik-{number}", email=f"sade-{number}@example.com", applicant_id=person().pk)
    assert (Refund.objects.count(), Payment.objects.count()) == (3, 3)
    assert count() == few


@pytest.mark.usefixtures("paystack")
def test_a_list_goes_on_where_it_ended(operator: APIClient, cloth: Stocked) -> None:
    placed = [started(cloth.line()).reference for _ in range(3)]
    first = operator.get(f"{BASE}payments/", {"page_size": 2}).json()["data"]
    second = operator.get(first["next"]).json()["data"]
    assert [each["reference"] for each in first["results"] + second["results"]] == placed[::-1]
    assert (first["previous"], second["next"]) == (None, None)
