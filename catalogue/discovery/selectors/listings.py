"""One listing with everything its page shows, read fresh: what can be had of it is the shop's own stock."""

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
from catalogue.discovery.models import Listing
from catalogue.discovery.selectors.categories import CategoryNode, category_tree
from catalogue.selectors.pictures import picture_url, small_picture_url
from catalogue.tax_classes import TaxClass
from kit.db.pipeline import Query, Rows, ask_all
from kit.db.sql import REMEMBERED, UNREADABLE, qualified
from kit.text.pairs import as_mapping
from tenants.errors import ShopOutdatedError
from tenants.life.lifecycle import ON_SHOW
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
    weight_g: int = 0

    @property
    def label(self) -> str:
        """Return the options for display, such as `Indigo / Large`; the SKU where there are none."""
        return " / ".join(self.options.values()) or self.sku


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a product."""

    file: str
    alt: str

    @property
    def url(self) -> str:
        """Return the address of the large form."""
        return picture_url(self.file)

    @property
    def small_url(self) -> str:
        """Return the address of the small form."""
        return small_picture_url(self.file)


@dataclass(frozen=True, slots=True)
class ShopSummary:
    """Facts of a shop on its products' pages."""

    id: int
    slug: str
    name: str
    city: str
    shipping_minor: int
    returns_policy: str
    status: str
    status_note: str
    returns_on: date | None
    terms_version: int

    @property
    def is_selling(self) -> bool:
        """Return whether it takes orders now; a shop on holiday is shown and does not."""
        return self.status == ShopStatus.LIVE

    @property
    def url(self) -> str:
        """Return the address of the shop's page on the platform."""
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
    tax_class: str = TaxClass.STANDARD

    @property
    def rating_average(self) -> float | None:
        """Return the mean of its ratings, or None where there are none."""
        return round(self.rating_sum / self.rating_count, 1) if self.rating_count else None

    @property
    def categories(self) -> list[CategoryNode]:
        """Return the category with its ancestors, root first."""
        return category_tree().path_to(self.category_id) if self.category_id is not None else []

    @property
    def is_in_stock(self) -> bool:
        """Return whether any variant can be had."""
        return any(variant.available for variant in self.variants)


OWN = """l.id, l.title, l.slug, l.description, l.brand, l.category_id, l.currency, l.price_minor, l.price_max_minor,
       l.compare_at_minor, l.rating_sum, l.rating_count, l.updated_at"""
SHOP = """s.id, s.slug, s.name, s.city, s.shipping_minor, s.returns_policy, s.status, s.status_note, s.returns_on,
       s.terms_version"""
OWN_WIDTH = OWN.count(",") + 1

# JSON, not JSONB: Django has psycopg hand the latter over as text.
LISTING = (
    sql.SQL("""
SELECT {own}, {shop}, s.schema_name, l.images::json,
       (SELECT json_agg(json_build_array(v.id, v.sku, v.options, v.price_minor, v.compare_at_minor)
                        ORDER BY v.position, v.id)
          FROM public.discovery_listingvariant v WHERE v.listing_id = l.id)
  FROM public.discovery_listing l JOIN public.tenants_shop s ON s.id = l.shop_id
 WHERE l.id = $1 AND l.is_published AND s.status = ANY({on_show})
""")
    .format(own=sql.SQL(OWN), shop=sql.SQL(SHOP), on_show=sql.Literal([str(status) for status in sorted(ON_SHOW)]))
    .as_string(None)
)
STOCK = sql.SQL("""
SELECT t.variant_id, t.on_hand - t.reserved, p.tax_class, coalesce(v.weight_g, 0)
  FROM {variant} v JOIN {stock} t ON t.variant_id = v.id JOIN {product} p ON p.id = v.product_id
 WHERE v.product_id = $1
""")
SCHEMAS_REMEMBERED = 10_000


def get_listing(*, listing_id: UUID) -> ListingDetail:
    """Return a listing that buyers may look at: it is on sale, or will be again when its shop is back.

    Everything is read fresh: in one round trip, once this process knows in which schema the stock is.

    Raises:
        ListingNotFoundError: there is none, its product is not on sale, or its shop is neither live nor on holiday.
        ShopOutdatedError: the shop's schema is missing, or behind what the code needs.
    """
    asked = Query(LISTING, [listing_id], _first)
    known, stock, row = _schemas.get(listing_id), None, None
    if known is not None:
        with suppress(ShopOutdatedError):
            row, stock = _ask(asked, _stock_query(known, listing_id))
    if row is None:
        (row,) = _ask(asked)
    if row is None:
        _schemas.pop(listing_id, None)
        raise ListingNotFoundError
    *facts, schema_name, images, variants = row
    if stock is None or schema_name != known:
        (stock,) = _ask(_stock_query(schema_name, listing_id))
        _remember(listing_id, schema_name)
    return _listing(facts, images, variants or [], stock)


def get_listing_by_slug(*, shop_slug: str, slug: str) -> ListingDetail:
    """Return a shop's listing by its slug; of several with the same title, the one that was put up first.

    Raises:
        ListingNotFoundError: the shop has none that buyers may look at.
    """
    named = Listing.objects.filter(shop__slug=shop_slug, slug=slug, is_published=True)
    listing_id = named.order_by("id").values_list("id", flat=True).first()
    if listing_id is None:
        raise ListingNotFoundError
    return get_listing(listing_id=listing_id)


# Which schema a listing's product is in: it hardly ever changes, and the listing's own row says so where it has.
_schemas: dict[UUID, str] = {}


def _remember(listing_id: UUID, schema_name: str) -> None:
    if len(_schemas) >= SCHEMAS_REMEMBERED:
        _schemas.clear()
    _schemas[listing_id] = schema_name


def _ask(*queries: Query[Any]) -> list[Any]:
    try:
        return ask_all(queries)
    except ProgrammingError as error:
        if isinstance(error.__cause__, UNREADABLE):
            raise ShopOutdatedError from error
        raise


def _first(rows: Rows) -> tuple[Any, ...] | None:
    return rows[0] if rows else None


def _stock_query(schema_name: str, listing_id: UUID) -> Query[Rows]:
    return Query(_stock_text(schema_name), [listing_id], list)


@lru_cache(maxsize=REMEMBERED)
def _stock_text(schema_name: str) -> str:
    statement = STOCK.format(
        variant=qualified(schema_name, "catalogue_variant"),
        stock=qualified(schema_name, "catalogue_stocklevel"),
        product=qualified(schema_name, "catalogue_product"),
    )
    return statement.as_string(None)


def _listing(facts: list[Any], images: list[Any], variants: list[Any], stock: Rows) -> ListingDetail:
    available, weights = {row[0]: row[1] for row in stock}, {row[0]: row[3] for row in stock}
    pictures = tuple(Picture(image["file"], image["alt"]) for image in images)
    sold = tuple(
        VariantDetail(key, sku, as_mapping(options), price, was, max(0, available.get(key, 0)), weights.get(key, 0))
        for number, sku, options, price, was in variants
        for key in [UUID(number)]
    )
    tax_class = stock[0][2] if stock else TaxClass.STANDARD
    fields = [*facts[:OWN_WIDTH], pictures, sold, ShopSummary(*facts[OWN_WIDTH:]), tax_class]
    return ListingDetail(*fields)
