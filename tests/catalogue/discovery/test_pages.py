"""The pages that buyers find things on."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from catalogue.discovery.services.visibility import set_shop_visibility
from catalogue.discovery.services.vocabulary import refresh_vocabulary
from catalogue.models import StockLevel
from catalogue.services.inputs import ImageInput
from catalogue.services.products import create_products
from tenants.models import Shop, ShopStatus
from tests.world.clock import NOW
from tests.world.factories.catalogue import (
    TITLES,
    add_product,
    forget_cached,
    make_categories,
    product_input,
    statements,
    variant,
    variant_ids,
)
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return open_shop("indigo-fabrics")


def page(client: Client, path: str, **params: Any) -> str:
    response = client.get(path, params)
    assert response.status_code == 200, (path, response.status_code)
    return " ".join(response.content.decode().split())


def test_the_first_page_of_an_empty_market(client: Client) -> None:
    text = page(client, "/")
    assert "The first shops are setting up" in text
    assert text.count("<h1") == 1


def test_the_first_page_shows_the_market(client: Client, shop: Shop) -> None:
    categories = make_categories()
    add_product(shop, "Adire wrapper", category_id=categories["fashion"])
    text = page(client, "/")
    for expected in ("Adire wrapper", "Fashion", "Indigo Fabrics", "?category=fashion", "₦18,500", 'rel="canonical"'):
        assert expected in text


def test_results_are_found_narrowed_and_turned(client: Client, shop: Shop) -> None:
    categories = make_categories()
    create_products(
        shop=shop,
        products=[product_input(f"Tote {n}", sku=f"T{n}", category_id=categories["bags"]) for n in range(30)],
        now=NOW,
    )
    text = page(client, "/search/", q="tote")
    assert "Results for “tote”" in text
    assert "30 products" in text
    assert text.count('class="product-card"') == 24
    turn = re.search(r'href="(/search/\?[^"]*cursor=[^"]*)"[^>]*rel="next"', text)
    assert turn
    second = page(client, turn[1].replace("&amp;", "&"))
    assert second.count('class="product-card"') == 6
    assert "25–30 of 30" in second
    assert 'rel="prev"' in second

    narrowed = page(client, "/search/", q="tote", category="bags", shop="indigo-fabrics", in_stock="1", to="20,000")
    assert "“tote” in Bags" in narrowed
    for chip in ("Remove filter: </span>Bags", "Indigo Fabrics", "Up to ₦20,000", "In stock"):
        assert chip in narrowed
    assert "/search/?q=tote&amp;shop=indigo-fabrics&amp;in_stock=1&amp;to=20%2C000" in narrowed
    assert re.search(r'<link rel="canonical" href="http://[^"]*/search/\?q=tote&amp;category=bags">', narrowed)
    assert "Nothing found" in page(client, "/search/", q="tote", to="1")


def test_filters_are_a_plain_form(client: Client, shop: Shop) -> None:
    make_categories()
    add_product(shop, "Tote")
    text = page(client, "/search/", q="tote", sort="newest")
    form = text[text.index('<form id="filter-form"') :]
    form = form[: form.index("</form>")]
    assert 'method="get"' in form
    assert 'name="q" value="tote"' in form
    assert '<button type="submit" id="show-results"' in form
    assert '<option value="newest" selected>' in text


def test_a_mistyped_word_offers_both_ways(client: Client, shop: Shop) -> None:
    add_product(shop, "Enamel kettle")
    refresh_vocabulary()
    text = page(client, "/search/", q="kettel")
    assert "Showing results for <b>kettle</b>" in text
    assert "Enamel kettle" in text
    assert 'href="/search/?q=kettel&amp;exact=1"' in text
    assert "Nothing found" in page(client, "/search/", q="kettel", exact="1")


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"category": "nowhere"}, 404),
        ({"shop": "nobody"}, 404),
        ({"cursor": "x"}, 302),
        ({"sort": "best"}, 200),
        ({"from": "cheap", "to": "NaN"}, 200),
        ({"from": "1e400", "to": "-5"}, 200),
        ({"q": "<script>alert(1)</script>"}, 200),
        ({"q": "\x00"}, 400),
    ],
)
def test_odd_addresses(client: Client, shop: Shop, params: dict[str, str], status: int) -> None:
    response = client.get("/search/", params)
    assert response.status_code == status
    assert b"<script>alert" not in response.content


def test_a_product_page_sells(client: Client, shop: Shop) -> None:
    categories = make_categories()
    Shop.objects.filter(pk=shop.pk).update(city="Abeokuta", returns_policy="Within 14 days, unused.")
    product = add_product(
        shop,
        "Tote",
        category_id=categories["bags"],
        description="Woven on narrow looms.\n\nLined with cotton.",
        variants=[
            variant("A", 1_850_000, options={"Colour": "Indigo"}, on_hand=0),
            variant("B", 1_900_000, options={"Colour": "Rust"}, on_hand=3, compare_at_minor=2_400_000),
        ],
        images=[ImageInput("shops/1/products/x/a-800.webp", "Front"), ImageInput("shops/1/products/x/b-800.webp")],
    )
    other = add_product(shop, "Wrapper")
    sold_out, left = variant_ids(shop, product.id)
    text = page(client, f"/products/{product.id}/")
    assert re.search(rf'value="{sold_out}"[^>]* disabled', text)
    assert re.search(rf'value="{left}"[^>]* checked', text)
    assert 'action="/cart/add/"' in text
    assert 'name="csrfmiddlewaretoken"' in text
    assert 'max="3"' in text
    for expected in (
        "₦19,000 · 3 left", "Sold by", "Abeokuta", "₦1,500 for everything you order from this shop",
        "Within 14 days, unused.", "<p>Lined with cotton.</p>", "a-400.webp", 'alt="Front"', "More from Indigo Fabrics",
        f"/products/{other.id}/", '<meta name="description" content="Woven on narrow looms. Lined with cotton.',
        f'/products/{product.id}/">', "/search/?category=fashion",
    ):  # fmt: skip
        assert expected in text, expected
    assert "<script>" not in text
    assert " style=" not in text


def test_a_sold_out_product_has_nothing_to_press(client: Client, shop: Shop) -> None:
    product = add_product(shop, "Tote")
    with schema_context(shop.schema_name):
        StockLevel.objects.update(reserved=10)
    text = page(client, f"/products/{product.id}/")
    assert "Sold out" in text
    assert 'action="/cart/add/"' not in text


def test_hidden_products_and_shops_are_404(client: Client, shop: Shop) -> None:
    draft = add_product(shop, "Draft", status="draft")
    product = add_product(shop, "Tote")
    assert client.get(f"/products/{draft.id}/").status_code == 404
    assert client.get(f"/products/{uuid4()}/").status_code == 404
    assert client.get("/products/1/").status_code == 404
    assert client.get("/shops/nobody/").status_code == 404
    Shop.objects.filter(pk=shop.pk).update(status=ShopStatus.SUSPENDED)
    set_shop_visibility(shop_id=shop.pk, is_visible=False)
    assert client.get(f"/products/{product.id}/").status_code == 404
    assert client.get("/shops/indigo-fabrics/").status_code == 404
    assert "Tote" not in page(client, "/")


def test_a_shop_page_searches_within(client: Client, shop: Shop) -> None:
    add_product(shop, "Tote")
    add_product(shop, "Wrapper")
    add_product(open_shop("copper-kitchen"), "Tote of copper")
    text = page(client, "/shops/indigo-fabrics/")
    assert "2 products" in text
    assert "₦1,500" in text
    found = page(client, "/shops/indigo-fabrics/", q="tote")
    assert ">Tote</a>" in found
    assert "Wrapper" not in found
    assert "copper" not in found.lower()
    assert page(client, "/shops/indigo-fabrics/", shop="copper-kitchen").count('class="product-card"') == 2


@pytest.mark.parametrize("path", ["/", "/search/", "/search/?q=woven", "/shops/indigo-fabrics/"])
def test_a_page_costs_the_same_for_few_and_for_many(client: Client, shop: Shop, path: str) -> None:
    make_categories()
    add_product(shop, "Woven cap")
    with statements() as few:
        page(client, path)
    create_products(
        shop=shop,
        products=[product_input(f"Woven {title}", sku=f"T{n}") for n, title in enumerate(TITLES)],
        now=NOW,
    )
    forget_cached()
    with statements() as many:
        page(client, path)
    assert len(many) <= len(few) <= 8
