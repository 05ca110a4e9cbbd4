"""Search: a page of listings, how many there are, and what was probably meant."""

from dataclasses import dataclass

from catalogue.discovery.selectors import versions
from catalogue.discovery.selectors.found_shops import find_shops
from catalogue.discovery.selectors.pages import COUNT_LIMIT, PAGE_SIZE, ListingPage, find_listings
from catalogue.discovery.selectors.query import ListingQuery
from catalogue.discovery.selectors.shops import ShopCard
from catalogue.discovery.selectors.spelling import correct_spelling


@dataclass(frozen=True, slots=True)
class SearchResult:
    """An answer to a query.

    Args:
        query: the query that was answered; its text is the corrected one where a correction was made.
        asked: the words as they were typed, where other words were searched for; else empty.
        count: how many there are, at most `COUNT_LIMIT`.
        is_count_exact: False where there are more than `count`.
        shops: those whose names have the words; on the first page of a search across shops.
    """

    query: ListingQuery
    asked: str
    page: ListingPage
    count: int
    is_count_exact: bool
    shops: list[ShopCard]


def search_listings(
    query: ListingQuery, *, cursor: str = "", size: int = PAGE_SIZE, corrects: bool = True
) -> SearchResult:
    """Answer a query as `answer_query` does; answers are remembered until something changes.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    name = f"search:{query!r}:{cursor}:{size}:{corrects}"
    return versions.cached(
        version_key=versions.EVERYTHING,
        name=name,
        make=lambda: answer_query(query, cursor=cursor, size=size, corrects=corrects),
    )


def answer_query(
    query: ListingQuery, *, cursor: str = "", size: int = PAGE_SIZE, corrects: bool = True
) -> SearchResult:
    """Answer a query; where its words find nothing, answer the likeliest correction of them instead.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    asked = ""
    page = find_listings(query, cursor=cursor, size=size)
    shops = find_shops(query.text) if not query.shop_ids and not cursor else []
    if not page.count and not shops and query.text and corrects:
        meant = correct_spelling(query.text)
        if meant is not None:
            asked, query = query.text, query.with_text(meant)
            page = find_listings(query, cursor=cursor, size=size)
            shops = find_shops(meant) if not query.shop_ids and not cursor else []
    return SearchResult(
        query=query,
        asked=asked,
        page=page,
        count=min(page.count, COUNT_LIMIT),
        is_count_exact=page.count <= COUNT_LIMIT,
        shops=shops,
    )
