"""An import and a sale at once: the import sees the sale, or the sale waits for it; sold stock is not put back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections, transaction
from django_tenants.utils import schema_context
from psycopg import sql

from catalogue.models import StockLevel
from catalogue.selectors.imports import first_problems
from catalogue.services.imports import changes
from catalogue.services.imports.running import confirm_import
from tests.world.clock import NOW
from tests.world.imports import run_all, upload
from tests.world.market import Stocked, open_shop, stock
from tests.world.races import is_somebody_waiting

Make = Callable[..., Any]


def applied_during_a_sale(item: Stocked, actor_id: int, eventually: Make) -> list[str]:
    """Apply an import that counts 25 while a sale of 3 of 10 is written and not committed; return its problems."""
    made = upload(item.shop, "sku,on hand\nTOTE-1,25\n", actor=actor_id)

    def apply() -> None:
        try:
            confirm_import(shop=item.shop, import_id=made.pk, actor_id=actor_id, now=NOW)
            run_all()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic(), schema_context(item.shop.schema_name):
            StockLevel.objects.filter(variant_id=item.variant_id).update(on_hand=7)
            applying = pool.submit(apply)
            eventually(is_somebody_waiting)
        applying.result(timeout=60)
    return [row.message for row in first_problems(shop=item.shop, import_id=made.pk)]


def test_an_import_waits_for_a_sale_and_leaves_its_stock_alone(
    live_database: str, make_user: Make, eventually: Make
) -> None:
    item = stock(open_shop("indigo"), on_hand=10)
    actor_id = make_user("owner@example.com").pk
    left = "The stock was not changed: it was 10 when it was read and is 7 now."
    assert applied_during_a_sale(item, actor_id, eventually) == [left]
    assert item.level() == (7, 0)


def test_without_the_lock_an_import_puts_sold_stock_back(
    live_database: str, make_user: Make, eventually: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlocked = changes.LOCK_STOCK.as_string().replace("FOR UPDATE OF s", "")
    monkeypatch.setattr(changes, "LOCK_STOCK", sql.SQL(unlocked))
    item = stock(open_shop("indigo"), on_hand=10)
    assert applied_during_a_sale(item, make_user("owner@example.com").pk, eventually) == []
    assert item.level() == (25, 0)
