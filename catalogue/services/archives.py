"""The catalogue's part in a shop's archive: its pictures, its categories, and its copy."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg import sql

from catalogue.discovery.services.projection import rebuild_shop
from kit.db.sql import execute, fetch_all, qualified
from kit.db.statements import load_statement
from kit.ids import uuid7

if TYPE_CHECKING:
    from tenants.models import Shop

# Each pair reads in the one shop and writes what it read, as JSON, in the other (docs/adr/0017).
UNDELETED_PRODUCTS = sql.SQL("SELECT id FROM {product} WHERE deleted_at IS NULL ORDER BY id")
UNDELETED_VARIANTS = sql.SQL("""
SELECT v.id FROM {variant} v JOIN {product} p ON p.id = v.product_id
 WHERE v.deleted_at IS NULL AND p.deleted_at IS NULL ORDER BY v.id
""")
FILES = sql.SQL("SELECT DISTINCT file FROM {image} ORDER BY file")
READ = sql.SQL("SELECT COALESCE(json_agg(r), '[]')::text FROM {table} r WHERE {column} = ANY(%s)")
COPY_PRODUCTS = sql.SQL("""
WITH ids AS (SELECT * FROM unnest(%(old)s::uuid[], %(new)s::uuid[]) AS m (old, new))
INSERT INTO {product} (id, title, slug, description, category_id, brand, tax_class, status, created_at, updated_at)
SELECT m.new, p.title, p.slug, p.description, p.category_id, p.brand, p.tax_class, p.status, p.created_at, %(now)s
  FROM json_populate_recordset(NULL::{product}, %(products)s::json) p JOIN ids m ON m.old = p.id
""")
COPY_IMAGES = sql.SQL("""
WITH ids AS (SELECT * FROM unnest(%(old)s::uuid[], %(new)s::uuid[]) AS m (old, new)),
     files AS (SELECT * FROM unnest(%(files)s::text[], %(copies)s::text[]) AS f (file, copy))
INSERT INTO {image} (product_id, file, alt, position)
SELECT m.new, f.copy, i.alt, i.position
  FROM json_populate_recordset(NULL::{image}, %(images)s::json) i
  JOIN ids m ON m.old = i.product_id JOIN files f ON f.file = i.file
 ORDER BY i.id
""")
COPY_VARIANTS = sql.SQL("""
WITH products AS (SELECT * FROM unnest(%(old)s::uuid[], %(new)s::uuid[]) AS m (old, new)),
     ids AS (SELECT * FROM unnest(%(old_variants)s::uuid[], %(new_variants)s::uuid[]) AS m (old, new))
INSERT INTO {variant} (id, product_id, sku, options, price_minor, compare_at_minor, weight_g, position)
SELECT m.new, p.new, v.sku, v.options, v.price_minor, v.compare_at_minor, v.weight_g, v.position
  FROM json_populate_recordset(NULL::{variant}, %(variants)s::json) v
  JOIN ids m ON m.old = v.id JOIN products p ON p.old = v.product_id
""")
COPY_STOCK = sql.SQL(load_statement(__package__, "copy_stock"))
TABLES = {
    "product": "catalogue_product",
    "variant": "catalogue_variant",
    "stock": "catalogue_stocklevel",
    "image": "catalogue_productimage",
    "movement": "catalogue_stockmovement",
    "price": "catalogue_pricechange",
}


def copy_goods(source: "Shop", clone: "Shop", copied: Callable[[str], str], now: datetime) -> None:
    """Copy products, variants, pictures and stock with new ids, because listings and carts use the ids.

    Reservations and history of the other shop are not copied.
    """
    old, new = (
        {name: qualified(schema, table) for name, table in TABLES.items()}
        for schema in (source.schema_name, clone.schema_name)
    )
    products, variants = (_ids(query.format(**old)) for query in (UNDELETED_PRODUCTS, UNDELETED_VARIANTS))
    files = [file for (file,) in fetch_all(FILES.format(**old)) if copied(file)]
    params: dict[str, Any] = {
        "old": products,
        "new": [uuid7() for _ in products],
        "old_variants": variants,
        "new_variants": [uuid7() for _ in variants],
        "files": files,
        "copies": [copied(file) for file in files],
        "products": _read(old["product"], "id", products),
        "images": _read(old["image"], "product_id", products),
        "variants": _read(old["variant"], "id", variants),
        "stock": _read(old["stock"], "variant_id", variants),
        "now": now,
    }
    for statement in (COPY_PRODUCTS, COPY_VARIANTS, COPY_STOCK, COPY_IMAGES):
        execute(statement.format(**new), params)
    rebuild_shop(shop_id=clone.pk)


def _ids(query: sql.Composable) -> list[UUID]:
    return [row[0] for row in fetch_all(query)]


def _read(table: sql.Identifier, column: str, ids: list[UUID]) -> str:
    """Return the rows of a table that belong to some ids, as JSON."""
    return str(fetch_all(READ.format(table=table, column=sql.Identifier(column)), [ids])[0][0])
