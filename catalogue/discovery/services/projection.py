"""The listing projection: what buyers see of a shop's products, written with every change of them."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from psycopg import sql

from catalogue.discovery.models import Listing
from catalogue.discovery.selectors.locks import ShopState, lock_listings, lock_shop_state
from catalogue.discovery.services import projection_sql as statements
from catalogue.discovery.services.versions import bump_shop
from kit.db.sql import execute, fetch_all, qualified

ALL = sql.SQL("TRUE")

LOCATE = sql.SQL("SELECT DISTINCT listing_id FROM discovery_listingvariant WHERE shop_id = %s AND id = ANY(%s)")

REFRESH_VARIANTS = sql.SQL("""
UPDATE discovery_listingvariant v SET is_in_stock = n.is_in_stock
  FROM (SELECT s.variant_id, s.on_hand > s.reserved AS is_in_stock FROM {stock} s WHERE s.variant_id = ANY(%s)) n
 WHERE v.id = n.variant_id AND v.is_in_stock <> n.is_in_stock
""")

REFRESH_LISTINGS = sql.SQL("""
UPDATE discovery_listing l
   SET is_in_stock = n.is_in_stock,
       search = CASE WHEN n.is_in_stock THEN l.search || array_to_tsvector(ARRAY['i:1'])
                     ELSE ts_delete(l.search, 'i:1') END
  FROM (SELECT listing_id, bool_or(is_in_stock) AS is_in_stock FROM discovery_listingvariant
         WHERE listing_id = ANY(%s) GROUP BY listing_id) n
 WHERE l.id = n.listing_id AND l.is_in_stock <> n.is_in_stock
""")


def project_product(*, shop_id: int, product_id: UUID) -> None:
    """Write a product's listing from the shop's tables, or remove it where the product is gone."""
    project_products(shop_id=shop_id, product_ids=[product_id])


def project_products(*, shop_id: int, product_ids: Sequence[UUID]) -> None:
    """Write the listings of some products; the number of statements does not grow with theirs."""
    _project(shop_id=shop_id, product_ids=product_ids)


def rebuild_shop(*, shop_id: int) -> None:
    """Write every listing of a shop anew from its tables, and remove those it no longer has."""
    _project(shop_id=shop_id, product_ids=None)


def remove_listing(*, shop_id: int, product_id: UUID) -> None:
    """Take a product out of the market, with its popularity and rating."""
    with transaction.atomic():
        Listing.objects.filter(id=product_id, shop_id=shop_id).delete()
        bump_shop(shop_id)


def refresh_stock(*, shop_id: int, variant_ids: Collection[UUID]) -> None:
    """Recompute whether variants and their listings are in stock.

    The listings are locked before the stock is read: of two refreshes for the same variant, the later one
    then reads the later stock.
    """
    with transaction.atomic():
        state = lock_shop_state(shop_id=shop_id)
        listing_ids = [row[0] for row in fetch_all(LOCATE, [shop_id, list(variant_ids)])]
        if state is None or not listing_ids:
            return
        lock_listings(shop_id=shop_id, listing_ids=listing_ids)
        stock = qualified(state.schema_name, "catalogue_stocklevel")
        if execute(REFRESH_VARIANTS.format(stock=stock), [list(variant_ids)]):
            execute(REFRESH_LISTINGS, [listing_ids])
            bump_shop(shop_id)


def shop_tables(schema_name: str) -> dict[str, sql.Composable]:
    """Return the shop's tables that the projection reads, qualified."""
    return {
        "product": qualified(schema_name, "catalogue_product"),
        "variant": qualified(schema_name, "catalogue_variant"),
        "stock": qualified(schema_name, "catalogue_stocklevel"),
        "image": qualified(schema_name, "catalogue_productimage"),
    }


def listing_source(schema_name: str, *, chosen: sql.Composable = ALL) -> sql.Composable:
    """Return the common table expressions that end in `projected`, for listings."""
    source = statements.SOURCE.format(chosen=chosen, **shop_tables(schema_name))
    return sql.SQL(", ").join([source, statements.PATHS, statements.PROJECTED])


def variant_source(schema_name: str, *, chosen: sql.Composable = ALL) -> sql.Composable:
    """Return the common table expression `projected`, for variants."""
    return statements.PROJECTED_VARIANTS.format(chosen=chosen, **shop_tables(schema_name))


def projection_params(state: ShopState) -> dict[str, Any]:
    """Return the parameters that a shop's row adds to the projection."""
    return {
        "shop_id": state.id,
        "shop_name": state.name,
        "currency": state.currency,
        "is_selling": state.is_selling,
    }


def _project(*, shop_id: int, product_ids: Sequence[UUID] | None) -> None:
    with transaction.atomic():
        state = lock_shop_state(shop_id=shop_id)
        if state is None or product_ids == []:
            return
        lock_listings(shop_id=shop_id, listing_ids=product_ids)
        params = {**projection_params(state), "ids": product_ids}
        steps = _steps(state.schema_name, takes_all=product_ids is None)
        if sum(execute(step, params) for step in steps):
            bump_shop(shop_id)


def _steps(schema_name: str, *, takes_all: bool) -> list[sql.Composable]:
    """Return the statements that write listings and variants and remove what is no longer there."""

    def among(*column: str) -> sql.Composable:
        return sql.SQL("TRUE") if takes_all else sql.SQL("{} = ANY(%(ids)s)").format(sql.Identifier(*column))

    chosen = among("p", "id")
    return [
        statements.upsert("discovery_listing", statements.COLUMNS, listing_source(schema_name, chosen=chosen)),
        statements.upsert(
            "discovery_listingvariant", statements.VARIANT_COLUMNS, variant_source(schema_name, chosen=chosen)
        ),
        statements.GONE_VARIANTS.format(scope=among("t", "listing_id"), **shop_tables(schema_name)),
        statements.GONE_LISTINGS.format(scope=among("t", "id")),
    ]
