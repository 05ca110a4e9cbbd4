"""The shops of the market over the API, and listings by their slugs."""

import pytest
from rest_framework.test import APIClient

from catalogue.discovery.models import Listing
from catalogue.services.products import archive_product, create_products
from tenants.models import Shop, ShopStatus
from tests.world.clock import NOW
from tests.world.factories.catalogue import product_input, statements
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
SHOPS = "/api/v1/shops/"


def slugs(client: APIClient, **asked: str) -> list[str]:
    answer = client.get(SHOPS, asked)
    assert answer.status_code == 200, answer.content
    return [shop["slug"] for shop in answer.json()["data"]["results"]]


def test_shops_on_show_are_listed_and_no_others(api_client: APIClient) -> None:
    for status in ShopStatus:
        shop = open_shop(f"shop-{status.value}")
        Shop.objects.filter(pk=shop.pk).update(
            status=status, status_before="live" if status in {"suspended", "closing"} else ""
        )
    assert slugs(api_client) == ["shop-holiday", "shop-live"] or slugs(api_client) == ["shop-live", "shop-holiday"]


def test_shops_are_found_by_name_country_and_currency(api_client: APIClient) -> None:
    open_shop("indigo-fabrics")
    ghana = open_shop("accra-beads", currency="GHS")
    Shop.objects.filter(pk=ghana.pk).update(country="GH")
    assert slugs(api_client) == ["accra-beads", "indigo-fabrics"]
    assert slugs(api_client, search="FABRICS indigo") == ["indigo-fabrics"]
    assert slugs(api_client, country="gh") == slugs(api_client, currency="GHS") == ["accra-beads"]
    assert slugs(api_client, country="NG", currency="GHS") == []
    assert api_client.get(SHOPS, {"country": "Nigeria"}).status_code == 400


def test_shops_come_in_parts_by_one_statement_with_an_entity_tag(api_client: APIClient) -> None:
    opened = [open_shop(f"shop-{number}").slug for number in range(3)]
    with statements() as asked:
        first = api_client.get(SHOPS, {"page_size": "2"})
    assert len(asked) == 1
    page = first.json()["data"]
    second = api_client.get(page["next"]).json()["data"]
    assert [shop["slug"] for shop in page["results"] + second["results"]] == opened[::-1]
    again = api_client.get(SHOPS, {"page_size": "2"}, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, "public, no-cache")
    shown = api_client.get(f"{SHOPS}{opened[0]}/").json()["data"]
    assert shown.items() >= second["results"][0].items(), "one shop has the same fields, and more"


def test_a_listing_is_found_by_its_shops_slug_and_its_own(api_client: APIClient) -> None:
    shop, other = open_shop("indigo-fabrics"), open_shop("pot-house")
    for seller, sku in ((shop, "A"), (shop, "B"), (other, "C")):
        create_products(shop=seller, products=[product_input("Woven tote", sku=sku)], now=NOW)
    first, second = Listing.objects.filter(shop=shop).order_by("id")
    address = f"{SHOPS}{shop.slug}/listings/woven-tote/"
    found = api_client.get(address)
    assert found.json()["data"]["id"] == str(first.pk), "of two with one title, the older"
    assert found.json() == api_client.get(f"/api/v1/listings/{first.pk}/").json()
    assert api_client.get(address, headers={"If-None-Match": found.headers["ETag"]}).status_code == 304
    archive_product(shop=shop, product_id=first.pk, now=NOW)
    assert api_client.get(address).json()["data"]["id"] == str(second.pk)
    Shop.objects.filter(pk=shop.pk).update(status="suspended", status_before="live")
    for gone in (address, f"{SHOPS}nobody/listings/woven-tote/", f"{SHOPS}{other.slug}/listings/none/"):
        answer = api_client.get(gone)
        assert (answer.status_code, answer.json()["code"]) == (404, "listing_not_found")
