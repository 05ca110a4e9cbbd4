"""The audit's checks inside the shops' schemas: a statement for each batch of shops, not for each order."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from psycopg import sql

from kit.db.sql import fetch_all, qualified
from payouts.audit.findings import CheckResult, Finding, result_of

BATCH = 50  # shops in one statement; each takes a lock on three of their tables


class Tables(NamedTuple):
    """A shop and the tables that the checks read, qualified."""

    slug: str
    levels: sql.Identifier
    orders: sql.Identifier
    lines: sql.Identifier


SHOPS = sql.SQL(
    """
    SELECT shop.slug, shop.schema_name, namespace.oid IS NOT NULL
      FROM public.tenants_shop AS shop
      LEFT JOIN pg_namespace AS namespace ON namespace.nspname = shop.schema_name
     WHERE shop.status <> 'deleted'
     ORDER BY shop.schema_name
    """
)
RESERVED = """
    SELECT 'stock of variant ' || coalesce(level.variant_id, held.variant_id) || ' at ' || {slug},
           coalesce(held.quantity, 0) || ' reserved by vendor orders',
           coalesce(level.reserved, 0) || ' on the counter'
      FROM {levels} AS level
      FULL JOIN (SELECT line.variant_id, sum(line.quantity) AS quantity
                   FROM {lines} AS line
                   JOIN {orders} AS vendor_order ON vendor_order.id = line.vendor_order_id
                  WHERE vendor_order.stock_state = 'reserved'
                  GROUP BY line.variant_id) AS held
        ON held.variant_id = level.variant_id
     WHERE coalesce(level.reserved, 0) <> coalesce(held.quantity, 0)
"""
VENDOR_ORDERS = """
    SELECT 'vendor order ' || coalesce(part.number, vendor_order.number) || ' at ' || {slug},
           coalesce(part.status || ', ' || part.total_minor || ' ' || part.currency, 'no sub-order'),
           coalesce(vendor_order.status || ', ' || vendor_order.total_minor || ' ' || vendor_order.currency,
                    'no vendor order')
      FROM (SELECT sub_order.* FROM public.checkout_suborder AS sub_order
              JOIN public.tenants_shop AS shop ON shop.id = sub_order.shop_id
             WHERE shop.slug = {slug}) AS part
      FULL JOIN {orders} AS vendor_order ON vendor_order.id = part.id
     WHERE (part.status, part.total_minor, part.currency)
           IS DISTINCT FROM (vendor_order.status, vendor_order.total_minor, vendor_order.currency)
"""
LINES = """
    SELECT 'vendor order ' || vendor_order.number || ' at ' || {slug},
           vendor_order.items_minor || ' of items',
           coalesce(sum(line.total_minor), 0) || ' in its lines'
      FROM {orders} AS vendor_order
      LEFT JOIN {lines} AS line ON line.vendor_order_id = vendor_order.id
     GROUP BY vendor_order.id, vendor_order.number, vendor_order.items_minor
    HAVING vendor_order.items_minor <> coalesce(sum(line.total_minor), 0)
"""
CHECKS = (
    ("stock_reserved", "Reserved stock equals what unpaid vendor orders hold", RESERVED),
    ("vendor_orders", "Each shop's vendor orders say what the sub-orders say", VENDOR_ORDERS),
    ("vendor_order_lines", "The lines of a vendor order sum to it", LINES),
)


def check_shops(*, shown: int) -> Iterator[CheckResult]:
    """Make the checks that look into every shop's schema; a shop without one is a finding."""
    shops = fetch_all(SHOPS)
    missing = [
        Finding(f"shop {slug}", f"a schema {schema}", "no such schema")
        for slug, schema, is_there in shops
        if not is_there
    ]
    yield result_of(name="schemas", title="Every shop has its schema", findings=missing[:shown], total=len(missing))
    tables = [_tables(slug, schema) for slug, schema, is_there in shops if is_there]
    for name, title, statement in CHECKS:
        findings = [finding for batch in _batches(tables) for finding in _run(statement, batch)]
        yield result_of(name=name, title=title, findings=findings[:shown], total=len(findings))


def _tables(slug: str, schema_name: str) -> Tables:
    return Tables(
        slug,
        qualified(schema_name, "catalogue_stocklevel"),
        qualified(schema_name, "fulfilment_vendororder"),
        qualified(schema_name, "fulfilment_vendororderline"),
    )


def _batches(tables: Sequence[Tables]) -> Iterator[Sequence[Tables]]:
    for start in range(0, len(tables), BATCH):
        yield tables[start : start + BATCH]


def _run(statement: str, shops: Sequence[Tables]) -> list[Finding]:
    parts = [
        sql.SQL("({})").format(
            sql.SQL(statement).format(
                slug=sql.Literal(shop.slug), levels=shop.levels, orders=shop.orders, lines=shop.lines
            )
        )
        for shop in shops
    ]
    return [Finding(*row) for row in fetch_all(sql.SQL(" UNION ALL ").join(parts))]
