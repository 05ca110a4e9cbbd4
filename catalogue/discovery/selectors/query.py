"""A buyer's query of the listings, and its conditions in SQL."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.conf import settings
from psycopg import sql

from catalogue.discovery.selectors.words import CONFIGURATION, words_of

MAX_TEXT = 160


class Ordering(StrEnum):
    """Order of listings."""

    RELEVANCE = "relevance"
    POPULAR = "popular"
    NEWEST = "newest"
    PRICE = "price"
    PRICE_DOWN = "-price"


BY_PRICE = frozenset({Ordering.PRICE, Ordering.PRICE_DOWN})


@dataclass(frozen=True, slots=True)
class ListingQuery:
    """Filter and order of the listings that a buyer asks for."""

    text: str = ""
    category_id: int | None = None
    shop_ids: tuple[int, ...] = ()
    min_price_minor: int | None = None
    max_price_minor: int | None = None
    currency: str = ""  # of the prices above, and of those that are put in order; empty: the market's
    in_stock_only: bool = False
    ordering: Ordering = Ordering.RELEVANCE
    shows_paused: bool = False  # within named shops: those on holiday, too

    @property
    def sort(self) -> Ordering:
        """Return the ordering that is applied: without words there is no relevance."""
        if self.ordering is Ordering.RELEVANCE and not self.text:
            return Ordering.POPULAR
        return self.ordering

    @property
    def compares_prices(self) -> bool:
        """Return whether prices are compared, which those of one currency can be alone."""
        has_bounds = self.min_price_minor is not None or self.max_price_minor is not None
        return has_bounds or self.ordering in BY_PRICE

    @property
    def price_currency(self) -> str:
        """Return the currency in which prices are compared."""
        return self.currency or settings.PLATFORM_CURRENCY

    def with_text(self, text: str) -> "ListingQuery":
        """Return the same query for other words."""
        return replace(self, text=text)

    def facets(self) -> Iterator[str]:
        """Yield the facets as terms of a tsquery; ids are integers, so nothing needs quoting."""
        if self.category_id is not None:
            yield f"'c:{int(self.category_id)}'"
        if self.shop_ids:
            yield "(" + " | ".join(f"'s:{int(shop_id)}'" for shop_id in self.shop_ids) + ")"
        if self.in_stock_only:
            yield "'i:1'"


# The words as a tsquery, written inline: the planner then knows how rare they are.
WORDS = f"to_tsquery('{CONFIGURATION}', %(words)s)"


def conditions(query: ListingQuery, *, extra_facet: str = "") -> tuple[str, dict[str, Any]]:
    """Return the WHERE of a query over `discovery_listing l`, and its parameters.

    The text depends only on the kinds of conditions, so statements made with it can be cached.

    Args:
        query: the buyer's query.
        extra_facet: one more term, such as `'c:12'`, to count what a filter would leave; it becomes part of the text.
    """
    params: dict[str, Any] = {}
    parts = ["l.is_visible"]
    if query.shows_paused and query.shop_ids:
        params["shops"] = list(query.shop_ids)
        parts = ["l.is_published AND l.shop_id = ANY(%(shops)s)"]
    matches = []
    if query.text:
        asked = words_of(query.text)
        params |= {"words": asked.match, "ranked_by": asked.rank}
        if asked.match:
            matches.append(WORDS)
        else:
            parts.append("FALSE")
    if facets := " & ".join(query.facets()):
        params["facets"] = facets
        matches.append("%(facets)s::tsquery")
    if extra_facet:
        matches.append(sql.Literal(extra_facet).as_string(None) + "::tsquery")
    if matches:
        parts.append(f"l.search @@ ({' && '.join(matches)})")
    for condition, name, value in _price_conditions(query):
        params[name] = value
        parts.append(condition)
    return " AND ".join(parts), params


def _price_conditions(query: ListingQuery) -> Iterator[tuple[str, str, Any]]:
    """Yield the conditions on prices; prices are compared within one currency only."""
    if query.compares_prices:
        yield "l.currency = %(currency)s", "currency", query.price_currency
    if query.min_price_minor is not None:
        yield "l.price_minor >= %(min_price)s", "min_price", query.min_price_minor
    if query.max_price_minor is not None:
        yield "l.price_minor <= %(max_price)s", "max_price", query.max_price_minor
