"""The API of discovery: anybody reads, nobody sees what is not on sale."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django_tenants.utils import schema_context
from rest_framework.test import APIClient

from catalogue.discovery.models import Listing
from catalogue.discovery.services.visibility import set_shop_visibility
from catalogue.discovery.services.vocabulary import refresh_vocabulary
from catalogue.models import StockLevel
from catalogue.services.inputs import ImageInput
from catalogue.services.products import archive_product, create_products
from tenants.models import Shop, ShopStatus
from tests.world.clock import NOW
from tests.world.factories.catalogue import (
    add_product,
    make_categories,
    product_input,
    statements,
    variant,
    variant_ids,
)
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
LISTINGS = "/api/v1/listings/"


@pytest.fixture
def shop() -> Shop:
    return open_shop("indigo-fabrics")


def data(client: APIClient, path: str, **params: Any) -> Any:
    response = client.get(path, params)
    assert response.status_code == 200, response.content
    body = response.json()
    assert body["status"] == "success"
    return body["data"]


def refusal(client: APIClient, path: str, **params: Any) -> tuple[int, str]:
    response = client.get(path, params)
    body = response.json()
    assert body["status"] == "error"
    assert set(body) == {"status", "code", "message", "errors", "request_id"}
    return response.status_code, body["code"]


@pytest.mark.parametrize(
    "params",
    [
        {"min_price": "9" * 5000},
        {"cursor": "WzEsIjAxOTlmMmMxN2MxZTdhNTNiMWRlM2YyYTlhMWM1ZDExIiwwLEluZmluaXR5XQ"},  # a position of infinity
    ],
)
def test_numbers_beyond_reason_are_refused(api_client: APIClient, shop: Shop, params: dict[str, str]) -> None:
    assert refusal(api_client, LISTINGS, **params) == (400, "invalid")


def test_category_and_shop_are_named_by_slug_or_id(api_client: APIClient, shop: Shop) -> None:
    fashion = make_categories()["fashion"]
    create_products(shop=shop, products=[product_input("Tote", sku="T1", category_id=fashion)], now=NOW)
    other = open_shop("pot-house")
    create_products(shop=other, products=[product_input("Pot", sku="P1")], now=NOW)
    for params in ({"category": "fashion"}, {"category": fashion}, {"shop": shop.slug}, {"shop": shop.pk}):
        assert [row["title"] for row in data(api_client, LISTINGS, **params)["results"]] == ["Tote"], params
    assert data(api_client, LISTINGS, shop=[shop.pk, "pot-house"])["count"] == 2
    assert refusal(api_client, LISTINGS, shop=10**30) == (400, "invalid")
    assert refusal(api_client, LISTINGS, category=10**30) == (400, "invalid")


@pytest.mark.parametrize(
    ("synonym", "ordering"),
    [("price_minor", "price"), ("-price_minor", "-price"), ("-created_at", "newest"), ("-popularity", "popular")],
)
def test_orderings_go_by_the_names_of_fields_too(
    api_client: APIClient, shop: Shop, synonym: str, ordering: str
) -> None:
    prices = enumerate((300, 100, 200))
    products = [product_input(f"Tote {n}", variants=[variant(f"T{n}", price)]) for n, price in prices]
    create_products(shop=shop, products=products, now=NOW)
    by_field = data(api_client, LISTINGS, ordering=synonym)["results"]
    assert by_field == data(api_client, LISTINGS, ordering=ordering)["results"]
    assert len(by_field) == 3


def test_listings_are_listed_by_pages(api_client: APIClient, shop: Shop) -> None:
    create_products(shop=shop, products=[product_input(f"Tote {n}", sku=f"T{n}") for n in range(5)], now=NOW)
    seen: list[str] = []
    page = data(api_client, LISTINGS, search="tote", page_size=2)
    assert (page["count"], page["count_is_exact"], page["previous"]) == (5, True, None)
    while True:
        seen += [item["title"] for item in page["results"]]
        if page["next"] is None:
            break
        page = data(api_client, page["next"])
    assert sorted(seen) == [f"Tote {n}" for n in range(5)]
    assert data(api_client, page["previous"])["results"]
    assert page["results"][0]["shop"] == {"slug": "indigo-fabrics", "name": "Indigo Fabrics"}


def test_filters_and_orderings(api_client: APIClient, shop: Shop) -> None:
    categories = make_categories()
    other = open_shop("copper-kitchen")
    add_product(shop, "Tote", category_id=categories["bags"], variants=[variant("A", 2000)])
    add_product(other, "Pan", category_id=categories["kitchen"], variants=[variant("B", 1000, on_hand=0)])

    def found(**params: Any) -> list[str]:
        return [item["title"] for item in data(api_client, LISTINGS, **params)["results"]]

    assert found(category="fashion") == ["Tote"]
    assert found(shop="copper-kitchen") == ["Pan"]
    assert sorted(found(shop=["copper-kitchen", "indigo-fabrics"])) == ["Pan", "Tote"]
    assert found(ordering="price") == ["Pan", "Tote"]
    assert found(ordering="-price") == ["Tote", "Pan"]
    assert found(min_price=1500) == ["Tote"]
    assert found(max_price=1500) == ["Pan"]
    assert found(in_stock="true") == ["Tote"]
    assert sorted(found(in_stock="false")) == ["Pan", "Tote"]


@pytest.mark.parametrize(
    "params",
    [
        {"ordering": "best"}, {"category": "nowhere"}, {"shop": "nobody"}, {"min_price": "cheap"},
        {"max_price": "-1"}, {"min_price": "9" * 30}, {"cursor": "x"}, {"page_size": "0"}, {"page_size": "101"},
    ],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_refused(api_client: APIClient, params: dict[str, str]) -> None:
    assert refusal(api_client, LISTINGS, **params) == (400, "invalid")


def test_a_mistyped_word_is_corrected_and_said(api_client: APIClient, shop: Shop) -> None:
    add_product(shop, "Enamel kettle")
    refresh_vocabulary()
    page = data(api_client, LISTINGS, search="kettel")
    assert (page["search"], page["asked"], page["count"]) == ("kettle", "kettel", 1)
    exact = data(api_client, LISTINGS, search="kettel", exact="true")
    assert (exact["search"], exact["asked"], exact["count"]) == ("kettel", "", 0)


def test_a_listing_shows_what_can_be_had_now(api_client: APIClient, shop: Shop) -> None:
    categories = make_categories()
    product = add_product(
        shop,
        "Tote",
        category_id=categories["bags"],
        variants=[
            variant("TOTE-I", 2000, options={"Colour": "Indigo"}, compare_at_minor=2500),
            variant("TOTE-R", 3000, options={"Colour": "Rust"}, on_hand=0),
        ],
        images=[ImageInput("shops/1/products/x/a-800.webp", "Front")],
    )
    first, _ = variant_ids(shop, product.id)
    body = data(api_client, f"{LISTINGS}{product.id}/")
    assert [v["available"] for v in body["variants"]] == [10, 0]
    assert body["variants"][0] == {
        "id": str(first),
        "sku": "TOTE-I",
        "options": {"Colour": "Indigo"},
        "price_minor": 2000,
        "compare_at_minor": 2500,
        "lower_price": None,
        "currency": "NGN",
        "available": 10,
    }
    assert body["categories"] == [{"slug": "fashion", "name": "Fashion"}, {"slug": "bags", "name": "Bags"}]
    assert body["images"][0]["small_url"].endswith("/shops/1/products/x/a-400.webp")
    assert body["shop"]["shipping_minor"] == 150_000

    with schema_context(shop.schema_name):
        StockLevel.objects.filter(pk=first).update(reserved=8)
    with statements() as asked:
        body = data(api_client, f"{LISTINGS}{product.id}/")
    assert body["variants"][0]["available"] == 2
    assert len(asked) == 2


def test_what_is_not_on_sale_is_not_there(api_client: APIClient, shop: Shop) -> None:
    hidden = add_product(shop, "Draft", status="draft")
    archived = add_product(shop, "Archived")
    archive_product(shop=shop, product_id=archived.id, now=NOW)
    for listing_id in (hidden.id, archived.id, uuid4(), "not-a-uuid", "1", "' OR 1=1"):
        assert refusal(api_client, f"{LISTINGS}{listing_id}/") == (404, "listing_not_found")
    assert data(api_client, LISTINGS)["results"] == []


@pytest.mark.parametrize(
    ("status", "refused"),
    [
        (ShopStatus.DRAFT, (404, "shop_not_found")),
        (ShopStatus.SUSPENDED, (404, "shop_closed")),
        (ShopStatus.CLOSING, (404, "shop_closed")),
        (ShopStatus.CLOSED, (404, "shop_closed")),
        (ShopStatus.DELETED, (410, "shop_gone")),
    ],
)
def test_a_shop_that_does_not_sell_is_not_there(
    api_client: APIClient, shop: Shop, status: ShopStatus, refused: tuple[int, str]
) -> None:
    product = add_product(shop, "Tote")
    Shop.objects.filter(pk=shop.pk).update(status=status)
    set_shop_visibility(shop_id=shop.pk, is_visible=False)
    assert refusal(api_client, f"{LISTINGS}{product.id}/") == (404, "listing_not_found")
    assert refusal(api_client, "/api/v1/shops/indigo-fabrics/") == refused
    assert refusal(api_client, LISTINGS, shop="indigo-fabrics") == (400, "invalid")
    assert data(api_client, LISTINGS)["count"] == 0


def test_an_answer_that_is_known_is_not_sent_again(api_client: APIClient, shop: Shop) -> None:
    product = add_product(shop, "Tote")
    (variant_id,) = variant_ids(shop, product.id)
    for path in (LISTINGS, f"{LISTINGS}{product.id}/", "/api/v1/categories/", "/api/v1/shops/indigo-fabrics/"):
        first = api_client.get(path)
        tag = first["ETag"]
        again = api_client.get(path, HTTP_IF_NONE_MATCH=f'"other", {tag}')
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
        assert api_client.get(path, HTTP_IF_NONE_MATCH='"other"').status_code == 200
    with schema_context(shop.schema_name):
        StockLevel.objects.filter(pk=variant_id).update(reserved=1)
    path = f"{LISTINGS}{product.id}/"
    assert api_client.get(path)["ETag"] != api_client.get(LISTINGS)["ETag"]
    assert api_client.get(path, HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_a_bad_token_does_not_stop_a_reader(api_client: APIClient, shop: Shop) -> None:
    api_client.credentials(HTTP_AUTHORIZATION="Bearer nonsense")
    assert data(api_client, LISTINGS)["count"] == 0
    assert api_client.post(LISTINGS).status_code == 405


def test_categories_are_a_tree(api_client: APIClient) -> None:
    make_categories()
    tree = data(api_client, "/api/v1/categories/")
    assert [root["slug"] for root in tree] == ["fashion", "home"]
    assert tree[0]["children"][0]["children"][0]["name"] == "Leather bags"


def test_a_shop_shows_its_profile(api_client: APIClient, shop: Shop) -> None:
    add_product(shop)
    body = data(api_client, "/api/v1/shops/indigo-fabrics/")
    assert (body["name"], body["shipping_minor"], body["listing_count"]) == ("Indigo Fabrics", 150_000, 1)
    assert "schema_name" not in body
    assert refusal(api_client, "/api/v1/shops/nobody/") == (404, "shop_not_found")


def test_a_list_costs_the_same_for_one_and_for_many(api_client: APIClient, shop: Shop) -> None:
    add_product(shop)
    with statements() as one:
        data(api_client, LISTINGS)
    create_products(shop=shop, products=[product_input(sku=f"T{n}") for n in range(30)], now=NOW)
    with statements() as many:
        assert len(data(api_client, LISTINGS, page_size=30)["results"]) == 30
    assert len(one) == len(many) == 1


def test_a_detail_costs_the_same_for_one_variant_and_for_many(api_client: APIClient, shop: Shop) -> None:
    few = add_product(shop, "One")
    many = add_product(shop, "Many", variants=[variant(f"V{n}", options={"Size": f"{n}"}) for n in range(40)])
    counted = []
    for listing_id in (few.id, many.id):
        with statements() as asked:
            data(api_client, f"{LISTINGS}{listing_id}/")
        counted.append(len(asked))
    assert counted[0] <= 2
    assert counted[1] <= counted[0]


def test_ids_in_one_shop_open_nothing_in_another(api_client: APIClient, shop: Shop) -> None:
    theirs = add_product(open_shop("copper-kitchen"), "Pan")
    (their_variant,) = variant_ids(Shop.objects.get(slug="copper-kitchen"), theirs.id)
    mine = add_product(shop, "Tote")
    body = data(api_client, f"{LISTINGS}{mine.id}/")
    assert str(their_variant) not in str(body)
    assert {UUID(item["id"]) for item in data(api_client, LISTINGS, shop="indigo-fabrics")["results"]} == {mine.id}
    assert Listing.objects.count() == 2
