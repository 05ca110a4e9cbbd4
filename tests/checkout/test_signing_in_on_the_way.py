"""Fields that a guest typed before going to sign in are in the form that they come back to, for an hour."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services.addresses import AddressInput, add_address
from checkout.models import Order
from tenants.models import ShopApplication
from tests.world.factories.people import person
from tests.world.letter_reader import PASSWORD
from tests.world.market import Stocked, open_shop, stock

pytestmark = pytest.mark.django_db
TYPED = {
    "email": "typed@example.com", "bills_elsewhere": "on", "shipping-name": "Ngozi Eze",
    "shipping-line1": "4 Ogui Road",
    "shipping-city": "Enugu", "shipping-country": "NG", "billing-name": "Eze & Sons", "billing-line1": "9 Zik Avenue",
}  # fmt: skip
HOME = AddressInput(
    name="Ada Obi", phone="+2348012345678", line1="12 Bode Thomas St", city="Surulere", state="Lagos", country="NG"
)
SHOP = {"shop_name": "Enugu Coal Art", "slug": "coal-art", "what_is_sold": "Carved coal.", "email": "typed@example.com"}


@pytest.fixture
def buyer() -> User:
    return person(email="ada@example.com", password=PASSWORD)


@pytest.fixture
def cloth() -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def guest(client: Client, cloth: Stocked, paystack: Any) -> Client:
    client.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": 1})
    return client


def leave(client: Client, page: str, fields: dict[str, str]) -> str:
    """Press "Sign in" on a page, and return the address that it leads to."""
    text = client.get(page).content.decode()
    assert 'name="leaves_to_sign_in"' in text
    assert text.index('<button type="submit" hidden>') < text.index('name="leaves_to_sign_in"')  # for Enter
    answer = client.post(page, fields | {"leaves_to_sign_in": ""})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def value_of(client: Client, page: str, field: str) -> str:
    text = client.get(page).content.decode()
    found = re.search(rf'<input[^>]* name="{field}"[^>]*>', text)
    assert found, text
    value = re.search(r' value="([^"]*)"', found[0])
    return value[1] if value else ""


def test_checkout_holds_the_fields_that_were_typed_before_signing_in(guest: Client, buyer: User) -> None:
    add_address(user_id=buyer.pk, data=HOME, is_default=True)
    sign_in = leave(guest, "/checkout/?currency=NGN", TYPED)
    assert not Order.objects.exists()
    answer = guest.post(sign_in, {"login": buyer.email, "password": PASSWORD})
    assert answer.headers["Location"].endswith("/checkout/?currency=NGN")
    text = guest.get("/checkout/").content.decode()
    for words in ("4 Ogui Road", "Eze &amp; Sons", 'value="new" checked', 'value="ada@example.com"'):
        assert words in text
    assert "4 Ogui Road" not in guest.get("/checkout/").content.decode()  # forgotten once they were shown


def test_a_guest_who_comes_back_without_signing_in_finds_them_too(guest: Client) -> None:
    leave(guest, "/checkout/", TYPED)
    assert value_of(guest, "/checkout/", "email") == "typed@example.com"
    assert value_of(guest, "/checkout/", "shipping-line1") == "4 Ogui Road"
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1), tick=False):
        assert value_of(guest, "/checkout/", "shipping-line1") == ""


def test_they_are_nobody_elses_and_stay_in_their_form(guest: Client) -> None:
    leave(guest, "/checkout/", TYPED)
    assert value_of(guest, "/sell/apply/", "email") == ""
    stranger = Client()
    assert "4 Ogui Road" not in stranger.get("/checkout/", follow=True).content.decode()


def test_they_are_forgotten_once_the_order_is_placed(guest: Client, cloth: Stocked) -> None:
    leave(guest, "/checkout/", TYPED)
    total = str(cloth.price_minor + cloth.shop.shipping_minor)
    rest = {
        "shipping-phone": "+2348031234567",
        "shipping-state": "Enugu",
        "request_key": "k",
        "expected_total_minor": total,
    }
    sent = {name: text for name, text in TYPED.items() if name != "bills_elsewhere"}
    assert guest.post("/checkout/", sent | rest).status_code == 302
    assert Order.objects.count() == 1
    guest.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": 1})
    assert value_of(guest, "/checkout/", "shipping-line1") == ""


def test_an_application_holds_them_too(client: Client, buyer: User) -> None:
    sign_in = leave(client, "/sell/apply/", SHOP)
    assert not ShopApplication.objects.exists()
    client.post(sign_in, {"login": buyer.email, "password": PASSWORD})
    text = client.get("/sell/apply/").content.decode()
    for words in ("Enugu Coal Art", 'value="coal-art"', "Carved coal.", 'value="ada@example.com"'):
        assert words in text
