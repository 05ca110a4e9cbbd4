"""Adding to the basket from a product's page, which stays open."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from catalogue.models import Product
from tenants.models import Shop
from tests.world.factories.catalogue import add_product, variant, variant_ids
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db

HX = {"HX-Request": "true"}


@pytest.fixture
def shop() -> Shop:
    return open_shop("indigo-fabrics")


@pytest.fixture
def shirt(shop: Shop) -> Product:
    variants = [
        variant(f"{colour}-{size}", options={"Colour": colour, "Size": size}, on_hand=left)
        for colour, size, left in (("Red", "S", 9), ("Red", "L", 2), ("Blue", "S", 4))
    ]
    return add_product(shop, "Shirt", variants=variants)


def add(client: Client, product: Product, fields: dict[str, str], *, script: bool = False) -> Any:
    sent = {"listing": str(product.id), "back": "/search/?q=shirt"} | fields
    return client.post("/cart/add/", sent, headers=HX if script else None)


def chosen(colour: str, size: str) -> dict[str, str]:
    return {"option-Colour": colour, "option-Size": size}


def basket(client: Client) -> list[tuple[str, int]]:
    return [(line.offer.sku, line.line.quantity) for line in client.get("/cart/").context["cart"].lines]


def test_a_script_gets_a_word_the_ways_on_and_the_count(client: Client, shirt: Product) -> None:
    response = add(client, shirt, chosen("Red", "L") | {"quantity": "2"}, script=True)
    text = " ".join(response.content.decode().split())
    assert response.status_code == 200
    assert "In your basket: 2 × Shirt, Colour: Red, Size: L." in text
    assert re.findall(r'<a href="([^"]*)"|<a class="link" href="([^"]*)"', text) == [
        ("/cart/", ""), ("/checkout/", ""), ("", "/search/?q=shirt"),
    ]  # fmt: skip
    assert 'id="basket-link" href="/cart/" hx-swap-oob="true"' in text
    assert 'id="cart-count" aria-hidden="true">2</span>' in text
    assert "<html" not in text
    assert basket(client) == [("Red-L", 2)]
    assert ">5</span>" in add(client, shirt, chosen("Blue", "S") | {"quantity": "3"}, script=True).content.decode()


def test_without_scripts_the_page_comes_again_with_the_word(client: Client, shirt: Product) -> None:
    response = add(client, shirt, chosen("Red", "L") | {"quantity": "2"})
    place = urlsplit(response["Location"])
    assert (response.status_code, place.path, place.fragment) == (302, f"/products/{shirt.id}/", "added")
    page = client.get(response["Location"])
    text = page.content.decode()
    assert text.count("In your basket: 2 × Shirt, Colour: Red, Size: L.") == 1
    assert text.index('id="added"') < text.index("In your basket: 2")
    assert page.context["choice"].variant.sku == "Red-L"
    assert "In your basket: 2" not in client.get(response["Location"]).content.decode()


def test_the_choice_of_the_form_counts_not_the_one_that_was_shown(client: Client, shop: Shop, shirt: Product) -> None:
    """A choice that was made while the page had not followed yet."""
    shown = variant_ids(shop, shirt.id)[0]
    add(client, shirt, chosen("Blue", "S") | {"variant": str(shown)}, script=True)
    assert basket(client) == [("Blue-S", 1)]


@pytest.mark.parametrize(
    ("fields", "says", "field"),
    [
        (chosen("Blue", "L"), "Blue / L is sold out. Choose another one.", "choice-1-1"),
        (chosen("Red", "XL"), "Red / XL is sold out. Choose another one.", "choice-1-1"),
        ({}, "Choose one of the options first.", "choice-1-1"),
        ({"variant": "x"}, "Choose one of the options first.", "choice-1-1"),
        (chosen("Red", "S") | {"listing": "x"}, "Choose one of the options first.", "choice-1-1"),
        (chosen("Red", "L") | {"quantity": "3"}, "Only 2 left.", "quantity"),
        (chosen("Red", "L") | {"quantity": "0"}, "Choose at least one.", "quantity"),
        (chosen("Red", "L") | {"quantity": "many"}, "Give the quantity as a whole number.", "quantity"),
        (chosen("Red", "L") | {"quantity": "9" * 5000}, "Give the quantity as a whole number.", "quantity"),
    ],
)
def test_a_refusal_is_said_beside_its_control_and_nothing_is_added(
    client: Client, shirt: Product, fields: dict[str, str], says: str, field: str
) -> None:
    response = add(client, shirt, fields, script=True)
    text = response.content.decode()
    assert response.status_code == 422
    assert f'data-invalid="{field}">{says}</p>' in text
    assert "basket-link" not in text
    plain = client.get(add(client, shirt, fields)["Location"]).content.decode()
    assert says in plain[max(plain.find('id="added"'), 0) :]
    assert basket(client) == []


def test_what_was_entered_stays_on_a_refusal(client: Client, shirt: Product) -> None:
    address = add(client, shirt, chosen("Red", "L") | {"quantity": "7"})["Location"]
    assert parse_qs(urlsplit(address).query) == {
        "quantity": ["7"], "back": ["/search/?q=shirt"], "option-Colour": ["Red"], "option-Size": ["L"],
    }  # fmt: skip
    page = client.get(address)
    assert 'name="quantity" value="7"' in page.content.decode()
    assert page.context["choice"].variant.sku == "Red-L"


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/account/", ""])
def test_the_way_back_leads_to_a_list_of_ours_or_to_all_products(client: Client, shirt: Product, back: str) -> None:
    text = add(client, shirt, chosen("Red", "S") | {"back": back}, script=True).content.decode()
    assert '<a class="link" href="/search/">Keep shopping</a>' in text


def test_pages_of_the_version_before_lead_to_the_basket(client: Client, shop: Shop, shirt: Product) -> None:
    first = variant_ids(shop, shirt.id)[0]
    response = client.post("/cart/add/", {"variant": str(first), "quantity": "1"})
    assert (response.status_code, response["Location"]) == (302, "/cart/")
    assert basket(client) == [("Red-S", 1)]
