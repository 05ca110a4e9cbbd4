"""Words that very many listings have: the most popular of them are ranked, page by page, and the count says "more"."""

import pytest

from catalogue.discovery.selectors import pages
from catalogue.discovery.selectors.cursors import Cursor
from catalogue.discovery.selectors.pages import find_listings
from catalogue.discovery.selectors.query import ListingQuery, Ordering
from catalogue.discovery.selectors.words import words_of
from catalogue.discovery.services.popularity import record_sales
from catalogue.services.products import create_products
from tests.world.clock import NOW
from tests.world.factories.catalogue import product_input, statements
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
TOTE = ListingQuery(text="tote")


@pytest.fixture
def titles() -> list[str]:
    """Nine totes, the later ones more popular."""
    pages._broad.clear()
    shop = open_shop("indigo-fabrics")
    made = create_products(shop=shop, products=[product_input(f"Tote {n}", sku=f"T{n}") for n in range(9)], now=NOW)
    record_sales(shop_id=shop.pk, units={product.id: n for n, product in enumerate(made)})
    return [product.title for product in reversed(made)]


def leafed_through(size: int) -> list[str]:
    found: list[str] = []
    cursor = ""
    while True:
        page = find_listings(TOTE, cursor=cursor, size=size)
        found += [card.title for card in page.cards]
        cursor = page.next_cursor
        if not cursor:
            return found


def test_everything_that_matches_is_ranked(titles: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "RANKED", 2)
    with statements() as asked:
        assert find_listings(TOTE).count == 9
    assert len(asked) == 1
    assert leafed_through(4) == titles


def test_of_very_many_the_most_popular_are_ranked(titles: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "COUNT_LIMIT", 8)
    monkeypatch.setattr(pages, "RANKED", 5)
    for needed in (2, 1):
        with statements() as asked:
            page = find_listings(TOTE, size=2)
        assert (page.count, [card.title for card in page.cards], len(asked)) == (9, titles[:2], needed)
    assert leafed_through(2) == titles[:5]
    second = find_listings(TOTE, cursor=page.next_cursor, size=2)
    back = find_listings(TOTE, cursor=second.previous_cursor, size=2)
    assert [card.title for card in back.cards] == titles[:2]
    assert len(find_listings(ListingQuery(text="tote", ordering=Ordering.POPULAR)).cards) == 9


def test_words_that_fewer_have_by_now_are_ranked_in_full(titles: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "RANKED", 5)
    pages._broad.add(words_of("tote").match)
    page = find_listings(TOTE)
    assert (page.count, [card.title for card in page.cards]) == (9, titles)
    assert pages._broad == set()


def test_a_page_behind_the_last_still_counts(titles: list[str]) -> None:
    last = find_listings(TOTE, size=8)
    listings = find_listings(TOTE, cursor=last.next_cursor, size=8)
    beyond = Cursor(0, listings.cards[0].id, is_backward=False, position=9).encode()
    page = find_listings(TOTE, cursor=beyond)
    assert (page.cards, page.count, page.next_cursor) == ([], 9, "")
