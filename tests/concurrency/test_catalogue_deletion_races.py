"""A shop is deleted or restored while its goods are edited: one after the other, and neither ends as a deadlock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django_tenants.utils import schema_context

from catalogue.discovery.models import Listing
from catalogue.discovery.services.projection import project_products
from catalogue.models import Product
from catalogue.selectors.locks import lock_product
from catalogue.services import products
from catalogue.services.images import reorder_product_images
from catalogue.services.prices import set_price
from catalogue.services.stock import adjust_stock
from kit.errors import DomainError
from tenants.archives import restore_archive
from tenants.errors import ShopNotFoundError
from tenants.life.deletion import delete_shop
from tenants.models import Shop, ShopStatus
from tenants.shops.locks import ShopState
from tests.world.archives import exported, set_status
from tests.world.clock import NOW
from tests.world.factories.catalogue import product_input
from tests.world.market import Stocked, open_shop, stock
from tests.world.races import all_at_once, is_somebody_waiting

Ending = Callable[[], object]


@pytest.fixture
def cloth(live_database: str) -> Stocked:
    return stock(open_shop("indigo-fabrics"))


def deletion(cloth: Stocked) -> Ending:
    return lambda: delete_shop(shop_id=cloth.shop.pk, actor_id=None, reason="Sold fakes.", now=NOW, force=True)


def restoration(cloth: Stocked, folder: Path) -> Ending:
    path = exported(cloth.shop, folder / "shop.zip").path
    set_status(cloth.shop, ShopStatus.SUSPENDED)
    return lambda: restore_archive(path=path, now=NOW, may_replace=True)


def edit(cloth: Stocked, title: str = "Renamed") -> None:
    data = product_input(title, sku="TOTE-1")
    products.update_product(shop=cloth.shop, product_id=cloth.product_id, data=data, now=NOW)


def race(cloth: Stocked, end: Ending, monkeypatch: pytest.MonkeyPatch, eventually: Any) -> Counter[str]:
    """End a shop while an edit holds its product; the edit goes on once the other waits for a lock."""
    has_locked = Event()

    def lock_and_wait(*, product_id: Any) -> Product:
        product = lock_product(product_id=product_id)
        has_locked.set()
        eventually(is_somebody_waiting)
        return product

    monkeypatch.setattr(products, "lock_product", lock_and_wait)

    def work(number: int) -> str:
        try:
            if number:
                assert has_locked.wait(timeout=60)
                end()
                return "ended"
            edit(cloth)
        except (DomainError, DatabaseError):
            return "broken off"
        return "edited"

    return all_at_once(work, 2)


def test_a_deletion_waits_for_the_edit_that_has_begun(
    cloth: Stocked, monkeypatch: pytest.MonkeyPatch, eventually: Any
) -> None:
    assert race(cloth, deletion(cloth), monkeypatch, eventually) == {"edited": 1, "ended": 1}
    assert Shop.objects.get().status == ShopStatus.DELETED
    assert not Listing.objects.exists()


def test_a_restore_waits_for_the_edit_that_has_begun(
    cloth: Stocked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, eventually: Any
) -> None:
    end = restoration(cloth, tmp_path)
    assert race(cloth, end, monkeypatch, eventually) == {"edited": 1, "ended": 1}
    assert Listing.objects.get().title == "Product TOTE-1"


def test_control_an_edit_that_locks_its_shop_last_ends_in_a_deadlock(
    cloth: Stocked, monkeypatch: pytest.MonkeyPatch, eventually: Any
) -> None:
    @contextmanager
    def shop_last(shop: Shop) -> Iterator[ShopState]:
        with transaction.atomic(), schema_context(shop.schema_name):
            yield ShopState(shop.pk, shop.schema_name, shop.name, shop.currency, is_selling=True)

    def project(**given: Any) -> None:
        project_products(**{**given, "state": None})

    monkeypatch.setattr(products, "editing_goods", shop_last)
    monkeypatch.setattr(products, "project_products", project)
    outcomes = race(cloth, deletion(cloth), monkeypatch, eventually)
    assert outcomes["broken off"] == 1


EDITS: dict[str, Callable[[Stocked], object]] = {
    "create": lambda cloth: products.create_product(shop=cloth.shop, data=product_input("Second", sku="2"), now=NOW),
    "update": edit,
    "archive": lambda cloth: products.archive_product(shop=cloth.shop, product_id=cloth.product_id, now=NOW),
    "delete": lambda cloth: products.delete_product(shop=cloth.shop, product_id=cloth.product_id, now=NOW),
    "price": lambda cloth: set_price(shop=cloth.shop, variant_id=cloth.variant_id, price_minor=5, now=NOW),
    "stock": lambda cloth: adjust_stock(shop=cloth.shop, variant_id=cloth.variant_id, change=1, source="", now=NOW),
    "pictures": lambda cloth: reorder_product_images(
        shop=cloth.shop, product_id=cloth.product_id, image_ids=[], now=NOW
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_every_edit_that_comes_after_a_deletion_finds_no_shop(cloth: Stocked, name: str) -> None:
    deletion(cloth)()
    with pytest.raises(ShopNotFoundError):
        EDITS[name](cloth)
