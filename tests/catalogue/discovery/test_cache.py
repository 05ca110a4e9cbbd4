"""Remembered answers are right after every change."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from rest_framework.test import APIClient

from catalogue.discovery.models import Category
from catalogue.discovery.selectors.categories import category_tree
from catalogue.discovery.selectors.home import more_from_shop, read_home
from catalogue.discovery.services.categories import CategoryInput, change_category, ensure_categories
from catalogue.discovery.services.popularity import record_sales
from catalogue.discovery.services.visibility import set_shop_visibility
from catalogue.services.products import archive_product, delete_product, publish_product, update_product
from catalogue.services.stock import set_on_hand
from tests.world.clock import NOW
from tests.world.factories.catalogue import add_product, product_input, statements, variant, variant_ids
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
Commits = Callable[..., AbstractContextManager[Any]]
LISTINGS = "/api/v1/listings/"


def found(client: APIClient) -> list[tuple[str, int, bool]]:
    results = client.get(LISTINGS, {"ordering": "price"}).json()["data"]["results"]
    return [(item["title"], item["price_minor"], item["in_stock"]) for item in results]


def test_every_change_is_seen_at_once(api_client: APIClient, django_capture_on_commit_callbacks: Commits) -> None:
    shop = open_shop("indigo")

    def after(change: Callable[[], Any]) -> list[tuple[str, int, bool]]:
        found(api_client)
        with django_capture_on_commit_callbacks(execute=True):
            change()
        return found(api_client)

    assert found(api_client) == []
    made: list[Any] = []
    first = product_input("Tote", sku="A", variants=[variant("A", 1000)])
    assert after(lambda: made.append(add_product(shop, "Tote", variants=[variant("A", 1000)]))) == [
        ("Tote", 1000, True)
    ]
    product_id = made[0].id
    (variant_id,) = variant_ids(shop, product_id)
    path = f"{LISTINGS}{product_id}/"
    assert api_client.get(path).json()["data"]["title"] == "Tote"

    renamed = product_input("Bag", variants=[variant("A", 2000, on_hand=None)])
    assert after(lambda: update_product(shop=shop, product_id=product_id, data=renamed, now=NOW)) == [
        ("Bag", 2000, True)
    ]
    assert api_client.get(path).json()["data"]["title"] == "Bag"
    assert after(lambda: set_on_hand(shop=shop, variant_id=variant_id, on_hand=0, source="", now=NOW)) == [
        ("Bag", 2000, False)
    ]
    assert after(lambda: archive_product(shop=shop, product_id=product_id, now=NOW)) == []
    assert api_client.get(path).status_code == 404
    assert after(lambda: publish_product(shop=shop, product_id=product_id, now=NOW)) == [("Bag", 2000, False)]
    assert after(lambda: set_shop_visibility(shop_id=shop.pk, is_visible=False)) == []
    assert after(lambda: set_shop_visibility(shop_id=shop.pk, is_visible=True)) == [("Bag", 2000, False)]
    assert after(lambda: delete_product(shop=shop, product_id=product_id, now=NOW)) == []
    assert first.title == "Tote"


def test_a_change_that_is_rolled_back_forgets_nothing(
    api_client: APIClient, django_capture_on_commit_callbacks: Commits
) -> None:
    shop = open_shop("indigo")
    with django_capture_on_commit_callbacks(execute=True):
        add_product(shop, "Tote")
    found(api_client)
    with statements() as asked:
        found(api_client)
    assert len(asked) == 0


def test_one_shops_change_leaves_anothers_pages(django_capture_on_commit_callbacks: Commits) -> None:
    shop, other = open_shop("indigo"), open_shop("copper")
    tote, wrapper, pan = add_product(shop, "Tote"), add_product(shop, "Wrapper"), add_product(other, "Pan")
    assert [card.title for card in more_from_shop(shop_id=shop.pk, but=tote.id)] == ["Wrapper"]
    assert more_from_shop(shop_id=other.pk, but=pan.id) == []
    with django_capture_on_commit_callbacks(execute=True):
        record_sales(shop_id=shop.pk, units={wrapper.id: 2})
    with statements() as others:
        more_from_shop(shop_id=other.pk, but=pan.id)
    with statements() as own:
        more_from_shop(shop_id=shop.pk, but=tote.id)
    assert (len(others), len(own)) == (0, 1)
    assert read_home().popular[0].title == "Wrapper"


def test_the_tree_is_read_again_after_a_change(django_capture_on_commit_callbacks: Commits) -> None:
    assert category_tree().nodes == ()
    with django_capture_on_commit_callbacks(execute=True):
        ensure_categories(categories=[CategoryInput("Fashion")])
    assert [node.name for node in category_tree().nodes] == ["Fashion"]
    fashion = Category.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        change_category(category_id=fashion.pk, name="Clothes", parent_id=None, position=0, now=NOW)
    assert [node.name for node in category_tree().nodes] == ["Clothes"]
