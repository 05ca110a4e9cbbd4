"""Guests' orders become the account's that proves the same address, and parts come in one order everywhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services.people import create_user
from accounts.services.proof import prove_email, take_account
from checkout.models import Order, SubOrder
from checkout.orders.joining import join_guest_orders
from tests.world.market import Stocked, buy, open_shop, order_request, stock

pytestmark = pytest.mark.django_db
ADA = "ada@example.com"
PASSWORD = "a-long-enough-pass-1"


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def ada(db: None) -> User:
    return create_user(email=ADA, password=PASSWORD, name="Ada")


def guest_order(item: Stocked, email: str = ADA) -> Order:
    return buy(item.line(), request=order_request(email=email))


def owners() -> dict[str, int | None]:
    return dict(Order.objects.values_list("email", "buyer_id"))


def test_an_address_that_is_proved_joins_its_orders(client: Client, cloth: Stocked, ada: User) -> None:
    order, other = guest_order(cloth), guest_order(cloth, "eve@example.com")
    client.force_login(ada)
    assert client.get("/orders/").context["orders"].count() == 0
    prove_email(user=ada)
    assert owners() == {ADA: ada.pk, other.email: None}
    assert [each.number for each in client.get("/orders/").context["orders"]] == [order.number]


def test_an_address_that_is_not_proved_joins_nothing(client: Client, cloth: Stocked, ada: User) -> None:
    guest_order(cloth)
    client.post("/account/sign-in/", {"login": ADA, "password": PASSWORD})
    assert owners() == {ADA: None}


def test_whoever_takes_the_account_by_its_letter_has_its_orders(cloth: Stocked, ada: User) -> None:
    guest_order(cloth)
    take_account(user=ada, password="another-long-pass-2")
    assert owners() == {ADA: ada.pk}


def test_what_is_ordered_signed_out_later_is_joined_at_the_next_sign_in(
    client: Client, cloth: Stocked, ada: User
) -> None:
    prove_email(user=ada)
    guest_order(cloth)
    assert owners() == {ADA: None}
    client.post("/account/sign-in/", {"login": ADA, "password": PASSWORD})
    assert owners() == {ADA: ada.pk}


def test_orders_of_another_account_stay_its_own(cloth: Stocked, ada: User, make_user: Any) -> None:
    eve = make_user("eve@example.com")
    order = buy(cloth.line(), request=order_request(email=ADA, user_id=eve.pk))
    prove_email(user=ada)
    assert Order.objects.get(pk=order.pk).buyer_id == eve.pk


def test_a_letters_link_to_a_joined_order_still_opens_it(client: Client, cloth: Stocked, ada: User) -> None:
    order = guest_order(cloth)
    prove_email(user=ada)
    answer = client.get(order.get_absolute_url(), {"key": order.access_key}, follow=True)
    assert (answer.status_code, order.number in answer.content.decode()) == (200, True)


def test_orders_are_found_by_an_index(cloth: Stocked, ada: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("DROP INDEX order_of_buyer")  # on a table of a few pages either may do
        cursor.execute("EXPLAIN SELECT id FROM checkout_order WHERE buyer_id IS NULL AND email = 'a' ORDER BY id")
        assert "order_of_guest" in str(cursor.fetchall())
    assert join_guest_orders(user=ada) == 0


def test_parts_come_in_the_order_of_their_numbers_wherever_they_are_shown(
    client: Client, api_client: APIClient, db: None, buyer: User, make_user: Any
) -> None:
    items = [stock(open_shop(f"shop-{number:02}"), sku=f"S{number}") for number in range(11)]
    order = buy(*(item.line() for item in reversed(items)), request=order_request(user_id=buyer.pk))
    wanted = [f"{order.number}-{position}" for position in range(1, 12)]
    for part in SubOrder.objects.order_by("-number"):  # as updates move rows about
        SubOrder.objects.filter(pk=part.pk).update(status="pending")

    assert [part.number for part in SubOrder.objects.filter(order=order)] == wanted
    client.force_login(buyer)
    assert [each["part"].number for each in client.get(order.get_absolute_url()).context["parts"]] == wanted
    api_client.force_authenticate(buyer)
    body = api_client.get(f"/api/v1/orders/{order.number}/").json()["data"]
    assert [part["number"] for part in body["sub_orders"]] == wanted
    operator = make_user("operator@example.com", is_operator=True)
    client.force_login(operator)
    page = client.get(f"/operator/orders/{order.number}/")
    assert [part.number for part in page.context["parts"]] == wanted
    assert "Colour: Indigo" in page.content.decode()


def test_what_was_chosen_is_in_the_summary_the_basket_and_the_order(
    client: Client, cloth: Stocked, buyer: User
) -> None:
    client.force_login(buyer)
    client.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": 1})
    order = buy(cloth.line(), request=order_request(user_id=buyer.pk))
    for page in ("/cart/", "/checkout/", order.get_absolute_url()):
        assert "Colour: Indigo" in client.get(page).content.decode(), page
