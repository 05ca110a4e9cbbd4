"""Files of prices and stock for tests: handed in, looked at, applied."""

from __future__ import annotations

import io
from typing import Any

from django_tenants.utils import schema_context

from catalogue.models import StockImport, StockImportRow, Variant
from catalogue.services.imports.checking import check_upload
from kit.work import bulk
from tenants.models import Shop
from tests.world.clock import NOW

ACTOR = 7


def upload(shop: Shop, text: str | bytes, *, actor: int = ACTOR, now: Any = NOW) -> StockImport:
    body = text.encode() if isinstance(text, str) else text
    return check_upload(
        shop=shop, upload=io.BytesIO(body), file_name="prices.csv", size=len(body), created_by_id=actor, now=now
    )


def rows(shop: Shop, made: StockImport) -> list[tuple[Any, ...]]:
    with schema_context(shop.schema_name):
        found = StockImportRow.objects.filter(stock_import_id=made.pk).order_by("line")
        return list(found.values_list("line", "sku", "price_minor", "on_hand", "state"))


def stand(shop: Shop) -> dict[str, tuple[int, int]]:
    """Price and count by SKU."""
    with schema_context(shop.schema_name):
        return {v.sku: (v.price_minor, v.stock.on_hand) for v in Variant.objects.select_related("stock")}


def run_all(now: Any = NOW) -> None:
    while bulk.run_next(now=now):
        pass
