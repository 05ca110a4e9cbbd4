"""Shops as buyers see them."""

from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from psycopg import sql

from catalogue.discovery.errors import ShopNotFoundError
from catalogue.discovery.models import Listing
from catalogue.discovery.selectors import versions
from catalogue.selectors.pictures import picture_url
from kit.sql import fetch_all
from tenants.errors import ShopNotFoundError as NoSuchShopError
from tenants.selectors import facts_of, get_shop_by_slug

FEATURED = 6
FEATURED_AMONG = 200

# Shops of the listings that sell best; bounded, however many listings there are.
FEATURED_SHOPS = sql.SQL("""
SELECT s.id, s.slug, s.name, s.tagline, s.city, s.banner, s.logo
  FROM (SELECT shop_id, sum(popularity) AS sold, count(*) AS listings
          FROM (SELECT shop_id, popularity FROM discovery_listing WHERE is_visible
                 ORDER BY popularity DESC, id DESC LIMIT {among}) best
         GROUP BY shop_id) b
  JOIN tenants_shop s ON s.id = b.shop_id
 ORDER BY b.sold DESC, b.listings DESC, s.id LIMIT {limit}
""")
SELLING = sql.SQL(
    "SELECT id, slug FROM tenants_shop WHERE (slug = ANY(%s) OR id = ANY(%s)) AND status = 'live' ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class ShopCard:
    """A shop as lists show it."""

    id: int
    slug: str
    name: str
    tagline: str
    city: str
    banner: str
    logo: str

    @property
    def url(self) -> str:
        """The address of the shop's page."""
        return reverse("discovery:shop", args=[self.slug])

    @property
    def banner_url(self) -> str:
        """The address of the banner."""
        return picture_url(self.banner)

    @property
    def logo_url(self) -> str:
        """The address of the logo."""
        return picture_url(self.logo)


@dataclass(frozen=True, slots=True)
class ShopPage:
    """A shop's public profile."""

    card: ShopCard
    description: str
    country: str
    currency: str
    shipping_minor: int
    returns_policy: str
    listing_count: int


def get_shop_page(*, slug: str) -> ShopPage:
    """Return a selling shop's public profile.

    Raises:
        ShopNotFoundError: there is none, or it does not sell now.
    """
    try:
        shop = get_shop_by_slug(slug)
    except NoSuchShopError as error:
        raise ShopNotFoundError from error
    if not facts_of(shop).is_selling:
        raise ShopNotFoundError
    count = versions.cached(
        version_key=versions.of_shop(shop.pk), name="listing-count", make=partial(_count_listings, shop.pk)
    )
    return ShopPage(
        card=ShopCard(shop.pk, shop.slug, shop.name, shop.tagline, shop.city, shop.banner, shop.logo),
        description=shop.description,
        country=shop.country,
        currency=shop.currency,
        shipping_minor=shop.shipping_minor,
        returns_policy=shop.returns_policy,
        listing_count=count,
    )


def featured_shops(*, limit: int = FEATURED) -> list[ShopCard]:
    """Return the shops that sell best among those with something to show."""
    return versions.cached(
        version_key=versions.EVERYTHING, name=f"featured-shops:{limit}", make=partial(_read_featured, limit)
    )


def selling_shops(*, slugs: list[str], ids: list[int]) -> dict[int, str]:
    """Return the slugs of selling shops by id; others are left out."""
    return dict(fetch_all(SELLING, [slugs, ids])) if slugs else {}


def _read_featured(limit: int) -> list[ShopCard]:
    statement = FEATURED_SHOPS.format(among=sql.Literal(FEATURED_AMONG), limit=sql.Literal(limit))
    return [ShopCard(*row) for row in fetch_all(statement)]


def _count_listings(shop_id: int) -> int:
    return Listing.objects.filter(shop_id=shop_id, is_visible=True).count()
