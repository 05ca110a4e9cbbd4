"""A text is cleaned and judged alike by whichever way it comes: pages, API, services, the raw admin, the ORM."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import Address, User
from accounts.services.addresses import AddressInput, add_address
from checkout.models import Order
from checkout.orders.operations import list_orders
from checkout.placing.place_order import place_order
from kit.errors import InvalidInputError
from kit.text.inputs import cleaned
from tenants.models import Shop
from tenants.shops.profile import update_profile
from tests.world.clock import NOW
from tests.world.factories.people import person
from tests.world.market import ADDRESS, Stocked, open_shop, order_request, stock

pytestmark = pytest.mark.django_db
HOST = "kasuwa.localhost"
SENT = {
    "name": "Ada Obi",
    "line1": "12 Bode Thomas St",
    "city": "Surulere",
    "state": "Lagos",
    "country": "NG",
    "phone": "+2348012345678",
}
FAULTS = [
    ("phone", "abc"),
    ("phone", "- - - - - - -"),
    ("name", "\u200b\u2060"),
    ("name", "\u3164"),
    ("name", "---"),
    ("name", "Ada\0"),
    ("name", "a" + "\u0328" * 40),
    ("line1", "\u202e"),
    ("city", "\n"),
    ("state", "\u00ad"),
    ("country", "ß"),
    ("country", "ſſ"),
    ("postcode", "9" * 21),
]
MENDED = {"name": "  Ada\u200b\n\u202eObi ", "line1": "12\u00a0Bode Thomas\tSt", "phone": "+234\u2011801\u20112345678"}
STORED = {"name": "Ada Obi", "line1": "12 Bode Thomas St", "phone": "+2348012345678"}


def test_a_text_that_is_stored_so_already_makes_no_other_dataclass() -> None:
    sent = AddressInput(**SENT)
    once = cleaned(sent)
    assert once is not sent
    assert once.subdivision == "NG-LA"
    assert cleaned(once) is once


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall", shipping_minor=0), price_minor=1_850_000)


@pytest.fixture(autouse=True)
def _payments(paystack: Any) -> None:
    """Payments are opened at the sandbox."""


def by_checkout_api(item: Stocked, address: dict[str, str]) -> Any:
    api = APIClient(SERVER_NAME=HOST)
    token = api.post("/api/v1/cart/items/", {"variant_id": str(item.variant_id)}).headers["X-Cart-Token"]
    body = {"email": "Ada@Example.com", "shipping_address": address}
    return api.post("/api/v1/checkout/", body, HTTP_X_CART_TOKEN=token, HTTP_IDEMPOTENCY_KEY="one")


def by_checkout_page(item: Stocked, address: dict[str, str]) -> Any:
    client = Client(SERVER_NAME=HOST)
    client.post("/cart/add/", {"variant": str(item.variant_id), "quantity": "1"})
    form = {f"shipping-{name}": value for name, value in address.items()}
    form |= {"email": "Ada@Example.com", "expected_total_minor": "1850000", "request_key": "one"}
    return client.post("/checkout/", form)


@pytest.mark.parametrize(("field", "text"), FAULTS)
def test_checkout_and_address_book_refuse_the_same(cloth: Stocked, field: str, text: str) -> None:
    address = SENT | {field: text}
    answer = by_checkout_api(cloth, address)
    assert answer.status_code == 400
    assert field in answer.json()["errors"]["shipping_address"]
    assert by_checkout_page(cloth, address).status_code == 422
    user = person(email="amina@example.com")
    api, client = APIClient(SERVER_NAME=HOST), Client(SERVER_NAME=HOST)
    api.force_authenticate(user)
    client.force_login(user)
    assert field in api.post("/api/v1/auth/addresses/", address).json()["errors"]
    assert client.post("/account/addresses/add/", address).status_code == 200
    with pytest.raises(InvalidInputError):
        add_address(user_id=user.pk, data=replace(ADDRESS, **{field: text}))
    request = replace(order_request(), shipping_address=replace(ADDRESS, **{field: text}))
    with pytest.raises(InvalidInputError):
        place_order(lines=[cloth.line()], request=request, now=NOW)
    assert not Order.objects.exists()
    assert not Address.objects.exists()
    assert cloth.level()[1] == 0


def test_checkout_and_address_book_store_the_same(cloth: Stocked) -> None:
    assert by_checkout_api(cloth, SENT | MENDED).status_code == 201
    assert by_checkout_page(cloth, SENT | MENDED).status_code == 302
    user = person(email="amina@example.com")
    api = APIClient(SERVER_NAME=HOST)
    api.force_authenticate(user)
    assert api.post("/api/v1/auth/addresses/", SENT | MENDED).status_code == 201
    book = Address.objects.get()
    assert {name: getattr(book, name) for name in STORED} == STORED
    for order in Order.objects.all():
        assert {name: order.shipping_address[name] for name in STORED} == STORED


def test_a_guest_is_found_in_any_spelling_of_the_address(cloth: Stocked) -> None:
    assert by_checkout_api(cloth, SENT).status_code == 201
    assert [order.email for order in Order.objects.filter(email="ADA@example.COM")] == ["ada@example.com"]
    assert [order.email for order in list_orders(search="ADA@Example.com")] == ["ada@example.com"]


@pytest.mark.parametrize("login", ["a" * 303 + "@example.com", "İ" * 254, "ada@example.com\0", "İ@example.com"])
def test_a_sign_in_that_no_account_can_have_is_a_refusal(login: str) -> None:
    client = Client(SERVER_NAME=HOST)
    assert client.post("/account/sign-in/", {"login": login, "password": "x" * 12}).status_code == 200
    assert client.post("/account/password/reset/", {"email": login}).status_code == 200
    api = APIClient(SERVER_NAME=HOST)
    for path in ("login", "registration", "password/reset"):
        body = {"email": login, "password": "four harmattan kites"}
        assert api.post(f"/api/v1/auth/{path}/", body).status_code == 400
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["\u200b", "\u202e\u2066", "...", "Ada\0", "a" + "\u0301" * 30])
def test_a_name_that_nobody_can_read_is_refused(name: str) -> None:
    user = person(email="amina@example.com", name="Amina")
    api, client = APIClient(SERVER_NAME=HOST), Client(SERVER_NAME=HOST)
    api.force_authenticate(user)
    client.force_login(user)
    assert api.patch("/api/v1/auth/user/", {"name": name}).status_code == 400
    assert client.post("/account/profile/", {"name": name, "phone": ""}).status_code == 200
    if name not in {"\u200b", "\u202e\u2066"}:  # which are no name at all once they are cleaned
        with pytest.raises(InvalidInputError), transaction.atomic():
            User.objects.filter(pk=user.pk).update(name=name)
    assert User.objects.get().name == "Amina"


def test_saving_cleans_what_no_form_has_seen() -> None:
    user = person(email="amina@example.com")
    User.objects.filter(pk=user.pk).update(name="Amina\u202e \n Bello", email="AMINA@example.com")
    user.refresh_from_db()
    assert (user.name, user.email) == ("Amina Bello", "amina@example.com")


def test_a_shop_is_called_by_a_name_that_can_be_read(cloth: Stocked) -> None:
    update_profile(shop_id=cloth.shop.pk, actor_id=None, now=NOW, name="Cloth\u200b\n Hall", description="a\r\n\u202eb")
    shop = Shop.objects.get(pk=cloth.shop.pk)
    assert (shop.name, shop.description) == ("Cloth Hall", "a\nb")
    for changes in ({"name": "\u2066..."}, {"contact_phone": "abc"}, {"contact_email": "İ@x.example"}):
        with pytest.raises(InvalidInputError):
            update_profile(shop_id=shop.pk, actor_id=None, now=NOW, **changes)
    assert Shop.objects.get(pk=shop.pk).name == "Cloth Hall"
