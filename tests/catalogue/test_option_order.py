"""A variant's options keep the order in which they were given, whatever they are called, from the form to the order."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django_tenants.utils import schema_context
from rest_framework.test import APIClient

from catalogue.discovery.models import ListingVariant
from catalogue.models import Variant
from catalogue.selectors.products import get_product
from catalogue.services.inputs import ProductInput, VariantInput, input_of
from catalogue.services.products import create_product, update_product
from checkout.fulfilment.models import VendorOrderLine
from checkout.models import Order
from checkout.pricing.lines import CartLine
from tenants.models import Shop
from tests.vendors.test_product_form import NEW, only_product, typed
from tests.world.clock import NOW
from tests.world.market import buy, open_shop
from tests.world.own_shop import member, page_client

pytestmark = pytest.mark.django_db
# jsonb sorts keys by length; a template finds the key "items" before the method.
OPTIONS = {"Colour": "Red", "Size": "M", "items": "Two"}


@pytest.fixture
def shop(db: None) -> Shop:
    return open_shop("indigo-fabrics")


def made(shop: Shop) -> Variant:
    variant = VariantInput(sku="TOTE", price_minor=1_850_000, options=OPTIONS, on_hand=5)
    product = create_product(shop=shop, data=ProductInput(title="Tote", status="active", variants=[variant]), now=NOW)
    return get_product(shop=shop, product_id=product.pk).variants.all()[0]


def test_options_keep_their_order_in_the_shop_and_on_the_market(shop: Shop) -> None:
    variant = made(shop)
    assert list(variant.options.items()) == list(OPTIONS.items())
    assert list(ListingVariant.objects.get().options.items()) == list(OPTIONS.items())
    product = get_product(shop=shop, product_id=variant.product_id)
    turned = {name: OPTIONS[name] for name in ("Size", "items", "Colour")}
    said = input_of(product)
    changed = ProductInput(
        title=said.title,
        status="active",
        variants=[VariantInput(id=variant.pk, sku="TOTE", price_minor=1_850_000, options=turned)],
    )
    update_product(shop=shop, product_id=product.pk, data=changed, now=NOW)
    assert list(ListingVariant.objects.get().options) == ["Size", "items", "Colour"]


def test_options_keep_their_order_through_the_form_and_the_api(shop: Shop) -> None:
    desk = page_client(shop, member(shop))
    row = {"sku": "TOTE", "price": "18,500", "value_1": "Red", "value_2": "M"}
    assert desk.post(NEW, typed(row, option_1="Colour", option_2="Size")).status_code == 302
    product = only_product(shop)
    assert [list(each.options) for each in get_product(shop=shop, product_id=product.pk).variants.all()] == [
        ["Colour", "Size"]
    ]
    page = desk.get(f"/dashboard/products/{product.pk}/").context["editor"]
    assert page.headings()[:2] == ["Colour", "Size"]


def test_options_keep_their_order_in_basket_and_order(shop: Shop, paystack: Any, client: Client) -> None:
    variant = made(shop)
    client.post("/cart/add/", {"variant": str(variant.pk), "quantity": "1"})
    basket = client.get("/cart/")
    assert basket.status_code == 200
    text = basket.content.decode()
    assert text.index("Red") < text.index("Two")
    order = buy(CartLine(variant.pk, shop.pk, 1, variant.price_minor))
    fresh = Order.objects.get(pk=order.pk)
    assert fresh.sub_orders.get().lines[0]["options"] == [list(pair) for pair in OPTIONS.items()]
    with schema_context(shop.schema_name):
        assert list(VendorOrderLine.objects.get().options.items()) == list(OPTIONS.items())
    number = fresh.sub_orders.get().number
    desk = page_client(shop, member(shop))
    assert desk.get(f"/dashboard/orders/{number}/").status_code == 200
    api = APIClient(HTTP_HOST="kasuwa.localhost", HTTP_X_ORDER_KEY=fresh.access_key)
    line = api.get(f"/api/v1/orders/{fresh.number}/").json()["data"]["sub_orders"][0]["lines"][0]
    assert list(line["options"].items()) == list(OPTIONS.items())


def test_objects_of_earlier_releases_are_read(shop: Shop) -> None:
    variant = made(shop)
    with schema_context(shop.schema_name), connection.cursor() as cursor:
        cursor.execute('UPDATE catalogue_variant SET options = \'{"Size": "M"}\'')
    assert get_product(shop=shop, product_id=variant.product_id).variants.all()[0].options == {"Size": "M"}
    order = buy(CartLine(variant.pk, shop.pk, 1, variant.price_minor))
    assert Order.objects.get(pk=order.pk).sub_orders.get().lines[0]["options"] == [["Size", "M"]]
