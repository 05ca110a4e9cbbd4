"""Prices are compared within one currency: naira, cedis and shillings are neither bounded nor put in order as one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from catalogue.discovery.selectors.facets import read_facets
from catalogue.discovery.selectors.pages import find_listings
from catalogue.discovery.selectors.query import ListingQuery, Ordering
from tenants.models import Shop
from tests.world.factories.catalogue import add_product, forget_cached, variant
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
LISTINGS = "/api/v1/listings/"


@pytest.fixture(autouse=True)
def market(db: None) -> dict[str, Shop]:
    """Shops in three currencies; of the same things, the figures in naira are the largest."""
    shops = {}
    for slug, currency, prices in (
        ("lagos", "NGN", (900_000, 1_500_000)),
        ("accra", "GHS", (7_000, 20_000)),
        ("nairobi", "KES", (80_000,)),
    ):
        shop = open_shop(slug)
        Shop.objects.filter(pk=shop.pk).update(currency=currency)
        shop.refresh_from_db()
        for place, price in enumerate(prices):
            add_product(shop, f"Tote {slug} {place}", variants=[variant(f"{slug}-{place}", price)])
        shops[slug] = shop
    forget_cached()
    return shops


def titles(**fields: Any) -> list[str]:
    return [card.title.removeprefix("Tote ") for card in find_listings(ListingQuery(**fields)).cards]


def api(client: APIClient, **params: Any) -> list[str]:
    answer = client.get(LISTINGS, params)
    assert answer.status_code == 200, answer.json()
    return [item["title"].removeprefix("Tote ") for item in answer.json()["data"]["results"]]


def test_a_bound_in_naira_matches_prices_in_naira_alone() -> None:
    assert titles(max_price_minor=1_000_000) == ["lagos 0"]
    assert set(titles(min_price_minor=1)) == {"lagos 0", "lagos 1"}
    assert titles(max_price_minor=10_000, currency="GHS") == ["accra 0"]


def test_an_order_of_prices_is_of_one_currency() -> None:
    assert titles(ordering=Ordering.PRICE) == ["lagos 0", "lagos 1"]
    assert titles(ordering=Ordering.PRICE_DOWN, currency="GHS") == ["accra 1", "accra 0"]
    assert len(titles(ordering=Ordering.POPULAR)) == len(titles(text="tote")) == 5


def test_counts_and_facets_are_of_what_is_shown() -> None:
    query = ListingQuery(ordering=Ordering.PRICE)
    assert find_listings(query).count == 2
    assert [(shop.value, shop.count) for shop in read_facets(query).shops] == [("lagos", 2)]


def test_the_api_compares_in_the_currency_that_is_asked_for(api_client: APIClient) -> None:
    assert api(api_client, ordering="price") == ["lagos 0", "lagos 1"]
    assert api(api_client, ordering="price", currency="ghs") == ["accra 0", "accra 1"]
    assert api(api_client, min_price=10_000, currency="GHS") == ["accra 1"]
    assert len(api(api_client, currency="GHS")) == 5  # nothing is compared
    refused = api_client.get(LISTINGS, {"currency": "₦"})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["currency"])


def test_shops_of_one_currency_are_compared_in_it(api_client: APIClient) -> None:
    assert api(api_client, shop="accra", ordering="-price") == ["accra 1", "accra 0"]
    assert api(api_client, shop="accra", max_price=10_000) == ["accra 0"]
    assert api(api_client, shop=["accra", "lagos"], ordering="price") == ["lagos 0", "lagos 1"]


def test_the_page_says_which_currency_it_compares_and_leads_to_the_others(client: Client) -> None:
    text = client.get("/search/", {"sort": "price", "from": "100"}).content.decode()
    assert "Prices are compared in ₦; products in other currencies are not shown." in text
    assert 'href="/search/?sort=price&amp;currency=GHS"' in text
    assert "From ₦100" in text
    other = client.get("/search/", {"sort": "price", "currency": "GHS", "to": "100"}).content.decode()
    assert "Price in GH₵" in other
    assert "Up to GH₵100" in other
    assert "Tote accra 0" in other
    assert "Tote lagos 0" not in other
    assert "Prices are compared" not in client.get("/search/").content.decode()


def test_a_shops_page_compares_in_its_own_currency(client: Client) -> None:
    text = client.get("/shops/accra/", {"sort": "price", "to": "100"}).content.decode()
    assert "Tote accra 0" in text
    assert "Tote accra 1" not in text
    assert "Up to GH₵100" in text
    assert "Prices are compared" not in text


def test_a_market_of_one_currency_says_nothing(client: Client) -> None:
    Shop.objects.exclude(currency="NGN").update(status="suspended")
    forget_cached()
    assert "Prices are compared" not in client.get("/search/", {"sort": "price"}).content.decode()


def test_an_order_of_prices_is_read_from_its_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM discovery_listing l WHERE l.is_visible AND l.currency = 'GHS'"
            " ORDER BY l.price_minor, l.id LIMIT 25"
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "listing_by_price" in plan
