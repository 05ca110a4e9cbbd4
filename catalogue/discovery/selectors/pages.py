"""Pages of listings in an order, found by keyset: the hundredth page costs what the first does."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from catalogue.discovery.selectors.cards import CARD_COLUMNS, CARD_WIDTH, ListingCard, card_of
from catalogue.discovery.selectors.cursors import Cursor, decode
from catalogue.discovery.selectors.query import ListingQuery, Ordering, conditions
from catalogue.discovery.selectors.words import CONFIGURATION, words_of
from kit.db.sql import fetch_all
from kit.db.statements import load_statement

PAGE_SIZE = 24
MAX_PAGE_SIZE = 100
COUNT_LIMIT = 10_000
# Of a query that more than `COUNT_LIMIT` match, this many of the most popular matches are ranked; the rest is reached
# by the other orderings.
RANKED = 300
TEXTS_REMEMBERED = 512
SORT_VALUE = CARD_WIDTH  # the column after those of a card

# Descending unless said otherwise; ties are broken by id in the same direction.
SORT_COLUMNS = {Ordering.POPULAR: "popularity", Ordering.NEWEST: "created_at"}

SORTED_PAGE = load_statement(__package__, "sorted_page")
RANKED_PAGE = load_statement(__package__, "ranked_page")
BROAD_PAGE = load_statement(__package__, "broad_page")

# Words count most, then whether it can be had, then how well it sells.
RANK = f"""(ts_rank('{{0.05, 0.3, 0.5, 1}}', l.search, to_tsquery('{CONFIGURATION}', %(ranked_by)s))
            * (1 + ln((1 + l.popularity)::float8) / 10)
            * CASE WHEN l.is_in_stock THEN 1e9::float8 ELSE 6e8::float8 END)::bigint"""


@dataclass(frozen=True, slots=True)
class ListingPage:
    """Some listings in order, the cursors of the pages beside them, and the number on all pages.

    Args:
        position: the number of listings before the page.
        count: `COUNT_LIMIT` + 1 means that or more.
    """

    cards: list[ListingCard]
    next_cursor: str
    previous_cursor: str
    position: int
    count: int


def find_listings(query: ListingQuery, *, cursor: str = "", size: int = PAGE_SIZE) -> ListingPage:
    """Return a page of the listings of a query, in one statement.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    place = decode(cursor, is_time=query.sort is Ordering.NEWEST) if cursor else None
    size = max(1, min(size, MAX_PAGE_SIZE))
    if query.sort is Ordering.RELEVANCE:
        rows = _fetch_ranked(query, place, size + 1)
    else:
        rows = _fetch(SORTED_PAGE, query, place, size + 1)
    count: int = rows[0][-1]
    rows = [row for row in rows if row[0] is not None]
    has_more = len(rows) > size
    rows = rows[:size]
    if place is not None and place.is_backward:
        rows.reverse()
    return _page(rows, place, has_more=has_more, count=count)


def _fetch_ranked(query: ListingQuery, place: Cursor | None, limit: int) -> list[tuple[Any, ...]]:
    """Ask as it was right for these words the last time, and the other way where it is not any more."""
    words = words_of(query.text).match
    was_broad = words in _broad
    rows = _fetch(BROAD_PAGE if was_broad else RANKED_PAGE, query, place, limit)
    is_broad = rows[0][-1] > COUNT_LIMIT
    if is_broad == was_broad:
        return rows
    if is_broad:
        if len(_broad) >= TEXTS_REMEMBERED:
            _broad.clear()
        _broad.add(words)
    else:
        _broad.discard(words)
    return _fetch(BROAD_PAGE if is_broad else RANKED_PAGE, query, place, limit)


# Words of which this process has seen that more listings than are counted have them: a guess at how to ask, no more.
_broad: set[str] = set()


def _fetch(template: str, query: ListingQuery, place: Cursor | None, limit: int) -> list[tuple[Any, ...]]:
    where, params = conditions(query)
    params |= {"limit": limit, "count_limit": COUNT_LIMIT + 1, "ranked": RANKED}
    if place is not None:
        params |= {"value": place.value, "id": place.id}
    goes_down = (query.sort is not Ordering.PRICE) != (place is not None and place.is_backward)
    return fetch_all(_text(template, where, query.sort, goes_down=goes_down, is_first=place is None), params)


@lru_cache(maxsize=TEXTS_REMEMBERED)
def _text(template: str, where: str, sort: Ordering, *, goes_down: bool, is_first: bool) -> str:
    column = "sort_value" if sort is Ordering.RELEVANCE else SORT_COLUMNS.get(sort, "price_minor")
    after = f"(l.{column}, l.id) {'<' if goes_down else '>'} (%(value)s, %(id)s)"
    return template.format(
        where=where,
        after="TRUE" if is_first else after,
        column=column,
        direction="DESC" if goes_down else "ASC",
        card=CARD_COLUMNS,
        rank=RANK,
    )


def _page(rows: list[tuple[Any, ...]], place: Cursor | None, *, has_more: bool, count: int) -> ListingPage:
    is_backward = place is not None and place.is_backward
    position = place.position if place is not None else 0
    if is_backward:
        position = max(0, position - len(rows))
    has_next = is_backward or has_more
    has_previous = has_more if is_backward else place is not None
    next_cursor = previous_cursor = ""
    if rows and has_next:
        next_cursor = Cursor(
            rows[-1][SORT_VALUE], rows[-1][0], is_backward=False, position=position + len(rows)
        ).encode()
    if rows and has_previous:
        previous_cursor = Cursor(rows[0][SORT_VALUE], rows[0][0], is_backward=True, position=position).encode()
    return ListingPage([card_of(row) for row in rows], next_cursor, previous_cursor, position, count)
