"""Ways from the basket and from an order back to the shops, and where each parcel of the orders is."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from checkout.models import SubOrder
from tests.world.factories.people import person
from tests.world.market import Stocked, buy, open_shop, stock

pytestmark = pytest.mark.django_db
HOST = "kasuwa.localhost"
PLACES = [
    ("http://kasuwa.localhost/search/?q=cloth", "/search/?q=cloth"),
    ("http://kasuwa.localhost/cart/", "/search/"),
    ("http://evil.example/search/?q=cloth", "/search/"),
    ("", "/search/"),
]


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


def way_back(client: Client, path: str, referer: str) -> str:
    text = " ".join(client.get(path, headers={"Referer": referer}).content.decode().split())
    found = re.search(r'<a href="([^"]*)"[^>]*>\s*(?:<svg.*?</svg>)?\s*Keep shopping', text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(("referer", "expected"), PLACES)
def test_the_basket_leads_back(cloth: Stocked, referer: str, expected: str) -> None:
    client = Client(HTTP_HOST=HOST)
    client.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": 1})
    assert way_back(client, "/cart/", referer) == expected


@pytest.mark.parametrize(("referer", "expected"), PLACES)
def test_an_order_leads_back(cloth: Stocked, referer: str, expected: str) -> None:
    order = buy(cloth.line())
    client = Client(HTTP_HOST=HOST)
    assert client.get(f"/orders/{order.number}/", {"key": order.access_key}).status_code == 302
    assert way_back(client, f"/orders/{order.number}/", referer) == expected


def test_the_list_of_orders_says_where_each_parcel_is(client: Client, cloth: Stocked) -> None:
    pot = stock(open_shop("pot-house"), sku="POT-1")
    order = buy(cloth.line(), pot.line())
    buyer = person(email="ada@example.com")
    type(order).objects.filter(pk=order.pk).update(buyer=buyer)
    SubOrder.objects.filter(order_id=order.pk, shop_id=cloth.shop.pk).update(status="shipped")
    client.force_login(buyer)
    text = " ".join(client.get("/orders/").content.decode().split())
    parcels = dict(re.findall(r"<li><span>([^<]*)</span>.*?<span[^>]*>\s*([^<]*?)\s*</span>", text))
    assert parcels[cloth.shop.name] == "On its way"
    assert parcels.keys() == {cloth.shop.name, pot.shop.name}
