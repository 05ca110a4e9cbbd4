"""The listing projection: what buyers see of a shop's products, written with every change of them."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import transaction
from psycopg import sql

from catalogue.discovery.models import Listing
from catalogue.discovery.selectors.locks import lock_listings_query
from catalogue.discovery.services import projection_sql as statements
from catalogue.discovery.services.projection_source import ProjectionSource, read_source
from catalogue.discovery.services.versions import bump_shop
from kit.db.pipeline import Query, Rows, as_array, ask, ask_all
from kit.db.sql import REMEMBERED, qualified
from tenants.shops.locks import ShopState, lock_shop_state

LOCATE = "SELECT DISTINCT listing_id FROM public.discovery_listingvariant WHERE shop_id = $1 AND id = ANY($2::uuid[])"

READ_STOCK = sql.SQL("""
SELECT COALESCE(json_agg(json_build_object('id', s.variant_id, 'is_in_stock', s.on_hand > s.reserved)), '[]')::text
  FROM {stock} s WHERE s.variant_id = ANY($1::uuid[])
""")

REFRESH_VARIANTS = """
UPDATE public.discovery_listingvariant v SET is_in_stock = n.is_in_stock
  FROM json_to_recordset($1::json) AS n(id uuid, is_in_stock boolean)
 WHERE v.id = n.id AND v.is_in_stock <> n.is_in_stock
RETURNING 1
"""

REFRESH_LISTINGS = """
UPDATE public.discovery_listing l
   SET is_in_stock = n.is_in_stock,
       search = CASE WHEN n.is_in_stock THEN l.search || array_to_tsvector(ARRAY['i:1'])
                     ELSE ts_delete(l.search, 'i:1') END
  FROM (SELECT listing_id, bool_or(is_in_stock) AS is_in_stock FROM public.discovery_listingvariant
         WHERE listing_id = ANY($1::uuid[]) GROUP BY listing_id) n
 WHERE l.id = n.listing_id AND l.is_in_stock <> n.is_in_stock
RETURNING 1
"""


def project_products(*, shop_id: int, product_ids: Sequence[UUID], state: ShopState | None = None) -> None:
    """Write the listings of some products from the shop's tables, or remove those of products that are gone.

    The number of statements does not grow with theirs.

    Args:
        state: of the shop, where the caller has locked it.
    """
    _project(shop_id=shop_id, product_ids=product_ids, state=state)


def rebuild_shop(*, shop_id: int) -> None:
    """Write every listing of a shop anew from its tables, and remove those it no longer has."""
    _project(shop_id=shop_id, product_ids=None)


def remove_listing(*, shop_id: int, product_id: UUID) -> None:
    """Take a product out of the market, with its popularity and rating."""
    with transaction.atomic():
        Listing.objects.filter(id=product_id, shop_id=shop_id).delete()
        bump_shop(shop_id)


def refresh_stock(*, shop_id: int, variant_ids: Collection[UUID], state: ShopState | None = None) -> None:
    """Recompute whether variants and their listings are in stock.

    The listings are locked before the stock is read: of two refreshes for the same variant, the later one
    then reads the later stock.

    Args:
        state: of the shop, where the caller has locked it.
    """
    with transaction.atomic():
        state = state or lock_shop_state(shop_id=shop_id)
        wanted = as_array(variant_ids)
        listing_ids = [row[0] for row in ask(Query(LOCATE, [shop_id, wanted], list))]
        if state is None or not listing_ids:
            return
        reading: list[Query[Any]] = [
            lock_listings_query(shop_id=shop_id, listing_ids=listing_ids),
            Query(_stock_text(state.schema_name), [wanted], _value),
        ]
        _, stock = ask_all(reading)
        changed = ask_all(
            [Query(REFRESH_VARIANTS, [stock], bool), Query(REFRESH_LISTINGS, [as_array(listing_ids)], bool)]
        )
        if any(changed):
            bump_shop(shop_id)


def _project(*, shop_id: int, product_ids: Sequence[UUID] | None, state: ShopState | None = None) -> None:
    with transaction.atomic():
        state = state or lock_shop_state(shop_id=shop_id)
        if state is None or product_ids == []:
            return
        source = read_source(state=state, product_ids=product_ids)
        changed = ask_all(_writes(source, product_ids))
        if any(changed):
            bump_shop(shop_id)


def _writes(source: ProjectionSource, product_ids: Sequence[UUID] | None) -> list[Query[bool]]:
    """Return the queries that write listings and variants and remove old ones; each returns whether it changed any."""
    chosen = [] if product_ids is None else [as_array(product_ids)]
    gone_listings = statements.scoped(statements.GONE_LISTINGS, "id", takes_all=product_ids is None)
    return [
        *(Query(statements.upsert_text(table), source.params_of(table), bool) for table in statements.COLUMNS),
        Query(statements.GONE_VARIANTS, [source.listed_variants, source.variants], bool),
        Query(gone_listings, [source.state.id, *chosen], bool),
    ]


@lru_cache(maxsize=REMEMBERED)
def _stock_text(schema_name: str) -> str:
    return READ_STOCK.format(stock=qualified(schema_name, "catalogue_stocklevel")).as_string(None)


def _value(rows: Rows) -> str:
    return str(rows[0][0])
