"""What variants cost and whether they can be had, read across shops without a lock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import sql

from catalogue.discovery.models import ListingVariant
from kit.sql import fetch_all, qualified

# One branch a shop; the shops' statements are joined into one round trip. Options are cast to json, since
# Django has psycopg hand jsonb over as text.
OFFERS = sql.SQL("""
SELECT v.id, v.product_id, v.sku, p.title, v.options::json, v.price_minor, s.on_hand - s.reserved,
       p.status = 'active' AND p.deleted_at IS NULL AND v.deleted_at IS NULL,
       COALESCE((SELECT i.file FROM {image} i WHERE i.product_id = p.id ORDER BY i.position, i.id LIMIT 1), '')
  FROM {variant} v JOIN {product} p ON p.id = v.product_id JOIN {stock} s ON s.variant_id = v.id
 WHERE v.id = ANY(%s)
""")


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
    branches: list[sql.Composable] = []
    params: list[Any] = []
    for schema_name in sorted(wanted):
        branches.append(
            OFFERS.format(
                variant=qualified(schema_name, "catalogue_variant"),
                product=qualified(schema_name, "catalogue_product"),
                stock=qualified(schema_name, "catalogue_stocklevel"),
                image=qualified(schema_name, "catalogue_productimage"),
            )
        )
        params.append(list(wanted[schema_name]))
    return {row[0]: Offer(*row) for row in fetch_all(sql.SQL(" UNION ALL ").join(branches), params)}


def locate_variants(variant_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return the id of the shop that sells each variant; unknown ones are left out."""
    return dict(ListingVariant.objects.filter(id__in=variant_ids).values_list("id", "shop_id"))
