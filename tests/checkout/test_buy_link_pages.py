"""The page that a link with a basket opens, and the places that offer such links."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from catalogue.models import Product
from checkout.cart.buy_links import buy_url
from tests.world.coupons import coupon
from tests.world.market import Stocked, open_shop, stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def tote(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), on_hand=5)


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house"), sku="POT-1", price_minor=640_000, on_hand=2)


def path_of(*wanted: tuple[Stocked, int]) -> str:
    url = buy_url({each.variant_id: quantity for each, quantity in wanted})
    return url.removeprefix("http://kasuwa.localhost:8000")


def basket(client: Client) -> dict[str, int]:
    return {line.offer.sku: line.line.quantity for line in client.get("/cart/").context["cart"].lines}


def test_looking_puts_nothing_in_the_basket(client: Client, tote: Stocked, pot: Stocked) -> None:
    page = client.get(path_of((tote, 2), (pot, 1)))
    text = " ".join(page.content.decode().split())
    assert page.status_code == 200
    assert "Cloth Hall" in text
    assert "Pot House" in text
    assert "₦43,400" in text
    assert '<meta property="og:title" content="Product TOTE-1, Product POT-1">' in text
    assert basket(client) == {}


def test_the_button_sets_the_links_quantities_however_often(client: Client, tote: Stocked, pot: Stocked) -> None:
    path = path_of((tote, 2), (pot, 1))
    for _ in range(2):
        answer = client.post(path)
        assert (answer.status_code, answer["Location"]) == (302, "/cart/")
    assert basket(client) == {"TOTE-1": 2, "POT-1": 1}
    assert client.post(path, {"next": "checkout"})["Location"] == "/checkout/"


def test_what_is_short_is_told_and_had_as_far_as_it_goes(client: Client, tote: Stocked, pot: Stocked) -> None:
    path = path_of((tote, 1), (pot, 9))
    assert "Only 2 left, so you get 2." in client.get(path).content.decode()
    client.post(path)
    assert basket(client) == {"TOTE-1": 1, "POT-1": 2}


def test_what_is_gone_is_counted_and_the_rest_is_had(client: Client, tote: Stocked) -> None:
    url = buy_url({tote.variant_id: 1, uuid4(): 1})
    path = url.removeprefix("http://kasuwa.localhost:8000")
    assert "1 product of this link is no longer for sale." in client.get(path).content.decode()
    client.post(path)
    assert basket(client) == {"TOTE-1": 1}


def test_a_link_of_which_nothing_is_left_says_so(client: Client, tote: Stocked) -> None:
    with schema_context(tote.shop.schema_name):
        Product.objects.filter(pk=tote.product_id).update(status="draft")
    text = client.get(path_of((tote, 1))).content.decode()
    assert "No longer for sale." in text
    assert "Put it in my basket" not in text
    client.post(path_of((tote, 1)))
    assert basket(client) == {}


def test_a_broken_link_has_a_page_that_says_what_to_do(client: Client) -> None:
    page = client.get("/buy/AZOhsn/")
    assert page.status_code == 404
    assert "Ask the person who sent it" in page.content.decode()
    assert client.post("/buy/AZOhsn/").status_code == 302


def test_a_product_and_a_basket_can_be_shared(client: Client, tote: Stocked) -> None:
    product = client.get(f"/products/{tote.product_id}/").content.decode()
    assert "https://wa.me/?text=Product%20TOTE-1%20http%3A//kasuwa.localhost%3A8000/products/" in product
    client.post(path_of((tote, 2)))
    shared = re.search(r'value="(http://kasuwa\.localhost:8000/buy/[^"]+)"', client.get("/cart/").content.decode())
    assert shared is not None
    assert shared[1] == buy_url({tote.variant_id: 2})


def test_a_link_brings_its_coupon_along(client: Client, tote: Stocked) -> None:
    coupon(tote.shop, "KANO10")
    path = path_of((tote, 2))
    assert "With the coupon KANO10;" in client.get(f"{path}?coupon=KANO10").content.decode()
    assert client.post(f"{path}?coupon=KANO10", {"coupon": "KANO10", "next": "checkout"})["Location"] == "/checkout/"
    quoted = client.get("/cart/").context["cart"]
    assert quoted.amounts.discount_minor == quoted.amounts.items_minor // 10


def test_a_links_coupon_that_is_over_is_told_and_the_goods_are_had(client: Client, tote: Stocked) -> None:
    answer = client.post(path_of((tote, 2)), {"coupon": "GONE", "next": "checkout"}, follow=True)
    assert answer.redirect_chain == [("/cart/", 302)]
    assert [message.level_tag for message in answer.context["messages"]] == ["warning"]
    assert basket(client) == {"TOTE-1": 2}
