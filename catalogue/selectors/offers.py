"""Prices and availability of variants, read across shops without a lock."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, LiteralString
from uuid import UUID

from psycopg import sql

from catalogue.tax_classes import TaxClass
from kit.db.pipeline import Query, Rows, as_array, ask, ask_all
from kit.db.sql import REMEMBERED, qualified
from kit.json_text import read_json
from kit.text.pairs import as_mapping
from tenants.shops.selectors import FACT_COLUMNS, ShopFacts, facts_from

OFFERS = sql.SQL("""
SELECT v.id, v.product_id, v.sku, p.title, v.options, v.price_minor, s.on_hand - s.reserved,
       p.status = 'active' AND p.deleted_at IS NULL AND v.deleted_at IS NULL,
       COALESCE((SELECT i.file FROM {image} i WHERE i.product_id = p.id ORDER BY i.position, i.id LIMIT 1), ''),
       p.tax_class, p.category_id,
       COALESCE(v.weight_g, 0)
  FROM {variant} v JOIN {product} p ON p.id = v.product_id JOIN {stock} s ON s.variant_id = v.id
 WHERE {by} = ANY($1)
""")

SELLERS = f"""
SELECT v.id, {", ".join(f"s.{name}" for name in FACT_COLUMNS)}
  FROM public.discovery_listingvariant v JOIN public.tenants_shop s ON s.id = v.shop_id
 WHERE v.id = ANY($1)
"""  # noqa: S608 - names of columns


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
    tax_class: str = TaxClass.STANDARD
    category_id: int | None = None
    weight_g: int = 0


Offers = dict[UUID, Offer]
OPTIONS = next(place for place, field in enumerate(fields(Offer)) if field.name == "options")


def read_offers(wanted: Mapping[str, Collection[UUID]]) -> Offers:
    """Read offers of several shops in one round trip.

    Args:
        wanted: variant ids by schema name. Ids that a shop does not have are left out of the answer.
    """
    found: Offers = {}
    for own in ask_all([offers_query(schema_name, wanted[schema_name]) for schema_name in sorted(wanted)]):
        found |= own
    return found


def offers_query(schema_name: str, variant_ids: Collection[UUID]) -> Query[Offers]:
    """Ask for one shop's offers."""
    return Query(_text(schema_name), [as_array(variant_ids)], _offers)


def offers_of_products(*, schema_name: str, product_ids: Collection[UUID]) -> Offers:
    """Return the offers of all variants of some products of a shop, in one statement."""
    return ask(Query(_text(schema_name, "product_id"), [as_array(product_ids)], _offers))


def _offers(rows: Rows) -> Offers:
    return {row[0]: _offer(row) for row in rows}


def _offer(row: Sequence[Any]) -> Offer:
    values = list(row)
    values[OPTIONS] = as_mapping(read_json(values[OPTIONS]))  # Django has psycopg hand jsonb over as text
    return Offer(*values)


@lru_cache(maxsize=REMEMBERED)
def _text(schema_name: str, by: LiteralString = "id") -> str:
    return OFFERS.format(
        by=sql.SQL("v." + by),
        variant=qualified(schema_name, "catalogue_variant"),
        product=qualified(schema_name, "catalogue_product"),
        stock=qualified(schema_name, "catalogue_stocklevel"),
        image=qualified(schema_name, "catalogue_productimage"),
    ).as_string(None)


def find_sellers(variant_ids: Collection[UUID]) -> dict[UUID, ShopFacts]:
    """Return the shops that sell variants, by variant; a variant without one is left out."""
    return ask(sellers_query(variant_ids))


def sellers_query(variant_ids: Collection[UUID]) -> Query[dict[UUID, ShopFacts]]:
    """Return the query for the shops that sell variants: one statement for their ids and facts."""
    return Query(SELLERS, [as_array(variant_ids)], lambda rows: {row[0]: facts_from(row[1:]) for row in rows})
