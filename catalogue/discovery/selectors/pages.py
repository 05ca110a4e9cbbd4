"""Pages of listings in an order, found by keyset: the hundredth page costs what the first does."""

from dataclasses import dataclass
from typing import Any

from psycopg import sql

from catalogue.discovery.selectors.cards import CARD_COLUMNS, ListingCard, card_of
from catalogue.discovery.selectors.cursors import Cursor, decode
from catalogue.discovery.selectors.query import ListingQuery, Ordering, conditions, words_query
from kit.sql import fetch_all

PAGE_SIZE = 24
MAX_PAGE_SIZE = 100
COUNT_LIMIT = 10_000
# A broad query ranks this many of the most popular matches; the rest is reached by the other orderings.
RANKED = 1_000

# Descending unless said otherwise; ties are broken by id in the same direction.
SORT_COLUMNS = {Ordering.POPULAR: "popularity", Ordering.NEWEST: "created_at"}

SORTED = sql.SQL("""
WITH page AS MATERIALIZED (
    SELECT l.id, l.{column} AS sort_value FROM discovery_listing l
     WHERE {conditions} AND {after} ORDER BY l.{column} {direction}, l.id {direction} LIMIT %(limit)s
)
SELECT {card}, page.sort_value
  FROM page JOIN discovery_listing l ON l.id = page.id JOIN tenants_shop s ON s.id = l.shop_id
 ORDER BY page.sort_value {direction}, l.id {direction}
""")

# Words count most, then whether it can be had, then how well it sells.
RANKED_PAGE = sql.SQL("""
WITH slice AS MATERIALIZED (
    SELECT l.id, l.search, l.popularity, l.is_in_stock FROM discovery_listing l
     WHERE {conditions} ORDER BY l.popularity DESC, l.id DESC LIMIT {ranked}
), scored AS MATERIALIZED (
    SELECT l.id, (ts_rank('{{0.05, 0.3, 0.5, 1}}', l.search, {words}) * (1 + ln(1 + l.popularity) / 10)
                  * CASE WHEN l.is_in_stock THEN 1 ELSE 0.6 END * 1e9)::bigint AS sort_value
      FROM slice l
), page AS MATERIALIZED (
    SELECT l.id, l.sort_value FROM scored l
     WHERE {after} ORDER BY l.sort_value {direction}, l.id {direction} LIMIT %(limit)s
)
SELECT {card}, page.sort_value
  FROM page JOIN discovery_listing l ON l.id = page.id JOIN tenants_shop s ON s.id = l.shop_id
 ORDER BY page.sort_value {direction}, l.id {direction}
""")

COUNT = sql.SQL("SELECT count(*) FROM (SELECT FROM discovery_listing l WHERE {conditions} LIMIT {limit}) counted")


@dataclass(frozen=True, slots=True)
class ListingPage:
    """Some listings in order, and the cursors of the pages beside them."""

    cards: list[ListingCard]
    next_cursor: str
    previous_cursor: str
    position: int


def count_listings(query: ListingQuery) -> int:
    """Count the listings of a query; one more than `COUNT_LIMIT` stands for any larger number."""
    where, params = conditions(query)
    statement = COUNT.format(conditions=where, limit=sql.Literal(COUNT_LIMIT + 1))
    return int(fetch_all(statement, params)[0][0])


def find_listings(query: ListingQuery, *, cursor: str = "", size: int = PAGE_SIZE) -> ListingPage:
    """Return a page of the listings of a query, in one statement.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    place = decode(cursor, is_time=query.sort is Ordering.NEWEST) if cursor else None
    size = max(1, min(size, MAX_PAGE_SIZE))
    rows = _fetch(query, place, size + 1)
    has_more = len(rows) > size
    rows = rows[:size]
    if place is not None and place.is_backward:
        rows.reverse()
    return _page(rows, place, has_more=has_more)


def _fetch(query: ListingQuery, place: Cursor | None, limit: int) -> list[tuple[Any, ...]]:
    where, params = conditions(query)
    params["limit"] = limit
    goes_down = (query.sort is not Ordering.PRICE) != (place is not None and place.is_backward)
    is_ranked = query.sort is Ordering.RELEVANCE
    column = sql.Identifier("sort_value" if is_ranked else SORT_COLUMNS.get(query.sort, "price_minor"))
    after: sql.Composable = sql.SQL("TRUE")
    if place is not None:
        params |= {"value": place.value, "id": place.id}
        after = sql.SQL("(l.{}, l.id) {} (%(value)s, %(id)s)").format(column, sql.SQL("<" if goes_down else ">"))
    statement = (RANKED_PAGE if is_ranked else SORTED).format(
        conditions=where,
        after=after,
        column=column,
        direction=sql.SQL("DESC" if goes_down else "ASC"),
        card=CARD_COLUMNS,
        ranked=sql.Literal(RANKED),
        words=words_query(),
    )
    return fetch_all(statement, params)


def _page(rows: list[tuple[Any, ...]], place: Cursor | None, *, has_more: bool) -> ListingPage:
    is_backward = place is not None and place.is_backward
    position = place.position if place is not None else 0
    if is_backward:
        position = max(0, position - len(rows))
    has_next = is_backward or has_more
    has_previous = has_more if is_backward else place is not None
    next_cursor = previous_cursor = ""
    if rows and has_next:
        next_cursor = Cursor(rows[-1][-1], rows[-1][0], is_backward=False, position=position + len(rows)).encode()
    if rows and has_previous:
        previous_cursor = Cursor(rows[0][-1], rows[0][0], is_backward=True, position=position).encode()
    return ListingPage([card_of(row) for row in rows], next_cursor, previous_cursor, position)
