"""Data of a product's page for search engines, and for apps that show a link; no text in it becomes markup."""

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from catalogue.discovery.models import Listing
from catalogue.models import StockLevel
from catalogue.services.inputs import ImageInput
from kit.text.json_in_html import json_in_html
from tenants.models import Shop, ShopStatus
from tests.world.factories.catalogue import add_product, make_categories, variant
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db

HOST = "http://kasuwa.localhost:8000"
SCHEMA = "https://schema.org"
# Properties that schema.org gives each type, as far as we may use them.
PROPERTIES = {
    "Product": {
        "@id", "name", "url", "description", "image", "category", "brand", "sku", "aggregateRating", "offers",
    },
    "Brand": {"name"},
    "AggregateRating": {"ratingValue", "ratingCount", "bestRating", "worstRating"},
    "Offer": {"name", "sku", "url", "price", "priceCurrency", "availability", "seller"},
    "AggregateOffer": {"priceCurrency", "lowPrice", "highPrice", "offerCount", "availability", "seller", "offers"},
    "Organization": {"name", "url"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name", "item"},
}  # fmt: skip
HOSTILE = '</script><script>alert("1")</script><!-- & \u2028 \' "'


class Head(HTMLParser):
    """Reader of a page's scripts, `meta` properties and canonical address, as a browser takes them apart."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.canonical: list[str] = []
        self.scripts: list[dict[str, str | None]] = []
        self.blocks: list[str] = []
        self._is_block = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta" and (name := given.get("property") or given.get("name")):
            assert name not in self.meta
            self.meta[name] = given.get("content") or ""
        if tag == "link" and given.get("rel") == "canonical":
            self.canonical.append(given["href"] or "")
        if tag == "script":
            self.scripts.append(given)
            self._is_block = given.get("type") == "application/ld+json"

    def handle_endtag(self, tag: str) -> None:
        self._is_block = False

    def handle_data(self, data: str) -> None:
        if self._is_block:
            self.blocks.append(data)


@pytest.fixture
def shop() -> Shop:
    return open_shop("indigo-fabrics")


def read(client: Client, product: Any) -> tuple[Head, dict[str, Any], dict[str, Any]]:
    head = Head(client.get(f"/products/{product.id}/").content.decode())
    [block] = head.blocks
    data = json.loads(block)
    assert data["@context"] == SCHEMA
    found, path = data["@graph"]
    for each in (found, path):
        check_types(each)
    return head, found, path


def check_types(data: Any) -> None:
    """Every object has a type, and nothing that schema.org does not give this type, nor anything empty."""
    if isinstance(data, list):
        for each in data:
            check_types(each)
    if isinstance(data, dict):
        assert data.keys() - {"@type"} <= PROPERTIES[data["@type"]]
        assert all(value not in ("", None, [], {}) for value in data.values()), data
        for value in data.values():
            check_types(value)


def test_a_product_with_one_variant_is_offered(client: Client, shop: Shop) -> None:
    categories = make_categories()
    picture = ImageInput("shops/1/products/x/a-800.webp", "Front")
    product = add_product(
        shop,
        "Tote",
        category_id=categories["bags"],
        brand="Ọjà",
        description="Woven.\n\nLined.",
        variants=[variant("TOTE-1", 1_850_050)],
        images=[picture],
    )
    Listing.objects.update(rating_sum=9, rating_count=2)
    head, found, path = read(client, product)
    url = f"{HOST}/products/{product.id}/"
    assert head.canonical == [url]
    assert found == {
        "@type": "Product",
        "@id": f"{url}#product",
        "name": "Tote",
        "url": url,
        "description": "Woven. Lined.",
        "image": [f"{HOST}/media/{picture.file}"],
        "category": "Fashion > Bags",
        "brand": {"@type": "Brand", "name": "Ọjà"},
        "sku": "TOTE-1",
        "aggregateRating": {
            "@type": "AggregateRating", "ratingValue": 4.5, "ratingCount": 2, "bestRating": 5, "worstRating": 1,
        },
        "offers": {
            "@type": "Offer",
            "name": "TOTE-1",
            "sku": "TOTE-1",
            "url": url,
            "price": "18500.50",
            "priceCurrency": "NGN",
            "availability": f"{SCHEMA}/InStock",
            "seller": {"@type": "Organization", "name": shop.name, "url": f"{HOST}/shops/{shop.slug}/"},
        },
    }  # fmt: skip
    assert path["itemListElement"] == [
        {"@type": "ListItem", "position": 1, "name": "Home", "item": f"{HOST}/"},
        {"@type": "ListItem", "position": 2, "name": "Fashion", "item": f"{HOST}/search/?category=fashion"},
        {"@type": "ListItem", "position": 3, "name": "Bags", "item": f"{HOST}/search/?category=bags"},
        {"@type": "ListItem", "position": 4, "name": "Tote", "item": url},
    ]
    for name, value in {
        "og:type": "product", "og:title": "Tote", "og:url": url, "og:image": f"{HOST}/media/{picture.file}",
        "og:description": "Woven. Lined.", "og:site_name": "Kasuwa", "product:price:amount": "18500.50",
        "product:price:currency": "NGN", "product:availability": "in stock", "twitter:card": "summary_large_image",
    }.items():  # fmt: skip
        assert head.meta[name] == value


def test_variants_are_offers_of_one_product(client: Client, shop: Shop) -> None:
    variants = [
        variant("A", 2_000_000, options={"Size": "S"}, on_hand=0),
        variant("B", 2_400_000, options={"Size": "L"}),
    ]
    product = add_product(shop, "Shirt", variants=variants)
    head, found, _ = read(client, product)
    offers = found["offers"]
    assert (offers["lowPrice"], offers["highPrice"], offers["offerCount"]) == ("20000", "24000", 2)
    assert [(each["price"], each["availability"].rpartition("/")[2]) for each in offers["offers"]] == [
        ("20000", "OutOfStock"),
        ("24000", "InStock"),
    ]
    assert offers["availability"] == f"{SCHEMA}/InStock"
    chosen = client.get(offers["offers"][1]["url"].removeprefix(HOST))
    assert chosen.context["choice"].variant.sku == "B"
    assert Head(chosen.content.decode()).canonical == head.canonical
    assert "og:image" not in head.meta


@pytest.mark.parametrize("reason", ["sold out", "holiday"])
def test_what_cannot_be_ordered_is_not_offered_as_in_stock(client: Client, shop: Shop, reason: str) -> None:
    product = add_product(shop, "Tote")
    if reason == "holiday":
        Shop.objects.filter(pk=shop.pk).update(status=ShopStatus.HOLIDAY)
    else:
        with schema_context(shop.schema_name):
            StockLevel.objects.update(reserved=10)
    head, found, _ = read(client, product)
    assert found["offers"]["availability"] == f"{SCHEMA}/OutOfStock"
    assert head.meta["product:availability"] == "out of stock"


def test_texts_of_a_shop_stay_texts(client: Client, shop: Shop) -> None:
    product = add_product(
        shop,
        f"Tote {HOSTILE}",
        brand=HOSTILE[:80],
        description=HOSTILE,
        variants=[variant(HOSTILE[:40], options={HOSTILE[:30]: HOSTILE[:40]}) for _ in range(1)],
    )
    head, found, _ = read(client, product)
    assert found["name"] == Listing.objects.get().title
    assert [given for given in head.scripts if not given.get("src")] == [{"type": "application/ld+json"}]
    assert head.meta["og:title"] == Listing.objects.get().title


def test_json_in_html_can_end_nothing() -> None:
    text = json_in_html({HOSTILE: [HOSTILE, "ọ"]})
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == {HOSTILE: [HOSTILE, "ọ"]}
