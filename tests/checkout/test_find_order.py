"""The link to an order by its number and address: sent to its buyer alone, and answered alike for any pair."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from checkout.announcing.order_links import send_order_link
from checkout.events import OrderLinkRequested
from checkout.models import Order
from kit.work import outbox
from notifications.models import Email
from tests.world.clock import NOW
from tests.world.factories.people import person
from tests.world.market import buy, open_shop, order_request, stock

pytestmark = pytest.mark.django_db
PAGE, API = "/orders/find/", "/api/v1/orders/find/"
EMAIL = "buyer@example.com"


@pytest.fixture
def order(db: None) -> Order:
    return Order.objects.get(pk=buy(stock(open_shop("cloth-hall")).line()).pk)


def letters() -> list[Email]:
    outbox.relay(now=timezone.now())
    return list(Email.objects.filter(dedup_key__startswith="order-link-"))


def ask(number: str, email: str = EMAIL) -> Any:
    return APIClient(HTTP_HOST=settings.BASE_DOMAIN).post(API, {"number": number, "email": email})


def test_the_letters_link_opens_the_order_in_a_fresh_browser(order: Order) -> None:
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    sent = client.post(PAGE, {"number": order.number, "email": "Buyer@Example.com "}, follow=True)
    assert sent.status_code == 200
    assert "Look in your inbox" in sent.text
    [letter] = letters()
    assert letter.to == EMAIL
    assert f"{order.get_absolute_url()}?key={order.access_key}" in letter.text
    fresh = Client(HTTP_HOST=settings.BASE_DOMAIN)
    assert fresh.get(f"{order.get_absolute_url()}?key={order.access_key}", follow=True).status_code == 200


@pytest.mark.parametrize("form", [str.lower, lambda number: f" {number} ", lambda number: f"{number}-1"], ids=range(3))
def test_a_number_is_found_as_people_type_it(order: Order, form: Any) -> None:
    ask(form(order.number))
    assert len(letters()) == 1


@pytest.mark.parametrize("of_order", [True, False])
@pytest.mark.parametrize("of_buyer", [True, False])
def test_any_pair_has_the_same_answer_with_the_same_statements(order: Order, of_order: bool, of_buyer: bool) -> None:
    number, email = order.number if of_order else "KS-0000000000", EMAIL if of_buyer else "other@example.com"
    with CaptureQueriesContext(connection) as statements:
        answer = ask(number, email)
    kinds = [each["sql"].split()[0] for each in statements.captured_queries]
    assert (answer.status_code, answer.json()["data"]) == (
        202,
        {"message": "If they belong together, a letter with the link is on its way."},
    )
    assert kinds == ["SELECT", "INSERT"]
    assert len(letters()) == (of_order and of_buyer)


def test_the_key_is_in_no_answer(order: Order) -> None:
    assert order.access_key not in ask(order.number).text
    page = Client(HTTP_HOST=settings.BASE_DOMAIN).post(PAGE, {"number": order.number, "email": EMAIL}, follow=True)
    assert order.access_key not in page.text


def test_an_order_of_an_account_asks_its_buyer_to_sign_in(order: Order) -> None:
    buyer = person(email="ada@example.com")
    theirs = buy(stock(open_shop("pot-house")).line(), request=order_request(email=buyer.email, user_id=buyer.pk))
    ask(theirs.number, buyer.email)
    [letter] = letters()
    assert theirs.access_key not in letter.text
    assert "sign in" in letter.text


def test_a_mailbox_gets_so_many_letters_and_the_answer_stays(order: Order, settings: Any) -> None:
    settings.LETTERS_TO_ONE_MAILBOX = ((2, 3600),)
    assert {ask(order.number).status_code for _ in range(4)} == {202}
    assert len(letters()) == 2


def test_a_network_is_limited(order: Order, settings: Any) -> None:
    settings.REST_FRAMEWORK = {
        **settings.REST_FRAMEWORK,
        "DEFAULT_THROTTLE_CLASSES": ["kit.api.throttling.RateThrottle"],
    }
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    answers = [client.post(PAGE, {"number": order.number, "email": EMAIL}).status_code for _ in range(12)]
    assert answers[:10] == [302] * 10
    assert set(answers[10:]) == {429}


def test_a_request_that_is_heard_twice_is_answered_once(order: Order) -> None:
    for _ in range(2):
        send_order_link(OrderLinkRequested(order.pk, NOW), NOW)
    assert Email.objects.filter(dedup_key__startswith="order-link-").count() == 1


@pytest.mark.parametrize(("number", "email"), [("", EMAIL), ("KS-1", "nobody")])
def test_a_number_or_address_that_is_none_is_refused_beside_its_field(number: str, email: str) -> None:
    answer = Client(HTTP_HOST=settings.BASE_DOMAIN).post(PAGE, {"number": number, "email": email})
    assert answer.status_code == 422
    assert letters() == []


def test_the_page_to_sign_in_leads_there() -> None:
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    assert PAGE in client.get("/orders/KS-0000000000/", follow=True).text
