"""Delivery is known before it is paid for: on the product's page, in the basket and at checkout, without a script."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from catalogue.models import Variant
from checkout.fulfilment.services.zones import STANDARD_ZONE, Method, Zone
from checkout.models import Order, SubOrder
from checkout.zones.change_zones import add_zone, change_zone, remove_zone
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, stock

RIDER = Method(name="Rider", price_minor=120_000, handling_days=1, transit_most_days=2)
COUNTER = Method(kind="pickup", price_minor=0, details="12 Allen Avenue, 9 to 5")
LAGOS = Zone(name="Lagos", country="NG", subdivisions=("NG-LA",), methods=(RIDER, COUNTER))
SENT = {
    "email": "ada@example.com",
    "shipping-name": "Ada Obi",
    "shipping-line1": "12 Bode Thomas St",
    "shipping-city": "Surulere",
    "shipping-state": "Lagos",
    "shipping-country": "NG",
    "shipping-phone": "+234 801 234 5678",
    "address": "new",
    "currency": "NGN",
    "request_key": "key-1",
}


@pytest.fixture
def cloth(db: None) -> Stocked:
    stocked = stock(open_shop("cloth-hall"))
    add_zone(shop=stocked.shop, zone=LAGOS, actor_id=None, now=NOW)
    remove_zone(shop=stocked.shop, zone_id=STANDARD_ZONE.id, actor_id=None, now=NOW)
    return stocked


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house"), sku="POT-1", price_minor=640_000)


def fill(client: Client, *items: Stocked) -> None:
    for item in items:
        client.post("/cart/add/", {"listing": str(item.product_id), "variant": str(item.variant_id), "quantity": "1"})


def go_to(client: Client, country: str, state: str = "") -> None:
    answer = client.post("/cart/destination/", {"country": country, "state": state})
    assert (answer.status_code, answer["Location"]) == (302, "/cart/")


def text(client: Client, path: str) -> str:
    return unescape(" ".join(client.get(path).content.decode().split()))


def sent(**changes: Any) -> dict[str, Any]:
    return {**SENT, **changes}


def test_the_basket_shows_the_fee_of_the_chosen_place(client: Client, cloth: Stocked) -> None:
    fill(client, cloth)
    assert "Where should it go?" in text(client, "/cart/")
    go_to(client, "NG", "NG-LA")
    shown = text(client, "/cart/")
    assert "Delivery to Lagos, Nigeria" in shown
    assert "Rider ₦1,200" in shown
    assert "depends on the place" not in shown


def test_the_place_is_asked_for_where_a_fee_depends_on_it(client: Client, cloth: Stocked, pot: Stocked) -> None:
    fill(client, pot)
    assert "<details" in text(client, "/cart/")
    assert 'p-4" open>' not in text(client, "/cart/")
    fill(client, cloth)
    assert 'p-4" open>' in text(client, "/cart/")
    go_to(client, "NG", "NG-LA")
    assert 'p-4" open>' not in text(client, "/cart/")


def test_a_state_of_another_country_is_left_out_and_its_states_are_offered(client: Client, cloth: Stocked) -> None:
    fill(client, cloth)
    go_to(client, "GH", "NG-LA")
    shown = text(client, "/cart/")
    assert "Delivery to Ghana" in shown
    assert "Ashanti" in shown
    assert "Ogun" not in shown


@pytest.mark.parametrize("country", ["", "XX", "<b>"])
def test_a_country_that_there_is_not_is_not_remembered(client: Client, cloth: Stocked, country: str) -> None:
    fill(client, cloth)
    go_to(client, country)
    assert "kasuwa_destination" not in client.cookies


def test_a_forged_destination_counts_as_none(client: Client, cloth: Stocked) -> None:
    fill(client, cloth)
    client.cookies["kasuwa_destination"] = "WyJOR"
    assert "Where should it go?" in text(client, "/cart/")


def test_a_shop_that_does_not_deliver_there_says_so_and_the_rest_is_sold(
    client: Client, cloth: Stocked, pot: Stocked
) -> None:
    fill(client, cloth, pot)
    go_to(client, "GH", "GH-AH")
    shown = text(client, "/cart/")
    assert "This shop doesn't deliver to your place; not part of your total." in shown
    assert "Go to checkout" in shown
    product = text(client, f"/products/{cloth.product_id}/")
    assert "This shop doesn't deliver to Ashanti, Ghana" in product


def test_a_products_page_promises_no_delivery_of_what_is_too_heavy(client: Client, cloth: Stocked) -> None:
    van = Method(name="Van", kind="weight", bands=((1_000, 90_000),))
    change_zone(
        shop=cloth.shop, zone_id=LAGOS.id, revise=lambda zone: replace(zone, methods=(van,)), actor_id=None, now=NOW
    )
    with schema_context(cloth.shop.schema_name):
        Variant.objects.update(weight_g=1_001)
    assert "Too heavy to be delivered by this shop" in text(client, f"/products/{cloth.product_id}/")
    go_to(client, "NG", "NG-LA")
    page = text(client, f"/products/{cloth.product_id}/")
    assert "Too heavy to be delivered to Lagos, Nigeria by this shop" in page
    assert "₦900" not in page


def test_a_products_page_tells_the_fee(client: Client, cloth: Stocked, pot: Stocked) -> None:
    assert "₦1,200 for everything you order from this shop" in text(client, f"/products/{cloth.product_id}/")
    go_to(client, "NG", "NG-LA")
    assert "to Lagos, Nigeria" in text(client, f"/products/{cloth.product_id}/")
    assert "₦1,500 for everything you order from this shop" in text(client, f"/products/{pot.product_id}/")


def test_a_products_page_tells_the_days_and_leads_to_the_choice_of_a_place(client: Client, cloth: Stocked) -> None:
    product = f"/products/{cloth.product_id}/"
    page = text(client, product)
    assert re.search(r"arrives \d+ \w+ to \d+ \w+", page)
    assert f'href="/cart/destination/?next={product}"' in page
    chooser = text(client, f"/cart/destination/?next={product}")
    assert f'name="next" value="{product}"' in chooser
    assert 'value="NG-LA"' in chooser
    answer = client.post("/cart/destination/", {"country": "GH", "next": product})
    assert (answer.status_code, answer["Location"]) == (302, product)
    assert "This shop doesn't deliver to Ghana" in text(client, product)


@pytest.mark.parametrize("address", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", ""])
def test_the_choice_of_a_place_leads_to_no_other_site(client: Client, address: str) -> None:
    assert 'name="next" value="/cart/"' in text(client, f"/cart/destination/?next={address}")
    assert client.post("/cart/destination/", {"country": "NG", "next": address})["Location"] == "/cart/"


@pytest.mark.usefixtures("paystack")
def test_a_pick_up_is_chosen_without_a_script(client: Client, cloth: Stocked) -> None:
    fill(client, cloth)
    page = text(client, "/checkout/")
    assert "12 Allen Avenue" in page
    method = {f"delivery-{cloth.shop.slug}": str(COUNTER.id)}
    looked = client.post("/checkout/", sent(**method, **{"show-delivery": "1", "expected_total_minor": "1970000"}))
    assert looked.status_code == 200
    assert not Order.objects.exists()
    assert 'value="1850000"' in looked.content.decode()

    ordered = client.post("/checkout/", sent(**method, expected_total_minor="1850000"))
    assert ordered.status_code == 302
    part = SubOrder.objects.get()
    assert (part.delivery["kind"], part.shipping_minor, part.total_minor) == ("pickup", 0, 1_850_000)
    order_page = text(client, f"/orders/{part.order.number}/")
    assert "12 Allen Avenue, 9 to 5" in order_page


def test_an_address_outside_is_told_on_the_page_and_nothing_is_ordered(
    client: Client, cloth: Stocked, pot: Stocked
) -> None:
    fill(client, cloth, pot)
    abroad = {"shipping-country": "GH", "shipping-state": "Ashanti"}
    answer = client.post("/checkout/", sent(**abroad, expected_total_minor="2760000"))
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Cloth Hall: no delivery to this address." in shown
    assert 'name="expected_total_minor" value="790000"' in shown
    assert not Order.objects.exists()


@pytest.mark.usefixtures("paystack")
def test_the_api_quotes_what_checkout_charges(client: Client, cloth: Stocked, pot: Stocked) -> None:
    fill(client, cloth, pot)
    place = {"country": "NG", "state": "NG-LA", "city": "Ikeja"}
    chosen = {"cloth-hall": str(COUNTER.id)}
    body = {"shipping_address": place, "delivery": chosen}
    quoted = client.post("/api/v1/cart/quote/", body, "application/json").json()["data"]
    assert quoted["amounts"]["delivery_minor"] == 150_000
    group = quoted["groups"][0]["delivery"]
    assert (group["method"], [each["name"] for each in group["methods"]]) == (str(COUNTER.id), ["Rider", "Pick-up"])

    address = {**place, "name": "Ada", "line1": "12 Allen", "phone": "08012345678"}
    asked = {"email": "ada@example.com", "shipping_address": address, "delivery": chosen}
    asked["expected_total_minor"] = quoted["total_minor"]
    placed = client.post("/api/v1/checkout/", asked, "application/json", headers={"Idempotency-Key": "k1"})
    assert placed.status_code == 201
    parts = {part["shop"]["slug"]: part["delivery"] for part in placed.json()["data"]["sub_orders"]}
    assert (parts["cloth-hall"]["kind"], parts["pot-house"]["kind"]) == ("pickup", "flat")


def test_the_api_names_a_shop_that_does_not_deliver(client: Client, cloth: Stocked) -> None:
    fill(client, cloth)
    abroad = {"shipping_address": {"country": "GH"}}
    quoted = client.post("/api/v1/cart/quote/", abroad, "application/json").json()["data"]
    assert quoted["groups"][0]["lines"][0]["problem"] == "not_delivered"
    assert (quoted["total_minor"], quoted["can_check_out"]) == (0, False)
