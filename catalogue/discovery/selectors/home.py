"""Listings of the market's home page, and further listings of a shop."""

from dataclasses import dataclass
from uuid import UUID

from catalogue.discovery.selectors import versions
from catalogue.discovery.selectors.cards import ListingCard
from catalogue.discovery.selectors.facets import FacetOption, read_facets
from catalogue.discovery.selectors.pages import find_listings
from catalogue.discovery.selectors.query import ListingQuery, Ordering
from catalogue.discovery.selectors.shops import ShopCard, featured_shops

SHOWN = 8
MORE = 4


@dataclass(frozen=True, slots=True)
class Home:
    """Content of the home page."""

    categories: list[FacetOption]  # of the first level that have products
    popular: list[ListingCard]
    newest: list[ListingCard]
    shops: list[ShopCard]


def read_home() -> Home:
    """Return the first page."""
    return versions.cached(version_key=versions.EVERYTHING, name="home", make=_read_home)


def more_from_shop(*, shop_id: int, but: UUID) -> list[ListingCard]:
    """Return a shop's best-selling listings, without one of them."""
    query = ListingQuery(shop_ids=(shop_id,), ordering=Ordering.POPULAR)
    best = versions.cached(
        version_key=versions.of_shop(shop_id), name="best", make=lambda: find_listings(query, size=MORE + 1).cards
    )
    return [card for card in best if card.id != but][:MORE]


def _read_home() -> Home:
    return Home(
        categories=read_facets(ListingQuery()).categories,
        popular=find_listings(ListingQuery(in_stock_only=True, ordering=Ordering.POPULAR), size=SHOWN).cards,
        newest=find_listings(ListingQuery(in_stock_only=True, ordering=Ordering.NEWEST), size=SHOWN).cards,
        shops=featured_shops(),
    )
