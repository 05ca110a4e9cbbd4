"""Totals of a replay, read from the database alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from psycopg import sql

from kit.db.sql import fetch_all, qualified
from kit.db.statements import load_statement
from replay.onboarding import SLUG_PREFIX
from replay.ordering import SCOPE
from tenants.models import Shop

SCHEMAS_A_STATEMENT = 200

ORDERS = load_statement(__package__, "replayed_orders")

# Sold in all, against all that ever came onto the shelf.
STOCK = sql.SQL("""
SELECT count(*) FILTER (WHERE s.on_hand < 0 OR s.reserved < 0 OR m.sold > m.received), sum(s.on_hand)
  FROM {stock} s LEFT JOIN (
       SELECT variant_id, -sum(quantity) FILTER (WHERE kind = 'sale') AS sold,
              sum(quantity) FILTER (WHERE kind <> 'sale') AS received
         FROM {movement} GROUP BY variant_id) m USING (variant_id)
""")

LEDGER = """
SELECT NOT EXISTS (SELECT 1 FROM payouts_entry GROUP BY journal_id, currency HAVING sum(amount_minor) <> 0)
   AND NOT EXISTS (
       SELECT 1 FROM payouts_balance b
        WHERE -b.amount_minor IS DISTINCT FROM (
              SELECT COALESCE(sum(e.amount_minor), 0) FROM payouts_entry e WHERE e.account_id = b.account_id))
"""


def totals() -> dict[str, Any]:
    """Return the figures of all replayed orders that were paid, in minor units."""
    with connection.cursor() as cursor:
        cursor.execute(ORDERS, [SCOPE])
        shops, orders, multi, units, items, shipping, gross, commission, payable, products = cursor.fetchone()
        cursor.execute(LEDGER)
        [balanced] = cursor.fetchone()
    oversold, stock_left = _stock()
    return {
        "shops": shops,
        "products": products,
        "orders": orders,
        "multi_shop_orders": multi,
        "units": int(units),
        "items_minor": int(items),
        "shipping_minor": int(shipping),
        "gross_minor": int(gross),
        "commission_minor": int(commission),
        "payable_minor": int(payable),
        "oversold": oversold,
        "stock_left": stock_left,
        "ledger_balanced": balanced,
    }


def _stock() -> tuple[int, int]:
    shops = Shop.objects.filter(slug__startswith=SLUG_PREFIX).exclude(status="deleted").order_by("id")
    schemas = list(shops.values_list("schema_name", flat=True))
    oversold = left = 0
    for start in range(0, len(schemas), SCHEMAS_A_STATEMENT):
        for wrong, on_hand in _stock_of(schemas[start : start + SCHEMAS_A_STATEMENT]):
            oversold += int(wrong or 0)
            left += int(on_hand or 0)
    return oversold, left


def _stock_of(schemas: Sequence[str]) -> list[tuple[Any, ...]]:
    branches = [
        STOCK.format(stock=qualified(name, "catalogue_stocklevel"), movement=qualified(name, "catalogue_stockmovement"))
        for name in schemas
    ]
    return fetch_all(sql.SQL(" UNION ALL ").join(branches))
