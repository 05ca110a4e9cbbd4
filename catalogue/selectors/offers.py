"""What variants cost and whether they can be had, read across shops without a lock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from uuid import UUID

from psycopg import sql

from kit.sql import REMEMBERED, fetch_all, qualified

# One branch a shop; the shops' statements are joined into one round trip. Options are cast to json, since
# Django has psycopg hand jsonb over as text.
OFFERS = sql.SQL("""
SELECT v.id, v.product_id, v.sku, p.title, v.options::json, v.price_minor, s.on_hand - s.reserved,
       p.status = 'active' AND p.deleted_at IS NULL AND v.deleted_at IS NULL,
       COALESCE((SELECT i.file FROM {image} i WHERE i.product_id = p.id ORDER BY i.position, i.id LIMIT 1), '')
  FROM {variant} v JOIN {product} p ON p.id = v.product_id JOIN {stock} s ON s.variant_id = v.id
 WHERE v.id = ANY(%s)
""")

SELLERS = "SELECT id, shop_id FROM public.discovery_listingvariant WHERE id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Offer:
    """A variant as it can be bought at this moment."""

    variant_id: UUID
    product_id: UUID
    sku: str
    title: str
    options: dict[str, str]
    price_minor: int
    available: int
    is_on_sale: bool
    image: str


def read_offers(wanted: Mapping[str, Collection[UUID]]) -> dict[UUID, Offer]:
    """Read offers of several shops in one statement.

    Args:
        wanted: variant ids by schema name. Ids that a shop does not have are left out of the answer.
    """
    if not wanted:
        return {}
    names = sorted(wanted)
    statement = " UNION ALL ".join(_branch(schema_name) for schema_name in names)
    params = [list(wanted[schema_name]) for schema_name in names]
    return {row[0]: Offer(*row) for row in fetch_all(statement, params)}


@lru_cache(maxsize=REMEMBERED)
def _branch(schema_name: str) -> str:
    return OFFERS.format(
        variant=qualified(schema_name, "catalogue_variant"),
        product=qualified(schema_name, "catalogue_product"),
        stock=qualified(schema_name, "catalogue_stocklevel"),
        image=qualified(schema_name, "catalogue_productimage"),
    ).as_string(None)


def locate_variants(variant_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return the id of the shop that sells each variant; unknown ones are left out."""
    return dict(cast("list[tuple[UUID, int]]", fetch_all(SELLERS, [list(variant_ids)])))
