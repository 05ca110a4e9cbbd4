"""Very many products at once: written into the shops' own tables, and projected as the market projects them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from psycopg import sql

from catalogue.discovery.services.categories import CategoryInput, ensure_categories
from catalogue.discovery.services.projection import rebuild_shop
from catalogue.discovery.services.vocabulary import refresh_vocabulary
from kit.db.sql import execute, qualified
from tenants.database.recycling import return_connection
from tenants.models import Shop
from tests.bench import market
from tests.world.clock import NOW

TREE = {
    "Fashion": ("Bags", "Shoes", "Jewellery"),
    "Home": ("Kitchen", "Lighting", "Textiles", "Storage"),
    "Leisure": ("Music", "Electronics"),
}
# By kind, in the order of market.KINDS.
LEAVES = (
    *("bags", "kitchen", "lighting", "shoes", "textiles"),
    *("electronics", "storage", "jewellery", "music", "kitchen"),
)

# As market.product makes them, with a category and a picture.
STOCK_UP = sql.SQL("""
WITH made AS MATERIALIZED (
    SELECT uuidv7() AS product, uuidv7() AS variant, n, (%(kinds)s::text[])[1 + n %% 10] AS kind,
           (%(fabrics)s::text[])[1 + n / 10 %% 10] AS fabric, (%(makers)s::text[])[1 + n / 100 %% 8] AS maker,
           (%(categories)s::bigint[])[1 + n %% 10] AS category
      FROM generate_series(%(first)s::int, %(last)s::int, %(step)s::int) n
), products AS (
    INSERT INTO {product} (id, title, slug, description, category_id, brand, status, created_at, updated_at)
    SELECT product, initcap(fabric) || ' ' || kind || ' from ' || maker || ' ' || n,
           lower(fabric || '-' || kind || '-from-' || maker || '-' || n),
           repeat('A ' || lower(kind) || ' of ' || fabric || ', made by hand in ' || maker || '. ', 3), category,
           maker || ' Works', 'active', %(now)s::timestamptz + n * interval '1 second', %(now)s
      FROM made
), pictures AS (
    INSERT INTO {image} (product_id, file, alt, position)
    SELECT product, 'shops/' || %(shop)s || '/products/' || product || '/a-800.webp', 'From the front', 0 FROM made
), variants AS (
    INSERT INTO {variant} (id, product_id, sku, options, price_minor, position)
    SELECT variant, product, 'SKU-' || n, jsonb_build_object('Colour', fabric), 100000 + n, 0 FROM made
)
INSERT INTO {stock} (variant_id, on_hand, reserved) SELECT variant, 100, 0 FROM made
""")
# A few sell well, most hardly at all.
SELL = "UPDATE discovery_listing SET popularity = (1000 * random() ^ 4)::int WHERE shop_id = %s"


def stock_up(*, shops: Sequence[Shop], first: int, count: int, at_once: int = 0) -> None:
    """Share products out among shops, numbered from `first` on; nothing of them is drawn or moved.

    Args:
        at_once: after so many shops the connection is handed back, and only public tables are vacuumed at the end:
            for very many shops.
    """
    categories = _categories()
    for position, shop in enumerate(shops):
        if at_once and position % at_once == 0:
            return_connection()
        tables = {
            name: qualified(shop.schema_name, f"catalogue_{table}")
            for name, table in {
                "product": "product",
                "image": "productimage",
                "variant": "variant",
                "stock": "stocklevel",
            }.items()
        }
        params = {
            "shop": shop.pk,
            "first": first + position,
            "last": first + count - 1,
            "step": len(shops),
            "kinds": list(market.KINDS),
            "fabrics": list(market.FABRICS),
            "makers": list(market.MAKERS),
            "categories": categories,
            "now": NOW,
        }
        with transaction.atomic():
            execute(STOCK_UP.format(**tables), params)
            rebuild_shop(shop_id=shop.pk)
            execute(SELL, [shop.pk])
    refresh_vocabulary()
    market.settle(schemas="public" if at_once else "%")


def _categories() -> list[int]:
    inputs = [CategoryInput(root) for root in TREE]
    inputs += [CategoryInput(leaf, parent=root.lower()) for root, leaves in TREE.items() for leaf in leaves]
    ids = ensure_categories(categories=inputs)
    return [ids[leaf] for leaf in LEAVES]
