"""Shops as buyers see them."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db.models import QuerySet
from django.urls import reverse

from catalogue.discovery.errors import ShopClosedError, ShopNotFoundError
from catalogue.discovery.models import Listing
from catalogue.discovery.selectors import versions
from catalogue.selectors.pictures import picture_url
from kit.db.sql import fetch_all
from kit.text.matching import name_matches
from tenants.errors import ShopGoneError
from tenants.errors import ShopNotFoundError as NoSuchShopError
from tenants.life.lifecycle import ON_SHOW, is_on_show
from tenants.models import Shop, ShopStatus
from tenants.shops.selectors import get_shop_by_slug, live_currencies, shops_by_id

FEATURED = 6
FEATURED_AMONG = 200

# Shops of the listings that sell best; bounded, however many listings there are.
BEST_SELLING = """
SELECT shop_id FROM (SELECT shop_id, popularity FROM discovery_listing WHERE is_visible
                      ORDER BY popularity DESC, id DESC LIMIT %s) best
 GROUP BY shop_id ORDER BY sum(popularity) DESC, count(*) DESC, shop_id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class ShopCard:
    """A shop in the form that lists show."""

    id: int
    slug: str
    name: str
    tagline: str
    city: str
    banner: str
    logo: str

    @property
    def url(self) -> str:
        """Return the address of the shop's page."""
        return reverse("discovery:shop", args=[self.slug])

    @property
    def banner_url(self) -> str:
        """Return the address of the banner."""
        return picture_url(self.banner)

    @property
    def logo_url(self) -> str:
        """Return the address of the logo."""
        return picture_url(self.logo)


@dataclass(frozen=True, slots=True)
class ShopPage:
    """A shop's public profile."""

    card: ShopCard
    description: str
    country: str
    currency: str
    shipping_minor: int
    delivery_policy: str
    returns_policy: str
    contact_email: str
    contact_phone: str
    listing_count: int
    is_selling: bool
    status_note: str
    returns_on: date | None


def get_shop_page(*, slug: str) -> ShopPage:
    """Return the public profile of a shop that sells, or will again after its holiday.

    Raises:
        ShopNotFoundError: there is none, or it has not opened yet.
        ShopClosedError: it sells no more, or not for the time being.
        ShopGoneError: it was deleted.
    """
    try:
        shop = get_shop_by_slug(slug)
    except NoSuchShopError as error:
        raise ShopNotFoundError from error
    _check_on_show(shop)
    count = versions.cached(
        version_key=versions.of_shop(shop.pk), name="listing-count", make=partial(_count_listings, shop.pk)
    )
    return page_of(shop, listing_count=count)


def page_of(shop: Shop, *, listing_count: int) -> ShopPage:
    """Return a shop's public profile, in any status."""
    return ShopPage(
        card=card_of_shop(shop),
        description=shop.description,
        country=shop.country,
        currency=shop.currency,
        shipping_minor=shop.shipping_minor,
        delivery_policy=shop.delivery_policy,
        returns_policy=shop.returns_policy,
        contact_email=shop.contact_email,
        contact_phone=shop.contact_phone,
        listing_count=listing_count,
        is_selling=shop.status == ShopStatus.LIVE,
        status_note=shop.status_note,
        returns_on=shop.returns_on,
    )


def card_of_shop(shop: Shop) -> ShopCard:
    """Return a shop in the form that lists show."""
    return ShopCard(shop.pk, shop.slug, shop.name, shop.tagline, shop.city, shop.banner, shop.logo)


def _check_on_show(shop: Shop) -> None:
    if is_on_show(shop.status):
        return
    if shop.status == ShopStatus.DRAFT:
        raise ShopNotFoundError
    if shop.status == ShopStatus.DELETED:
        raise ShopGoneError
    raise ShopClosedError


def shops_on_show(*, search: str = "", country: str = "", currency: str = "") -> "QuerySet[Shop]":
    """Return the shops that sell, or will again after their holiday.

    Args:
        search: words of the name.
    """
    shops = Shop.objects.filter(status__in=[str(status) for status in ON_SHOW])
    if search:
        shops = shops.filter(name_matches(search, "name"))
    if country:
        shops = shops.filter(country=country.upper())
    return shops.filter(currency=currency.upper()) if currency else shops


def featured_shops(*, limit: int = FEATURED) -> list[ShopCard]:
    """Return the shops that sell best among those with something to show."""
    return versions.cached(
        version_key=versions.EVERYTHING, name=f"featured-shops:{limit}", make=partial(_read_featured, limit)
    )


def currencies_on_sale() -> list[str]:
    """Return the currencies in which shops sell."""
    return versions.cached(version_key=versions.CATEGORIES, name="currencies", make=live_currencies)


def _read_featured(limit: int) -> list[ShopCard]:
    ids = [shop_id for (shop_id,) in fetch_all(BEST_SELLING, [FEATURED_AMONG, limit])]
    shops = shops_by_id(ids)
    return [card_of_shop(shops[shop_id]) for shop_id in ids]


def _count_listings(shop_id: int) -> int:
    return Listing.objects.filter(shop_id=shop_id, is_published=True).count()
