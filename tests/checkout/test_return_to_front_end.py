"""Buyers of a front end return to it after paying, at an origin that the setting lists and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from checkout.models import Order, Payment
from kit.web.front_ends import LONGEST_ADDRESS, may_return_to, return_address
from paystack_sandbox.testing import SandboxProcess
from tests.checkout.test_api import add, order
from tests.world.market import Stocked, open_shop, stock
from tests.world.payments import pay

pytestmark = pytest.mark.django_db
FRONT_END = "https://shop.example.com"
BACK = f"{FRONT_END}/thanks?lang=ha#top"


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture(autouse=True)
def _listed(settings: Any) -> None:
    settings.FRONT_END_ORIGINS = frozenset({FRONT_END, "http://localhost:3000"})


def buy(client: APIClient, cloth: Stocked, **body: Any) -> Any:
    add(client, cloth)
    return order(client, **body)


def come_back(payment: Payment) -> Any:
    return Client(HTTP_HOST="kasuwa.localhost").get(f"/payments/return/{payment.reference}/")


def test_the_buyer_returns_with_the_orders_number(
    api_client: APIClient, cloth: Stocked, paystack: SandboxProcess
) -> None:
    number = buy(api_client, cloth, return_url=BACK).json()["data"]["number"]
    payment = Payment.objects.get()
    pay(paystack, payment)
    answer = come_back(payment)
    assert (answer.status_code, answer["Location"]) == (302, f"{FRONT_END}/thanks?lang=ha&order={number}#top")
    assert Order.objects.get().status == "paid"


def test_the_buyer_returns_from_a_second_try_too(
    api_client: APIClient, cloth: Stocked, paystack: SandboxProcess
) -> None:
    number = buy(api_client, cloth, return_url=FRONT_END).json()["data"]["number"]
    Payment.objects.update(status="failed", payment_url="")
    assert api_client.post(f"/api/v1/orders/{number}/pay/").status_code == 200
    second = Payment.objects.latest("created_at")
    assert Payment.objects.count() == 2
    assert come_back(second)["Location"] == f"{FRONT_END}/?order={number}"  # has given up
    pay(paystack, second)
    assert come_back(second)["Location"] == f"{FRONT_END}/?order={number}"
    assert Order.objects.get().status == "paid"


def test_orders_without_a_return_address_are_shown_here(
    api_client: APIClient, cloth: Stocked, paystack: SandboxProcess
) -> None:
    number = buy(api_client, cloth).json()["data"]["number"]
    assert come_back(Payment.objects.get())["Location"] == f"/orders/{number}/"


def test_an_origin_that_is_taken_off_the_list_gets_no_more_buyers(
    api_client: APIClient, cloth: Stocked, paystack: SandboxProcess, settings: Any
) -> None:
    number = buy(api_client, cloth, return_url=BACK).json()["data"]["number"]
    settings.FRONT_END_ORIGINS = frozenset()
    assert come_back(Payment.objects.get())["Location"] == f"/orders/{number}/"


def test_another_return_address_is_another_request(
    api_client: APIClient, cloth: Stocked, paystack: SandboxProcess
) -> None:
    assert buy(api_client, cloth, return_url=BACK).status_code == 201
    assert order(api_client, return_url=BACK).headers["Idempotent-Replayed"] == "true"
    assert order(api_client, return_url=FRONT_END).status_code == 422
    assert order(api_client).status_code == 422
    assert Order.objects.get().return_url == BACK


ELSEWHERE = [
    "https://rival.example.com/",
    "http://shop.example.com/",
    "https://shop.example.com:8443/",
    "https://shop.example.com.rival.example/",
    "https://shop.example.com@rival.example/",
    "https://rival.example/?https://shop.example.com",
    "https://ada@shop.example.com/",
    "https://shop.example.com\\@rival.example/",
    "https:\\\\shop.example.com/",
    "https:/shop.example.com/",
    "https:shop.example.com/",
    "//shop.example.com/",
    "/thanks",
    "thanks",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://shop.example.com/a b",
    "https://shop.example.com/\r\nSet-Cookie: a=b",
    "https://shop.example.com/a\tb",
    "https://[shop.example.com/",
    "https://shop.example.com/<script>",
    "https://shop.example.com/ọṣẹ",
    "https://",
]


@pytest.mark.parametrize("wrong", ELSEWHERE)
def test_addresses_elsewhere_are_refused_and_nothing_is_ordered(
    api_client: APIClient, cloth: Stocked, paystack: SandboxProcess, wrong: str
) -> None:
    assert not may_return_to(wrong)
    assert return_address(wrong, number="KS-1") == ""
    answer = buy(api_client, cloth, return_url=wrong)
    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (
        400,
        "invalid",
        ["return_url"],
    )
    assert Order.objects.count() == 0
    assert cloth.level() == (10, 0)


@pytest.mark.parametrize("wrong", [["https://shop.example.com/"], {"a": 1}, 1, True, f"{FRONT_END}/{'x' * 500}"])
def test_what_is_no_address_is_refused(
    api_client: APIClient, cloth: Stocked, paystack: SandboxProcess, wrong: Any
) -> None:
    answer = buy(api_client, cloth, return_url=wrong)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["return_url"])
    assert Order.objects.count() == 0


@pytest.mark.parametrize("nothing", ["", None])
def test_nothing_is_no_address(api_client: APIClient, cloth: Stocked, paystack: SandboxProcess, nothing: Any) -> None:
    assert buy(api_client, cloth, return_url=nothing).status_code == 201


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (FRONT_END, f"{FRONT_END}/?order=KS-1"),
        (f"{FRONT_END}/#/done", f"{FRONT_END}/?order=KS-1#/done"),
        (f"{FRONT_END}/a%20b?x=%C3%A9&x=2", f"{FRONT_END}/a%20b?x=%C3%A9&x=2&order=KS-1"),
        ("http://localhost:3000/a", "http://localhost:3000/a?order=KS-1"),
    ],
)
def test_the_rest_of_an_address_stays_as_it_is(address: str, shown: str) -> None:
    assert return_address(address, number="KS-1") == shown
    assert len(address) < LONGEST_ADDRESS
