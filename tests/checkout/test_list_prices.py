"""Lists of products show the lower price of an offer beside the least that was asked, in no statement more."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context

from catalogue.models import Variant
from catalogue.services.inputs import ProductInput, VariantInput
from catalogue.services.products import create_product
from checkout.models import OfferKind
from checkout.offers.keeping import change_offer, delete_offer
from checkout.pricing.reading import read_quote
from tests.world.clock import NOW
from tests.world.factories.catalogue import statements
from tests.world.market import Stocked, open_shop, stock
from tests.world.offers import automatic_offer

pytestmark = pytest.mark.django_db
LIST = "/api/v1/listings/?shop=cloth-hall"
PAGES = {"search": "/search/?q=TOTE", "home": "/", "shop": "/shops/cloth-hall/"}


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_000_000)


def cut(item: Stocked, **values: Any) -> Any:
    asked = {"kind": OfferKind.PRICE_CUT, "percent_bps": 2_000, "products": (item.product_id,)}
    return automatic_offer(item.shop, "Eid", **{**asked, **values})


def text(client: Client, page: str) -> str:
    return unescape(" ".join(client.get(page).content.decode().split()))


def listed(client: Client) -> dict[str, Any] | None:
    [found] = client.get(LIST).json()["data"]["results"]
    assert found["price_minor"] == 1_000_000
    lower: dict[str, Any] | None = found["lower_price"]
    return lower


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_cards_show_the_lower_price_with_the_earlier_one(
    client: Client, cloth: Stocked, page: str, django_capture_on_commit_callbacks: Any
) -> None:
    assert "₦8,000" not in text(client, page)
    with django_capture_on_commit_callbacks(execute=True):
        offer = cut(cloth)
    shown = text(client, page)
    assert "₦8,000" in shown
    assert "₦10,000</s>" in shown
    changes = {"is_paused": True}
    with django_capture_on_commit_callbacks(execute=True):
        change_offer(shop=cloth.shop, offer_id=offer.pk, changes=changes, actor_id=None, now=timezone.now())
    assert "₦8,000" not in text(client, page)


def test_further_products_of_a_shop_show_it_too(client: Client, cloth: Stocked) -> None:
    other = stock(cloth.shop, sku="RUG", price_minor=500_000)
    cut(cloth)
    assert "₦8,000" in text(client, f"/products/{other.product_id}/")


def test_the_earlier_price_is_what_was_asked_and_the_basket_agrees(client: Client, cloth: Stocked) -> None:
    sizes = [VariantInput(sku=f"S{n}", price_minor=1_000_000 + n * 100_000, options={"Size": str(n)}) for n in (2, 1)]
    data = ProductInput(title="TOTE of two sizes", status="active", variants=sizes)
    product = create_product(shop=cloth.shop, data=data, now=NOW)
    with schema_context(cloth.shop.schema_name):
        small = Variant.objects.get(product=product, sku="S1")
        large = Stocked(cloth.shop, product.pk, Variant.objects.get(sku="S2").pk, 1_200_000)
    large.set_price(900_000)  # the large one is the cheapest now, and was not before
    client.get("/")
    cut(large)
    listings = {each["title"]: each for each in client.get(LIST).json()["data"]["results"]}
    lower = listings["TOTE of two sizes"]["lower_price"]
    paid = []
    for line in (Stocked(cloth.shop, product.pk, small.pk, 1_100_000).line(), large.line()):
        amounts = read_quote([line], now=timezone.now()).amounts
        paid.append(amounts.items_minor - amounts.discount_minor)
    assert lower["price_minor"] == min(paid)


def test_an_offer_that_does_not_hold_lowers_nothing(client: Client, cloth: Stocked) -> None:
    now = timezone.now()
    cut(cloth, starts_at=now + timedelta(hours=1))
    cut(cloth, ends_at=now - timedelta(hours=1))
    cut(stock(cloth.shop, sku="RUG", price_minor=500_000))
    found = {each["price_minor"]: each["lower_price"] for each in client.get(LIST).json()["data"]["results"]}
    assert found[1_000_000] is None
    assert found[500_000] == {"price_minor": 400_000, "was_minor": 500_000}


def test_the_api_tells_it_in_lists_and_for_variants_and_forgets_lists_with_the_offer(
    client: Client, cloth: Stocked, django_capture_on_commit_callbacks: Any
) -> None:
    assert listed(client) is None
    with django_capture_on_commit_callbacks(execute=True):
        offer = cut(cloth)
    lower = {"price_minor": 800_000, "was_minor": 1_000_000}
    assert listed(client) == lower
    [variant] = client.get(f"/api/v1/listings/{cloth.product_id}/").json()["data"]["variants"]
    assert variant["lower_price"] == lower
    with django_capture_on_commit_callbacks(execute=True):
        delete_offer(shop=cloth.shop, offer_id=offer.pk, actor_id=None, now=timezone.now())
    assert listed(client) is None


def test_search_engines_read_the_price_that_is_asked(client: Client, cloth: Stocked) -> None:
    cut(cloth)
    page = client.get(f"/products/{cloth.product_id}/").content.decode()
    found = re.search(r"<script[^>]*application/ld\+json[^>]*>(.*?)</script>", page, flags=re.DOTALL)
    assert found is not None
    offer = json.loads(found[1])["@graph"][0]["offers"]
    assert offer["price"] == "8000"
    assert offer["priceSpecification"]["price"] == "10000"
    assert 'product:price:amount" content="8000"' in page


@pytest.mark.parametrize("page", [*PAGES.values(), LIST], ids=[*PAGES, "api"])
def test_a_list_takes_no_statement_more_with_offers(client: Client, cloth: Stocked, page: str) -> None:
    for number in range(3):
        stock(cloth.shop, sku=f"TOTE-MORE-{number}", price_minor=500_000)
    counts = []
    for _ in range(2):
        client.get(page)
        client.get(page)
        with statements() as asked:
            client.get(page)
        counts.append(len(asked))
        if len(counts) == 1:
            cut(cloth)
    assert counts[0] == counts[1]
