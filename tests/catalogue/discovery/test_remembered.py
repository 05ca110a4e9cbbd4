"""Answers of the API that are remembered as they go out: nothing about them differs, and everybody is counted."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from rest_framework.test import APIClient

from catalogue.discovery.api.conditional import PublicReadApi
from catalogue.discovery.api.listings import ListingListApi
from catalogue.discovery.selectors import listings
from catalogue.discovery.services.categories import CategoryInput, ensure_categories
from catalogue.discovery.services.visibility import set_shop_visibility
from catalogue.services.products import create_products
from kit.api.throttling import RateThrottle
from kit.db.pipeline import ask_all
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.factories.catalogue import add_product, make_categories, product_input, statements
from tests.world.market import open_shop

Commits = Callable[..., AbstractContextManager[Any]]
LISTINGS = "/api/v1/listings/"
CATEGORIES = "/api/v1/categories/"


@pytest.fixture
def shop(db: None) -> Shop:
    return open_shop("indigo-fabrics")


def seen(response: Any) -> tuple[int, bytes, dict[str, str]]:
    return response.status_code, response.content, {k: v for k, v in response.items() if k != "X-Request-ID"}


@pytest.mark.parametrize("path", [f"{LISTINGS}?page_size=2", CATEGORIES])
def test_a_remembered_answer_is_the_answer(api_client: APIClient, shop: Shop, path: str) -> None:
    make_categories()
    create_products(shop=shop, products=[product_input("Aṣọ-òkè ₦", sku=f"T{n}") for n in range(5)], now=NOW)
    first = api_client.get(path)
    with statements() as asked:
        again = api_client.get(path)
    assert (first.status_code, asked) == (200, [])
    assert seen(first) == seen(again)
    assert api_client.head(path)["ETag"] == first["ETag"]
    not_modified = api_client.get(path, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (not_modified.status_code, not_modified.content) == (304, b"")
    assert {not_modified[name] for name in ("ETag", "Vary")} == {first["ETag"], "Accept"}
    assert api_client.post(path).status_code == 405


def test_an_answer_belongs_to_its_whole_address(api_client: APIClient, shop: Shop) -> None:
    create_products(shop=shop, products=[product_input(sku=f"T{n}") for n in range(3)], now=NOW)
    for host in ("kasuwa.localhost", "localhost"):
        for size in (1, 2):
            for _ in range(2):
                page = api_client.get(LISTINGS, {"page_size": size}, HTTP_HOST=host).json()["data"]
                assert len(page["results"]) == size
                assert page["next"].startswith(f"http://{host}/api/v1/listings/?page_size={size}&cursor=")


def test_refusals_are_not_remembered(
    api_client: APIClient, shop: Shop, django_capture_on_commit_callbacks: Any
) -> None:
    path = f"{LISTINGS}?category=fashion"
    assert [api_client.get(path).status_code for _ in range(2)] == [400, 400]
    with django_capture_on_commit_callbacks(execute=True):
        ensure_categories(categories=[CategoryInput("Fashion")])
    assert api_client.get(path).status_code == 200


def test_a_shop_that_closes_is_no_filter_any_more(
    api_client: APIClient, shop: Shop, django_capture_on_commit_callbacks: Commits
) -> None:
    add_product(shop)
    path = f"{LISTINGS}?shop={shop.slug}"
    assert api_client.get(path).json()["data"]["count"] == 1
    with django_capture_on_commit_callbacks(execute=True):
        Shop.objects.filter(pk=shop.pk).update(status="suspended")
        set_shop_visibility(shop_id=shop.pk, is_visible=False)
    assert api_client.get(path).status_code == 400


@pytest.mark.usefixtures("one_minute")
def test_callers_are_counted_whatever_is_remembered(
    api_client: APIClient, shop: Shop, monkeypatch: pytest.MonkeyPatch, redis_client: Any
) -> None:
    monkeypatch.setattr(PublicReadApi, "throttle_classes", [RateThrottle])
    monkeypatch.setattr(RateThrottle, "THROTTLE_RATES", {"anon": "4/min"})
    made: list[str] = []
    monkeypatch.setattr(ListingListApi, "remember", _noting(ListingListApi.remember, made))
    paths = [LISTINGS, LISTINGS, f"{LISTINGS}?page_size=2", LISTINGS, LISTINGS]
    answers = [api_client.get(path) for path in paths]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429]
    assert len(made) == 2  # the others were remembered
    assert (answers[-1].json()["code"], int(answers[-1]["Retry-After"]) > 0) == ("throttled", True)
    assert api_client.get(LISTINGS, REMOTE_ADDR="10.0.0.9").status_code == 200


def _noting(remember: Any, made: list[str]) -> Any:
    def noting(view: Any, request: Any, data: Any, **more: Any) -> Any:
        made.append(request.path)
        return remember(view, request, data, **more)

    return noting


def test_a_detail_is_one_round_trip_once_its_schema_is_known(
    api_client: APIClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"{LISTINGS}{add_product(shop).id}/"
    trips: list[int] = []
    monkeypatch.setattr(listings, "ask_all", lambda queries: trips.append(len(queries)) or ask_all(queries))
    with statements() as asked:
        assert [api_client.get(path).status_code for _ in range(2)] == [200, 200]
    assert (trips, len(asked)) == ([1, 1, 2], 4)


def test_a_schema_that_is_another_shops_by_now_is_asked_for_again(api_client: APIClient, shop: Shop) -> None:
    other = open_shop("copper-kitchen")
    product = add_product(shop, "Tote")
    listings._schemas[product.id] = other.schema_name
    body = api_client.get(f"{LISTINGS}{product.id}/").json()["data"]
    assert (body["shop"]["slug"], body["variants"][0]["available"]) == ("indigo-fabrics", 10)
    assert listings._schemas[product.id] == shop.schema_name


def test_a_schema_that_is_gone_is_asked_for_again(live_database: str, api_client: APIClient) -> None:
    product = add_product(open_shop("indigo-fabrics"), "Tote")
    listings._schemas[product.id] = "shop_that_was_deleted"
    assert api_client.get(f"{LISTINGS}{product.id}/").json()["data"]["title"] == "Tote"


def test_only_so_many_schemas_are_held(api_client: APIClient, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listings, "SCHEMAS_REMEMBERED", 2)
    listings._schemas.clear()
    for n in range(5):
        assert api_client.get(f"{LISTINGS}{add_product(shop, f'Tote {n}').id}/").status_code == 200
        assert len(listings._schemas) <= 2
