"""Orders go to addresses of the buyer's book and are billed to another; each keeps them as they were."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import Address, User
from accounts.services.addresses import AddressInput, add_address, set_default_address
from checkout.fulfilment.services.zones import Method, Zone
from checkout.models import Order
from checkout.zones.change_zones import add_zone
from tests.world.clock import NOW
from tests.world.factories.people import person
from tests.world.market import Stocked, open_shop, stock

pytestmark = pytest.mark.django_db
HOME = {
    "name": "Ada Obi", "phone": "0801 234 5678", "line1": "12 Bode Thomas St", "city": "Surulere", "state": "Lagos",
    "country": "NG",
}  # fmt: skip
OFFICE = HOME | {"name": "Ada Ltd", "line1": "1 Liberation Road", "city": "Accra", "state": "GH-AA"} | {
    "country": "GH", "phone": "024 123 4567"
}  # fmt: skip


@pytest.fixture
def buyer(db: None) -> User:
    return person(email="ada@example.com")


@pytest.fixture
def home(buyer: User) -> Address:
    return add_address(user_id=buyer.pk, data=AddressInput(**HOME))


@pytest.fixture
def office(buyer: User, home: Address) -> Address:
    return add_address(user_id=buyer.pk, data=AddressInput(**OFFICE))


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def shopper(client: Client, buyer: User, cloth: Stocked, paystack: Any) -> Client:
    client.force_login(buyer)
    client.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": 1})
    return client


def placed_over_the_api(shopper: Client, **body: Any) -> Any:
    headers = {"Idempotency-Key": "0195-book"}
    return shopper.post("/api/v1/checkout/", body, content_type="application/json", headers=headers)


def test_the_api_orders_to_an_address_by_its_id(shopper: Client, home: Address, office: Address) -> None:
    answer = placed_over_the_api(shopper, address_id=home.pk, billing_address_id=office.pk)
    assert answer.status_code == 201, answer.content
    told = answer.json()["data"]
    assert (told["shipping_address"]["state"], told["shipping_address"]["subdivision"]) == ("Lagos", "NG-LA")
    assert (told["billing_address"]["subdivision"], told["billing_address"]["phone"]) == ("GH-AA", "+233241234567")
    home.delete()
    order = Order.objects.get()
    assert order.shipping_address["line1"] == HOME["line1"]
    again = placed_over_the_api(shopper, address_id=office.pk)
    assert (again.status_code, again.json()["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "shipping_address", "one_required"),
        ({"address_id": "home", "shipping_address": HOME}, "address_id", "either_or"),
        ({"address_id": "foreign"}, "address_id", "unknown_address"),
        ({"shipping_address": HOME, "billing_address_id": "foreign"}, "billing_address_id", "unknown_address"),
        (
            {"address_id": "home", "billing_address_id": "home", "billing_address": HOME},
            "billing_address_id",
            "either_or",
        ),
    ],
)
def test_an_address_that_is_not_the_caller_s_is_refused(
    shopper: Client, home: Address, body: dict[str, Any], field: str, code: str
) -> None:
    foreign = add_address(user_id=person(email="eve@example.com").pk, data=AddressInput(**HOME))
    ids = {"home": home.pk, "foreign": foreign.pk}
    sent = {name: ids.get(value, value) if isinstance(value, str) else value for name, value in body.items()}
    answer = placed_over_the_api(shopper, **sent)
    assert answer.status_code == 400, answer.content
    errors = answer.json()["errors"]
    assert {name: [each["code"] for each in faults] for name, faults in errors.items()} == {field: [code]}
    assert Order.objects.count() == 0


def test_guests_have_no_address_book(api_client: APIClient, cloth: Stocked, home: Address) -> None:
    cart = api_client.post("/api/v1/cart/items/", {"variant_id": str(cloth.variant_id), "quantity": 1}, format="json")
    headers = {"Idempotency-Key": "0195-guest", "X-Cart-Token": cart["X-Cart-Token"]}
    body = {"email": "eve@example.com", "address_id": home.pk}
    answer = api_client.post("/api/v1/checkout/", body, format="json", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["errors"].keys() == {"address_id"}
    assert Order.objects.count() == 0


def test_an_order_keeps_its_addresses_in_today_s_form(shopper: Client) -> None:
    answer = placed_over_the_api(shopper, shipping_address=HOME | {"state": "NG-LA", "phone": "+234 (0)801 234 5678"})
    assert answer.status_code == 201, answer.content
    kept = Order.objects.get().shipping_address
    assert (kept["state"], kept["subdivision"], kept["phone"]) == ("Lagos", "NG-LA", "+2348012345678")
    refused = placed_over_the_api(shopper, shipping_address=HOME | {"state": "Atlantis", "phone": "0803 123 456"})
    assert refused.status_code == 400
    assert refused.json()["errors"]["shipping_address"].keys() == {"state", "phone"}


def test_a_saved_address_of_an_earlier_release_can_be_ordered_to(shopper: Client, home: Address) -> None:
    Address.objects.filter(pk=home.pk).update(state="Lagos Mainland", subdivision="", phone="0803 12 34")
    assert placed_over_the_api(shopper, address_id=home.pk).status_code == 201
    kept = Order.objects.get().shipping_address
    assert (kept["state"], kept["subdivision"], kept["phone"]) == ("Lagos Mainland", "", "0803 12 34")


def page_order(shopper: Client, cloth: Stocked, **fields: str) -> Any:
    total = str(cloth.price_minor + cloth.shop.shipping_minor)
    form = {"email": "ada@example.com", "request_key": "key", "expected_total_minor": total}
    return shopper.post("/checkout/", form | fields)


def test_the_page_suggests_the_address_of_bills_and_orders_with_it(
    shopper: Client, buyer: User, cloth: Stocked, home: Address, office: Address
) -> None:
    set_default_address(user_id=buyer.pk, address_id=office.pk, for_bills=True)
    page = shopper.get("/checkout/").content.decode()
    assert f'name="billing_address" id="billing_address-{office.pk}" value="{office.pk}" checked' in page
    assert f'name="address" id="address-{home.pk}" value="{home.pk}" checked' in page
    assert page_order(shopper, cloth, address=str(home.pk), billing_address=str(office.pk)).status_code == 302
    order = Order.objects.get()
    assert (order.shipping_address["line1"], order.billing_address["line1"]) == (HOME["line1"], OFFICE["line1"])
    shown = shopper.get(order.get_absolute_url()).content.decode()
    assert "024 123 4567" in shown
    assert "Greater Accra" in shown


def test_another_billing_address_is_typed_or_is_that_of_the_delivery(
    shopper: Client, cloth: Stocked, home: Address
) -> None:
    typed = {f"billing-{name}": value for name, value in OFFICE.items()}
    refused = page_order(shopper, cloth, address=str(home.pk), billing_address="999999")
    assert refused.status_code == 422
    assert 'id="billing_address_error"' in refused.content.decode()
    half = page_order(
        shopper, cloth, address=str(home.pk), billing_address="new", **typed | {"billing-phone": "024 1234"}
    )
    assert half.status_code == 422
    assert "such as 023 123 4567" in half.content.decode()
    assert Order.objects.count() == 0
    assert page_order(shopper, cloth, address=str(home.pk), billing_address="new", **typed).status_code == 302
    assert Order.objects.get().billing_address["subdivision"] == "GH-AA"


def test_the_states_of_another_country_come_with_all_that_was_entered(shopper: Client, cloth: Stocked) -> None:
    entered = {"shipping-country": "GH", "shipping-line1": "Kept", "shows_states": "1"}
    page = page_order(shopper, cloth, **entered).content.decode()
    assert '<option value="GH-AA">Greater Accra</option>' in page
    assert 'value="Kept"' in page
    assert "field-error" not in page
    assert Order.objects.count() == 0


def quoted(shopper: Client, **body: Any) -> Any:
    return shopper.post("/api/v1/cart/quote/", body, content_type="application/json")


def test_a_quote_is_for_an_address_of_the_book_as_its_checkout(
    shopper: Client, cloth: Stocked, home: Address, office: Address
) -> None:
    lagos = Zone(country="NG", subdivisions=("NG-LA",), methods=(Method(price_minor=50_000),))
    add_zone(shop=cloth.shop, zone=lagos, actor_id=None, now=NOW)
    totals = [quoted(shopper, address_id=saved.pk).json()["data"]["total_minor"] for saved in (home, office)]
    assert totals == [1_900_000, 2_000_000]
    placed = placed_over_the_api(shopper, address_id=home.pk, expected_total_minor=totals[0])
    assert placed.status_code == 201, placed.content


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "shipping_address", "one_required"),
        ({"shipping_address": None, "address_id": None}, "shipping_address", "one_required"),
        ({"address_id": "home", "shipping_address": {"country": "NG"}}, "address_id", "either_or"),
        ({"address_id": "foreign"}, "address_id", "unknown_address"),
        ({"address_id": 0}, "address_id", "min_value"),
    ],
    ids=["nothing", "nulls", "both", "foreign", "zero"],
)
def test_a_quote_for_no_address_of_the_caller_is_refused(
    shopper: Client, home: Address, body: dict[str, Any], field: str, code: str
) -> None:
    foreign = add_address(user_id=person(email="eve@example.com").pk, data=AddressInput(**HOME))
    ids = {"home": home.pk, "foreign": foreign.pk}
    sent = {name: ids.get(value, value) if isinstance(value, str) else value for name, value in body.items()}
    answer = quoted(shopper, **sent)
    assert answer.status_code == 400, answer.content
    errors = answer.json()["errors"]
    assert {name: [each["code"] for each in faults] for name, faults in errors.items()} == {field: [code]}
