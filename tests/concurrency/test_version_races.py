"""Changes made from one version at once: one is written, the others are told; without the lock all are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest

from catalogue.models import Product
from catalogue.selectors.products import get_product, product_version
from catalogue.services import products
from catalogue.services.inputs import ProductInput, input_of
from catalogue.services.products import revise_product, update_product
from kit.versions import ChangedMeanwhileError, check_version
from tenants.models import Shop
from tenants.services import shops
from tenants.services.shops import profile_version, update_profile
from tests.market import NOW, Stocked, open_shop, stock
from tests.races import all_at_once
from vendors.serializers.variants import merge_variants

THREADS = 4


def check_all_before_any_writes(monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
    """Hold everybody who has compared their version until all have."""
    everybody_has_checked = Barrier(THREADS)

    def check(**versions: Any) -> None:
        check_version(**versions)
        if versions["seen"] is not None:
            everybody_has_checked.wait(timeout=60)

    monkeypatch.setattr(module, "check_version", check)


def outcome_of(change: Callable[[], object]) -> str:
    try:
        change()
    except ChangedMeanwhileError:
        return "told"
    return "written"


def rename_product(item: Stocked, number: int, seen: str) -> str:
    def revise(product: Product) -> ProductInput:
        return replace(input_of(product), title=f"Title {number}")

    return outcome_of(
        lambda: revise_product(shop=item.shop, product_id=item.product_id, revise=revise, now=NOW, seen={seen})
    )


def read_version(item: Stocked) -> str:
    return product_version(get_product(shop=item.shop, product_id=item.product_id))


def test_of_changes_of_one_version_of_a_product_one_is_written(live_database: str) -> None:
    item = stock(open_shop("indigo"))
    seen = read_version(item)
    assert all_at_once(lambda number: rename_product(item, number, seen), THREADS) == {
        "written": 1,
        "told": THREADS - 1,
    }


def test_without_the_lock_all_changes_of_a_version_of_a_product_are_written(
    live_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = stock(open_shop("indigo"))
    seen = read_version(item)
    monkeypatch.setattr(products, "lock_product", lambda *, product_id: Product.objects.get(pk=product_id))
    check_all_before_any_writes(monkeypatch, products)
    assert all_at_once(lambda number: rename_product(item, number, seen), THREADS) == {"written": THREADS}


def rename_shop(shop: Shop, number: int, seen: str) -> str:
    return outcome_of(
        lambda: update_profile(shop_id=shop.pk, actor_id=None, now=NOW, seen={seen}, name=f"Name {number}")
    )


def test_of_changes_of_one_version_of_a_shop_one_is_written(live_database: str) -> None:
    shop = open_shop("indigo")
    seen = profile_version(shop)
    assert all_at_once(lambda number: rename_shop(shop, number, seen), THREADS) == {"written": 1, "told": THREADS - 1}


def test_without_the_lock_all_changes_of_a_version_of_a_shop_are_written(
    live_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = open_shop("indigo")
    seen = profile_version(shop)
    monkeypatch.setattr(shops, "lock_shop", lambda *, shop_id: Shop.objects.get(pk=shop_id))
    check_all_before_any_writes(monkeypatch, shops)
    assert all_at_once(lambda number: rename_shop(shop, number, seen), THREADS) == {"written": THREADS}


def with_one_more(product: Product, number: int) -> ProductInput:
    before = input_of(product)
    sent = [{"sku": f"NEW-{number}", "price_minor": 500, "options": {"Colour": str(number)}}]
    return replace(before, variants=merge_variants(before.variants, sent, ()))


def skus(item: Stocked) -> set[str]:
    product = get_product(shop=item.shop, product_id=item.product_id)
    return {variant.sku for variant in product.variants.all()}


def test_variants_that_are_added_at_once_are_all_kept(live_database: str) -> None:
    item = stock(open_shop("indigo"))

    def add(number: int) -> str:
        revise_product(
            shop=item.shop,
            product_id=item.product_id,
            revise=lambda product: with_one_more(product, number + 1),
            now=NOW,
        )
        return "done"

    assert all_at_once(add, THREADS) == {"done": THREADS}
    assert skus(item) == {"TOTE-1", *(f"NEW-{number + 1}" for number in range(THREADS))}


def test_variants_that_are_added_to_an_earlier_reading_are_lost(live_database: str) -> None:
    item = stock(open_shop("indigo"))
    everybody_has_read = Barrier(THREADS)

    def add(number: int) -> str:
        data = with_one_more(get_product(shop=item.shop, product_id=item.product_id), number + 1)
        everybody_has_read.wait(timeout=60)
        update_product(shop=item.shop, product_id=item.product_id, data=data, now=NOW)
        return "done"

    assert all_at_once(add, THREADS) == {"done": THREADS}
    assert len(skus(item)) == 2
