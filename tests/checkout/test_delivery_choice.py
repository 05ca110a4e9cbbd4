"""Checkout offers the buyer's saved addresses, keeps what was typed, and says each fault once beside its control."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import Address, User
from accounts.services.addresses import MAX_ADDRESSES, AddressInput, add_address
from checkout.models import Order
from tests.world.factories.people import person
from tests.world.market import Stocked, open_shop, stock

pytestmark = pytest.mark.django_db
HOME = {
    "name": "Ada Obi", "phone": "+2348012345678", "line1": "12 Bode Thomas St", "city": "Surulere", "state": "Lagos",
    "country": "NG",
}  # fmt: skip
WORK = HOME | {"name": "Ada at work", "line1": "1 Marina"}
NEW = HOME | {"name": "Ngozi Eze", "line1": "4 Ogui Road", "city": "Enugu", "state": "Enugu"}


@pytest.fixture
def buyer(db: None) -> User:
    return person(email="ada@example.com")


@pytest.fixture
def saved(buyer: User) -> list[Address]:
    """Two addresses; the second is the default."""
    return [
        add_address(user_id=buyer.pk, data=AddressInput(**HOME)),
        add_address(user_id=buyer.pk, data=AddressInput(**WORK), is_default=True),
    ]


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def shopper(client: Client, buyer: User, cloth: Stocked, paystack: Any) -> Client:
    """The buyer, signed in, with one piece of cloth in the basket."""
    client.force_login(buyer)
    client.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": 1})
    return client


def order(
    client: Client, cloth: Stocked, *, key: str = "key", typed: dict[str, str] | None = None, **fields: str
) -> Any:
    total = str(cloth.price_minor + cloth.shop.shipping_minor)
    form = {"email": "ada@example.com", "request_key": key, "expected_total_minor": total}
    return client.post("/checkout/", form | fields | {f"shipping-{name}": text for name, text in (typed or {}).items()})


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def chosen(text: str) -> list[str]:
    return re.findall(r'name="address" id="[^"]*" value="([^"]*)" checked', text)


def test_the_default_address_comes_first_and_is_chosen(shopper: Client, saved: list[Address]) -> None:
    text = text_of(shopper.get("/checkout/"))
    home, work = (str(address.pk) for address in saved)
    assert re.findall(r'name="address" id="[^"]*" value="([^"]*)"', text) == [work, home, "new"]
    assert chosen(text) == [work]
    assert text.index("Ada at work") < text.index("12 Bode Thomas St")


def test_a_saved_address_is_ordered_to_whatever_the_fields_hold(
    shopper: Client, cloth: Stocked, saved: list[Address]
) -> None:
    response = order(shopper, cloth, address=str(saved[0].pk), typed={"name": "Half", "city": ""})
    assert response.status_code == 302
    placed = Order.objects.get()
    assert placed.shipping_address == placed.billing_address
    assert {name: placed.shipping_address[name] for name in HOME} == HOME


@pytest.mark.parametrize("whose", ["gone", "another person's", "no number"])
def test_an_address_that_is_not_in_the_book_is_refused_beside_the_choice(
    shopper: Client, cloth: Stocked, saved: list[Address], whose: str
) -> None:
    foreign = add_address(user_id=person(email="eve@example.com").pk, data=AddressInput(**NEW))
    asked = {"gone": str(saved[0].pk), "another person's": str(foreign.pk), "no number": "x' OR 1"}[whose]
    if whose == "gone":
        saved[0].delete()
    response = order(shopper, cloth, address=asked, typed=NEW)
    text = text_of(response)
    assert response.status_code == 422
    assert text.count("This address is no longer in your address book. Choose another one.") == 1
    assert 'aria-invalid="true" aria-describedby="address_error" autofocus' in text
    assert NEW["line1"] in text
    assert Order.objects.count() == 0


def test_a_new_address_is_saved_where_the_buyer_asks_for_it(shopper: Client, cloth: Stocked, buyer: User) -> None:
    first = order(shopper, cloth, address="new", saves_address="on", typed=NEW)
    again = order(shopper, cloth, address="new", saves_address="on", typed=NEW)
    assert (first.status_code, again["Location"]) == (302, first["Location"])
    kept = Address.objects.get(user_id=buyer.pk)
    assert {name: getattr(kept, name) for name in NEW} == NEW
    assert kept.is_default


@pytest.mark.parametrize(("fields", "count"), [({}, 2), ({"saves_address": "on"}, 3)])
def test_the_book_keeps_what_it_has(
    shopper: Client, cloth: Stocked, saved: list[Address], fields: dict[str, str], count: int
) -> None:
    assert order(shopper, cloth, address="new", typed=NEW, **fields).status_code == 302
    assert Address.objects.count() == count
    assert Address.objects.get(is_default=True) == saved[1]


def test_an_address_that_is_there_is_not_saved_twice(shopper: Client, cloth: Stocked, saved: list[Address]) -> None:
    assert order(shopper, cloth, address="new", saves_address="on", typed=HOME).status_code == 302
    assert Address.objects.count() == len(saved)


def test_a_full_book_does_not_stop_an_order(shopper: Client, cloth: Stocked, buyer: User) -> None:
    for number in range(MAX_ADDRESSES):
        add_address(user_id=buyer.pk, data=AddressInput(**HOME | {"line1": f"{number} Marina"}))
    assert order(shopper, cloth, address="new", saves_address="on", typed=NEW).status_code == 302
    assert (Order.objects.count(), Address.objects.count()) == (1, MAX_ADDRESSES)
    assert "Your address book is full, so this address was not saved." in text_of(shopper.get("/orders/"))


def test_a_guest_types_an_address_and_saves_none(client: Client, cloth: Stocked, paystack: Any) -> None:
    client.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": 1})
    text = text_of(client.get("/checkout/"))
    assert 'name="address"' not in text
    assert 'name="saves_address"' not in text
    assert order(client, cloth, saves_address="on", typed=NEW).status_code == 302
    assert (Order.objects.count(), Address.objects.count()) == (1, 0)


def test_a_stored_address_that_no_parcel_reaches_is_refused_beside_the_choice(
    shopper: Client, cloth: Stocked, saved: list[Address]
) -> None:
    Address.objects.filter(pk=saved[0].pk).update(city="")
    response = order(shopper, cloth, address=str(saved[0].pk))
    text = text_of(response)
    assert response.status_code in {400, 422}
    assert text.count("This address is not complete.") == 1
    assert chosen(text) == [str(saved[0].pk)]
    assert Order.objects.count() == 0


def test_each_fault_is_said_once_beside_its_control_and_the_first_has_the_focus(
    shopper: Client, cloth: Stocked
) -> None:
    response = order(shopper, cloth, address="new", bills_elsewhere="on", typed=NEW | {"city": "", "state": ""})
    text = text_of(response)
    assert response.status_code == 422
    errors = dict(re.findall(r'<p class="field-error" id="([^"]*)">([^<]*)</p>', text))
    assert {"id_shipping-city_error", "id_shipping-state_error", "id_billing-name_error"} <= errors.keys()
    needed = ("This field is required.", "Choose the state or region: shops deliver by it.")
    assert sum(map(text.count, needed)) == len(errors)
    for error_id in errors:
        control = re.search(rf'<(?:input|select)[^>]*aria-describedby="[^"]*{error_id}[^"]*"[^>]*>', text)
        assert control is not None
        assert 'aria-invalid="true"' in control[0]
    assert re.findall(r'<input[^>]*name="([^"]*)"[^>]* autofocus', text) == ["shipping-city"]
    assert "error-summary" not in text
    for typed in (NEW["name"], NEW["line1"]):
        assert f'value="{typed}"' in text


def test_a_fault_before_the_address_has_the_focus(shopper: Client, cloth: Stocked) -> None:
    text = text_of(order(shopper, cloth, address="new", email="nowhere", typed={"city": ""}))
    assert re.findall(r'<input[^>]*name="([^"]*)"[^>]* autofocus', text) == ["email"]
    assert 'value="nowhere"' in text
