"""A product's page shows the variant that is chosen, and says of each further choice whether it can be had."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from catalogue.discovery.models import ListingVariant
from catalogue.discovery.selectors.choices import find_variant
from catalogue.models import Product, StockLevel
from catalogue.services.inputs import ImageInput
from tenants.models import Shop
from tests.world.factories.catalogue import add_product, statements, variant, variant_ids
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db

# Colour, size, price in minor units, on the shelf.
SHIRTS = [
    ("Red", "S", 1_850_000, 10), ("Red", "M", 1_850_000, 3), ("Red", "L", 1_950_000, 0),
    ("Deep blue", "S", 2_000_000, 0), ("Deep blue", "M", 2_000_000, 7),
    ("Sand", "S", 2_000_000, 0), ("Sand", "M", 2_000_000, 0), ("Sand", "L", 2_000_000, 0),
]  # fmt: skip
PICTURES = [
    ImageInput("shops/1/products/x/a-800.webp", "The red shirt, front"),
    ImageInput("shops/1/products/x/b-800.webp", "DEEP-BLUE shirt; deep blue"),
    ImageInput("shops/1/products/x/c-800.webp", ""),
]


@pytest.fixture
def shop() -> Shop:
    return open_shop("indigo-fabrics")


@pytest.fixture
def shirt(shop: Shop) -> Product:
    variants = [
        variant(f"{colour}-{size}", price, options={"Colour": colour, "Size": size, "Cloth": "Cotton"}, on_hand=left)
        for colour, size, price, left in SHIRTS
    ]
    return add_product(shop, "Shirt", variants=variants, images=PICTURES)


def show(client: Client, product: Product, **params: str) -> Any:
    response = client.get(f"/products/{product.id}/", {name.replace("__", "-"): text for name, text in params.items()})
    assert response.status_code == 200
    return response


def radios(response: Any) -> dict[str, set[str]]:
    """The radio buttons of the page by value, each with what holds of it."""
    found = re.findall(r'<input type="radio"[^>]*value="([^"]*)" required([^>]*)>', response.content.decode())
    return {value: set(rest.split()) for value, rest in found}


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_each_option_has_its_group_and_the_first_that_can_be_had_is_shown(client: Client, shirt: Product) -> None:
    response = show(client, shirt)
    text = text_of(response)
    assert re.findall(r"<legend[^>]*>([^<]*)</legend>", text) == ["Colour", "Size"]
    assert radios(response) == {
        "Red": {"checked"}, "Deep blue": set(), "Sand": {"disabled"}, "S": {"checked"}, "M": set(), "L": {"disabled"},
    }  # fmt: skip
    assert "Not in S" in text
    assert "Cotton" in text
    assert 'name="option-Cloth"' not in text


@pytest.mark.parametrize(
    ("choice", "shown"),
    [
        (("Red", "S"), ("₦18,500", "In stock", "10")),
        (("Red", "M"), ("₦18,500", "Only 3 left", "3")),
        (("Deep blue", "M"), ("₦20,000", "In stock", "7")),
    ],
)
def test_price_stock_and_maximum_are_those_of_the_choice(
    client: Client, shirt: Product, choice: tuple[str, str], shown: tuple[str, str, str]
) -> None:
    price, stock, most = shown
    response = show(client, shirt, option__Colour=choice[0], option__Size=choice[1])
    text = text_of(response)
    assert f'<span class="price price-lg" ><span>{price}</span>' in text
    assert f">{stock}</p>" in text
    assert f'max="{most}"' in text
    assert {value for value, state in radios(response).items() if "checked" in state} == set(choice)
    same = show(client, shirt, variant=str(response.context["choice"].variant.id))
    assert same.context["choice"] == response.context["choice"]


@pytest.mark.parametrize(("colour", "size"), [("Red", "L"), ("Deep blue", "S"), ("Deep blue", "L")])
def test_a_choice_that_cannot_be_had_says_so(client: Client, shirt: Product, colour: str, size: str) -> None:
    """Sold out, or one that the shop never had."""
    response = show(client, shirt, option__Colour=colour, option__Size=size)
    assert f"{colour} / {size} is sold out. Choose another one." in text_of(response)
    assert re.search(r"<button[^>]* disabled[^>]*>.*?Add to basket", text_of(response))
    assert {value for value, state in radios(response).items() if "checked" in state} == {colour, size}


@pytest.mark.parametrize(
    "params",
    [
        {"variant": "nonsense"},
        {"variant": "00000000-0000-0000-0000-000000000000"},
        {"option__Colour": "Pink"},
        {"option__Nothing": "S"},
        {"option__": "S"},
        {"option__Cloth": "Silk"},
        {"quantity": "many", "back": "//evil.example/"},
    ],
)
def test_an_odd_address_shows_the_first_choice(client: Client, shirt: Product, params: dict[str, str]) -> None:
    response = show(client, shirt, **params)
    assert response.context["choice"].variant.sku == "Red-S"
    assert response.context["list_before"] == ""


def test_one_option_in_an_address_leads_to_what_can_be_had_of_it(client: Client, shirt: Product) -> None:
    assert show(client, shirt, option__Colour="Deep blue").context["choice"].variant.sku == "Deep blue-M"


@pytest.mark.parametrize(("colour", "first"), [("Red", 1), ("Deep blue", 2)])
def test_the_picture_whose_description_names_the_choice_comes_first(
    client: Client, shirt: Product, colour: str, first: int
) -> None:
    response = show(client, shirt, option__Colour=colour)
    assert next(number for number, _ in response.context["pictures"]) == first
    assert sorted(number for number, _ in response.context["pictures"]) == [1, 2, 3]
    assert f'data-picture="{first}"' in text_of(response)


def test_without_scripts_a_button_shows_the_choice_and_keeps_what_was_entered(client: Client, shirt: Product) -> None:
    sent = {"option-Colour": "Deep blue", "option-Size": "M", "quantity": "9", "back": "/search/?q=shirt", "x": "y"}
    response = client.post(f"/products/{shirt.id}/", sent)
    assert response.status_code == 302
    place = urlsplit(response["Location"])
    assert (place.path, place.fragment) == (f"/products/{shirt.id}/", "buy")
    assert parse_qs(place.query) == {name: [text] for name, text in sent.items() if name != "x"}
    shown = client.get(response["Location"])
    assert 'value="9" min="1" max="7"' in text_of(shown)
    assert '<input type="hidden" name="back" value="/search/?q=shirt">' in text_of(shown)


def test_a_script_gets_the_page_with_an_address_to_keep(client: Client, shirt: Product) -> None:
    response = client.get(f"/products/{shirt.id}/", {"option-Size": "M", "quantity": "2"}, HTTP_HX_REQUEST="true")
    chosen = response.context["choice"].variant
    assert response["HX-Replace-Url"] == f"/products/{shirt.id}/?variant={chosen.id}"
    assert 'role="status">Red / M: ₦18,500, Only 3 left</p>' in text_of(response)
    assert "HX-Replace-Url" not in client.get(f"/products/{shirt.id}/")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://kasuwa.localhost/search/?q=a", "/search/?q=a"),
        ("http://kasuwa.localhost/shops/indigo-fabrics/?q=a", "/shops/indigo-fabrics/?q=a"),
        ("http://kasuwa.localhost/account/sign-in/", ""),
        ("http://evil.example/search/", ""),
        ("http://kasuwa.localhost//evil.example/", ""),
        ("javascript:alert(1)", ""),
        ("http://[", ""),
    ],
)
def test_the_way_back_is_a_list_of_ours(shop: Shop, shirt: Product, address: str, expected: str) -> None:
    response = Client(HTTP_HOST="kasuwa.localhost").get(f"/products/{shirt.id}/", HTTP_REFERER=address)
    assert response.context["list_before"] == expected


def test_variants_without_comparable_options_are_one_group(client: Client, shop: Shop) -> None:
    sizes = [variant(f"BOX-{size}", options={"Size": size}) for size in ("S", "L")]
    product = add_product(shop, "Box", variants=sizes)
    ListingVariant.objects.filter(sku="BOX-L").update(options={"Colour": "Red"})  # as older releases may have stored
    assert radios(show(client, product)).keys() == {str(number) for number in variant_ids(shop, product.id)}
    assert "Choose one" in text_of(show(client, product))


def test_a_single_variant_has_nothing_to_choose(client: Client, shop: Shop) -> None:
    product = add_product(shop, "Cap", variants=[variant("CAP", options={"Colour": "Indigo"})])
    response = show(client, product)
    [only] = variant_ids(shop, product.id)
    assert radios(response) == {}
    assert f'name="variant" value="{only}"' in text_of(response)
    assert "Indigo" in text_of(response)


def test_options_name_the_one_variant(shop: Shop, shirt: Product) -> None:
    by_sku = dict(zip([f"{colour}-{size}" for colour, size, *_ in SHIRTS], variant_ids(shop, shirt.id), strict=True))
    with statements() as asked:
        found = find_variant(listing_id=shirt.id, picked={"Colour": "Red", "Size": "M"})
    assert (found, len(asked)) == (by_sku["Red-M"], 1)
    for picked in ({"Colour": "Red"}, {"Colour": "Pink", "Size": "M"}, {"Colour": "Red", "Size": "M", "Cloth": "Silk"}):
        assert find_variant(listing_id=shirt.id, picked=picked) is None


def test_a_page_costs_the_same_however_many_can_be_chosen(client: Client, shop: Shop, shirt: Product) -> None:
    plain = add_product(shop, "Plain")
    for product in (plain, shirt):
        show(client, product)
    with statements() as one:
        show(client, plain)
    with statements() as many:
        show(client, shirt, option__Colour="Deep blue", option__Size="M")
    assert len(many) == len(one) <= 2


def test_nothing_to_press_where_all_is_sold_out(client: Client, shop: Shop, shirt: Product) -> None:
    with schema_context(shop.schema_name):
        StockLevel.objects.update(on_hand=0)
    assert 'action="/cart/add/"' not in text_of(show(client, shirt))
