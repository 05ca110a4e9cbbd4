"""A shop's staff and its buyers at once: no count is lost, no SKU is given twice, no listing is left behind."""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from django.db import transaction

from catalogue.discovery.models import Listing, ListingVariant
from catalogue.discovery.services import projection
from catalogue.discovery.services.drift import find_drift
from catalogue.discovery.services.projection import rebuild_shop, refresh_stock
from catalogue.discovery.services.projection_source import ProjectionSource
from catalogue.discovery.services.visibility import set_shop_visibility
from catalogue.errors import SkuTakenError, StockBelowReservedError
from catalogue.models import Product
from catalogue.selectors.products import get_product
from catalogue.services.inputs import ProductInput, input_of
from catalogue.services.products import revise_product, update_product
from catalogue.services.reservations import WantedLine, release, reserve
from catalogue.services.stock import adjust_stock, set_on_hand
from kit.errors import BusyError
from tenants.models import Shop, ShopStatus
from tests.world.clock import NOW
from tests.world.factories.catalogue import add_product, product_input, variant
from tests.world.market import Stocked, open_shop, stock
from tests.world.races import all_at_once

THREADS = 12
FIELDS: list[dict[str, Any]] = [{"title": "Weekender"}, {"brand": "Adire"}, {"description": "Hand-dyed."}]


def test_no_adjustment_is_lost(live_database: str) -> None:
    item = stock(open_shop("indigo"), on_hand=100)

    def adjust(number: int) -> str:
        change = 3 if number % 2 else -2
        adjust_stock(shop=item.shop, variant_id=item.variant_id, change=change, source=str(number), now=NOW)
        return "done"

    assert all_at_once(adjust, THREADS) == {"done": THREADS}
    assert item.level() == (106, 0)
    assert find_drift(shop_id=item.shop.pk) == []


def test_a_sku_is_given_once(live_database: str) -> None:
    shop = open_shop("indigo")

    def create(number: int) -> str:
        try:
            add_product(shop, f"Tote {number}", sku="TOTE")
        except SkuTakenError:
            return "taken"
        return "created"

    assert all_at_once(create, THREADS) == {"created": 1, "taken": THREADS - 1}
    assert Listing.objects.count() == 1
    assert find_drift(shop_id=shop.pk) == []


def test_changes_to_different_fields_are_all_kept(live_database: str) -> None:
    item = stock(open_shop("indigo"))

    def work(number: int) -> str:
        def revise(product: Product) -> ProductInput:
            return replace(input_of(product), **FIELDS[number])

        revise_product(shop=item.shop, product_id=item.product_id, revise=revise, now=NOW)
        return "done"

    assert all_at_once(work, len(FIELDS)) == {"done": len(FIELDS)}
    assert _fields_kept(item) == len(FIELDS)


def test_without_the_lock_a_change_is_lost(live_database: str) -> None:
    item = stock(open_shop("indigo"))
    everybody_has_read = Barrier(len(FIELDS))

    def work(number: int) -> str:
        read = get_product(shop=item.shop, product_id=item.product_id)
        everybody_has_read.wait(timeout=60)
        data = replace(input_of(read), **FIELDS[number])
        update_product(shop=item.shop, product_id=item.product_id, data=data, now=NOW)
        return "done"

    assert all_at_once(work, len(FIELDS)) == {"done": len(FIELDS)}
    assert _fields_kept(item) == 1


def _fields_kept(item: Stocked) -> int:
    product = get_product(shop=item.shop, product_id=item.product_id)
    return sum(getattr(product, name) == value for field in FIELDS for name, value in field.items())


def test_counting_and_selling_at_once_ends_in_step(live_database: str) -> None:
    item = stock(open_shop("indigo"), on_hand=1)
    schema_name, ids = item.shop.schema_name, [item.variant_id]
    line = WantedLine(item.variant_id, 1, item.price_minor)

    def work(number: int) -> str:
        for turn in range(6):
            try:
                _one_turn(number, turn)
            except (StockBelowReservedError, BusyError):
                continue
        return "done"

    def _one_turn(number: int, turn: int) -> None:
        if number % 3 == 0:
            set_on_hand(shop=item.shop, variant_id=item.variant_id, on_hand=turn % 3, source="", now=NOW)
        elif number % 3 == 1:
            data = product_input(f"Tote {number} {turn}", variants=[variant("TOTE-1", item.price_minor, on_hand=None)])
            update_product(shop=item.shop, product_id=item.product_id, data=data, now=NOW)
        else:
            with transaction.atomic():
                is_reserved = reserve(schema_name=schema_name, lines=[line])[0].is_reserved
            refresh_stock(shop_id=item.shop.pk, variant_ids=ids)
            if is_reserved:
                with transaction.atomic():
                    release(schema_name=schema_name, quantities={item.variant_id: 1})
                refresh_stock(shop_id=item.shop.pk, variant_ids=ids)

    assert all_at_once(work, THREADS) == {"done": THREADS}
    assert item.level()[1] == 0
    assert find_drift(shop_id=item.shop.pk) == []


def test_a_shop_that_closes_while_products_are_added_shows_none(live_database: str) -> None:
    shop = open_shop("indigo")

    def work(number: int) -> str:
        if number == THREADS // 2:
            with transaction.atomic():
                Shop.objects.filter(pk=shop.pk).update(status=ShopStatus.SUSPENDED)
                set_shop_visibility(shop_id=shop.pk, is_visible=False)
        else:
            add_product(shop, f"Tote {number}")
        return "done"

    assert all_at_once(work, THREADS) == {"done": THREADS}
    assert Listing.objects.count() == THREADS - 1
    assert not Listing.objects.filter(is_visible=True).exists()
    assert find_drift(shop_id=shop.pk) == []


def rebuild_while_a_product_is_added(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, *, listed_is_read_last: bool = False
) -> None:
    """Rebuild a shop's listings, with a product added between reading the shop's tables and writing the listings."""
    write = projection._writes

    def writes_later(source: ProjectionSource, product_ids: Any) -> Any:
        monkeypatch.setattr(projection, "_writes", write)
        all_at_once(lambda _: str(add_product(shop, "Added meanwhile").title), 1)
        if listed_is_read_last:
            listed = [str(variant_id) for variant_id in ListingVariant.objects.values_list("id", flat=True)]
            source = replace(source, listed_variants=f"{{{','.join(listed)}}}")
        return write(source, product_ids)

    monkeypatch.setattr(projection, "_writes", writes_later)
    rebuild_shop(shop_id=shop.pk)


def test_a_product_that_is_added_while_a_shop_is_rebuilt_stays(
    live_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = open_shop("indigo")
    add_product(shop, "There before")
    rebuild_while_a_product_is_added(shop, monkeypatch)
    assert find_drift(shop_id=shop.pk) == []
    assert Listing.objects.count() == 2


def test_a_product_that_is_added_is_lost_where_listings_are_read_after_the_shop(
    live_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = open_shop("indigo")
    add_product(shop, "There before")
    rebuild_while_a_product_is_added(shop, monkeypatch, listed_is_read_last=True)
    assert {drift.fault for drift in find_drift(shop_id=shop.pk)} == {"missing"}
