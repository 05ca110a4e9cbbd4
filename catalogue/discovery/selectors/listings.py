"""One listing with everything its page shows, read fresh: what can be had of it is the shop's own stock."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import ProgrammingError
from django.urls import reverse
from psycopg import sql

from catalogue.discovery.errors import ListingNotFoundError
from catalogue.discovery.selectors.categories import CategoryNode, category_tree
from catalogue.selectors.pictures import picture_url, small_picture_url
from kit.sql import REMEMBERED, UNREADABLE, fetch_all, qualified
from tenants.errors import ShopOutdatedError
from tenants.lifecycle import ON_SHOW
from tenants.models import ShopStatus


@dataclass(frozen=True, slots=True)
class VariantDetail:
    """A variant, and what can be had of it at this moment."""

    id: UUID
    sku: str
    options: dict[str, str]
    price_minor: int
    compare_at_minor: int | None
    available: int

    @property
    def label(self) -> str:
        """Its options for people, such as `Indigo / Large`; the SKU where it has none."""
        return " / ".join(self.options.values()) or self.sku


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a product."""

    file: str
    alt: str

    @property
    def url(self) -> str:
        """The address of the large form."""
        return picture_url(self.file)

    @property
    def small_url(self) -> str:
        """The address of the small form."""
        return small_picture_url(self.file)


@dataclass(frozen=True, slots=True)
class ShopSummary:
    """What a product's page says of the shop that sells it."""

    id: int
    slug: str
    name: str
    city: str
    shipping_minor: int
    returns_policy: str
    status: str
    status_note: str
    returns_on: date | None

    @property
    def is_selling(self) -> bool:
        """Whether it takes orders now; a shop on holiday is shown and does not."""
        return self.status == ShopStatus.LIVE

    @property
    def url(self) -> str:
        """The address of the shop's page on the platform."""
        return reverse("discovery:shop", args=[self.slug])


@dataclass(frozen=True, slots=True)
class ListingDetail:
    """A listing with its variants, pictures and shop."""

    id: UUID
    title: str
    slug: str
    description: str
    brand: str
    category_id: int | None
    currency: str
    price_minor: int
    price_max_minor: int
    compare_at_minor: int | None
    rating_sum: int
    rating_count: int
    updated_at: Any
    pictures: tuple[Picture, ...]
    variants: tuple[VariantDetail, ...]
    shop: ShopSummary

    @property
    def rating_average(self) -> float | None:
        """The mean of its ratings, or None where there are none."""
        return round(self.rating_sum / self.rating_count, 1) if self.rating_count else None

    @property
    def categories(self) -> list[CategoryNode]:
        """Its category with the ancestors, root first."""
        return category_tree().path_to(self.category_id) if self.category_id is not None else []

    @property
    def is_in_stock(self) -> bool:
        """Whether any variant can be had."""
        return any(variant.available for variant in self.variants)


OWN = """l.id, l.title, l.slug, l.description, l.brand, l.category_id, l.currency, l.price_minor, l.price_max_minor,
       l.compare_at_minor, l.rating_sum, l.rating_count, l.updated_at"""
SHOP = "s.id, s.slug, s.name, s.city, s.shipping_minor, s.returns_policy, s.status, s.status_note, s.returns_on"
OWN_WIDTH = OWN.count(",") + 1

SCHEMA = """
SELECT s.schema_name FROM discovery_listing l JOIN tenants_shop s ON s.id = l.shop_id
 WHERE l.id = %(id)s AND l.is_published AND s.status = ANY(%(on_show)s)
"""
# The schema is asked for again here: the one that was remembered may be another shop's by now.
DETAIL = sql.SQL("""
SELECT {own}, {shop}, l.images,
       (SELECT jsonb_agg(jsonb_build_array(v.id, v.sku, v.options, v.price_minor, v.compare_at_minor,
                                           GREATEST(COALESCE(t.on_hand - t.reserved, 0), 0)) ORDER BY v.position, v.id)
          FROM discovery_listingvariant v LEFT JOIN {stock} t ON t.variant_id = v.id WHERE v.listing_id = l.id)
  FROM discovery_listing l JOIN tenants_shop s ON s.id = l.shop_id
 WHERE l.id = %(id)s AND s.schema_name = {schema} AND l.is_published AND s.status = ANY(%(on_show)s)
""")
SCHEMAS_REMEMBERED = 10_000


def get_listing(*, listing_id: UUID) -> ListingDetail:
    """Return a listing that buyers may look at: it is on sale, or will be again when its shop is back.

    Everything is read fresh: in one statement, once this process knows in which schema the stock is.

    Raises:
        ListingNotFoundError: there is none, its product is not on sale, or its shop is neither live nor on holiday.
        ShopOutdatedError: the shop's schema is missing, or behind what the code needs.
    """
    asked = {"id": listing_id, "on_show": list(ON_SHOW)}
    row = None
    if (known := _schemas.get(listing_id)) is not None:
        with suppress(ShopOutdatedError):
            row = _read(known, asked)
    row = row or _read(_find_schema(asked), asked)
    if row is None:
        raise ListingNotFoundError
    return _listing(row)


# Which schema a listing's product is in: it hardly ever changes, and where it did, nothing is found there.
_schemas: dict[UUID, str] = {}


def _find_schema(asked: dict[str, Any]) -> str:
    found = fetch_all(SCHEMA, asked)
    if not found:
        _schemas.pop(asked["id"], None)
        raise ListingNotFoundError
    if len(_schemas) >= SCHEMAS_REMEMBERED:
        _schemas.clear()
    schema_name: str = found[0][0]
    _schemas[asked["id"]] = schema_name
    return schema_name


def _read(schema_name: str, asked: dict[str, Any]) -> tuple[Any, ...] | None:
    try:
        found = fetch_all(_detail_of(schema_name), asked)
    except ProgrammingError as error:
        if isinstance(error.__cause__, UNREADABLE):
            raise ShopOutdatedError from error
        raise
    return found[0] if found else None


@lru_cache(maxsize=REMEMBERED)
def _detail_of(schema_name: str) -> str:
    return DETAIL.format(
        own=sql.SQL(OWN),
        shop=sql.SQL(SHOP),
        stock=qualified(schema_name, "catalogue_stocklevel"),
        schema=sql.Literal(schema_name),
    ).as_string(None)


def _listing(row: tuple[Any, ...]) -> ListingDetail:
    *facts, images, variants = row
    pictures = tuple(Picture(image["file"], image["alt"]) for image in json.loads(images))
    sold = tuple(
        VariantDetail(UUID(number), sku, options, price, was, left)
        for number, sku, options, price, was, left in json.loads(variants or "[]")
    )
    fields = [*facts[:OWN_WIDTH], pictures, sold, ShopSummary(*facts[OWN_WIDTH:])]
    return ListingDetail(*fields)
