"""Bringing stored values into form beside others who write, and beside shops that fail."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django_tenants.utils import schema_context
from psycopg import sql

from catalogue.discovery.services.drift import find_drift
from catalogue.models import Product
from catalogue.services.inputs import ProductInput, VariantInput
from catalogue.services.products import update_product
from kit.stored import table as stored_table
from kit.stored.table import StoredTable
from tenants.models import Shop
from tenants.schemas.stored_forms import bring_into_form
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, stock

LATER = NOW + timedelta(days=1)
DIRTY = "To\u200bte"
pytestmark = pytest.mark.usefixtures("live_database")


def write(statement: str, *params: Any, schema: str) -> None:
    with schema_context(schema), connection.cursor() as cursor:
        cursor.execute(statement, params)


def title(shop: Shop) -> str:
    with schema_context(shop.schema_name):
        return str(Product.objects.get().title)


def rename(goods: Stocked) -> None:
    """Have somebody else save the product, on a connection of their own."""

    def save() -> None:
        try:
            variant = VariantInput(id=goods.variant_id, sku="A", price_minor=5_000, options={"Size": "M"})
            data = ProductInput(title="Basket", status="active", variants=[variant])
            update_product(shop=goods.shop, product_id=goods.product_id, data=data, now=LATER)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(save).result()


@pytest.fixture
def goods(live_database: str, monkeypatch: pytest.MonkeyPatch) -> Stocked:
    """A product that somebody renames after its old title was read and before the cleaned one is written."""
    goods = stock(open_shop("indigo-fabrics"), sku="A")
    write("UPDATE catalogue_product SET title = %s", DIRTY, schema=goods.shop.schema_name)
    renamed: list[bool] = []
    original = StoredTable.write

    def meanwhile(self: StoredTable, changes: Any) -> Any:
        if self.label == "catalogue.Product" and not renamed:
            renamed.append(True)
            rename(goods)
        return original(self, changes)

    monkeypatch.setattr(StoredTable, "write", meanwhile)
    return goods


def test_what_somebody_writes_meanwhile_is_kept(goods: Stocked) -> None:
    assert bring_into_form(now=LATER).left == {}
    assert title(goods.shop) == "Basket"
    assert find_drift(shop_id=goods.shop.pk) == []


def test_without_the_comparison_it_would_be_lost(goods: Stocked, monkeypatch: pytest.MonkeyPatch) -> None:
    careless = sql.SQL("UPDATE {table} AS t SET {changes} FROM unnest({arrays}) AS n ({names})"
                       " WHERE t.{key} = n.key AND ({unchanged} OR TRUE) RETURNING n.key")  # fmt: skip
    monkeypatch.setattr(stored_table, "WRITE", careless)
    bring_into_form(now=LATER)
    assert title(goods.shop) == "Tote"


def test_one_shop_that_fails_keeps_none_of_the_others() -> None:
    shop, other = open_shop("indigo-fabrics"), open_shop("copper-kitchen")
    for each in (shop, other):
        stock(each)
        write("UPDATE catalogue_product SET title = %s", DIRTY, schema=each.schema_name)
    write("ALTER TABLE catalogue_product RENAME COLUMN brand TO mark", schema=other.schema_name)
    said = StringIO()
    with pytest.raises(CommandError, match=other.schema_name):
        call_command("rewrite_stored", stdout=said)
    assert title(shop) == "Tote"
    write("ALTER TABLE catalogue_product RENAME COLUMN mark TO brand", schema=other.schema_name)
    call_command("rewrite_stored", stdout=said)
    assert "Schemas brought into form: 1. Rows rewritten: 1." in said.getvalue()
    assert title(other) == "Tote"
