"""Search: words, facets, orderings, pages, and what people mistype."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from catalogue.discovery.models import Listing, SearchWord
from catalogue.discovery.selectors import facets, found_shops, pages
from catalogue.discovery.selectors.facets import read_facets
from catalogue.discovery.selectors.found_shops import NameReader, find_shops
from catalogue.discovery.selectors.pages import find_listings
from catalogue.discovery.selectors.query import ListingQuery, Ordering
from catalogue.discovery.selectors.requests import read_query
from catalogue.discovery.selectors.search import search_listings
from catalogue.discovery.selectors.spelling import correct_spelling
from catalogue.discovery.services.popularity import record_sales
from catalogue.discovery.services.visibility import set_shop_visibility
from catalogue.discovery.services.vocabulary import refresh_vocabulary, refresh_vocabulary_if_stale
from catalogue.services.products import create_products
from kit.errors import InvalidInputError
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.factories.catalogue import TITLES, add_product, make_categories, product_input, statements, variant
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return open_shop("indigo-fabrics")


@pytest.fixture
def categories() -> dict[str, int]:
    return make_categories()


def titles(query: ListingQuery | None = None, **asked: Any) -> list[str]:
    return [card.title for card in find_listings(query or ListingQuery(**asked), size=100).cards]


@pytest.mark.parametrize(
    ("words", "finds"),
    [
        ("tote", True),
        ("TOTES", True),
        ("aso oke", True),
        ("Aṣọ-òkè", True),
        ("aso-oke tote", True),
        ("iseyin", True),
        ("bags", True),
        ("fashion", True),
        ("indigo fabrics", True),
        ("woven looms", True),
        ('"narrow looms"', True),
        ('"looms narrow"', False),
        ("tote -woven", False),
        ("tote or kettle", True),
        ("kettle", False),
        ("i:1", False),
        ("s:1", False),
        ("c:1 & s:1 | i:1", False),
        ("'", False),
        ("((", False),
        ("%s \\ :* !", False),
        ("the", False),
        ("\x00", True),
    ],
)
def test_words_find_what_they_mean(shop: Shop, categories: dict[str, int], words: str, finds: bool) -> None:
    add_product(
        shop,
        "Aṣọ-òkè tote",
        description="Woven on narrow looms.",
        brand="Iseyin Looms",
        category_id=categories["bags"],
    )
    asked = read_query({"search": words}).query
    assert titles(asked) == (["Aṣọ-òkè tote"] if finds else [])
    assert find_listings(asked).count == int(finds)


def test_facets_narrow(shop: Shop, categories: dict[str, int]) -> None:
    other = open_shop("copper-kitchen")
    add_product(shop, "Satchel", category_id=categories["leather-bags"], variants=[variant("A", 5000)])
    add_product(shop, "Lantern", category_id=categories["lighting"], variants=[variant("B", 3000, on_hand=0)])
    add_product(other, "Saucepan", category_id=categories["kitchen"], variants=[variant("C", 9000)])
    add_product(other, "Unsorted", variants=[variant("D", 1000)])
    assert set(titles(category_id=categories["fashion"])) == {"Satchel"}
    assert set(titles(category_id=categories["home"])) == {"Lantern", "Saucepan"}
    assert set(titles(category_id=categories["home"], in_stock_only=True)) == {"Saucepan"}
    assert set(titles(shop_ids=(other.pk,))) == {"Saucepan", "Unsorted"}
    assert set(titles(shop_ids=(other.pk, shop.pk))) == {"Satchel", "Lantern", "Saucepan", "Unsorted"}
    assert set(titles(min_price_minor=3000, max_price_minor=5000)) == {"Satchel", "Lantern"}
    assert set(titles(text="lantern", category_id=categories["fashion"])) == set()
    assert titles(ordering=Ordering.PRICE) == ["Unsorted", "Lantern", "Satchel", "Saucepan"]
    assert titles(ordering=Ordering.PRICE_DOWN) == ["Saucepan", "Satchel", "Lantern", "Unsorted"]


def test_better_matches_come_first(shop: Shop) -> None:
    add_product(shop, "Basket", description="Fits a kettle.", sku="A")
    add_product(shop, "Enamel kettle", sku="B")
    sold_out = add_product(shop, "Kettle", variants=[variant("C", on_hand=0)])
    assert titles(text="kettle") == ["Enamel kettle", "Kettle", "Basket"]
    record_sales(shop_id=shop.pk, units={sold_out.id: 10_000})
    assert titles(text="kettle")[0] == "Kettle"
    assert titles(ordering=Ordering.POPULAR)[0] == "Kettle"


@pytest.mark.parametrize("ordering", list(Ordering))
@pytest.mark.parametrize("size", [1, 4, 7])
def test_pages_lead_to_every_listing_once_and_back(shop: Shop, ordering: Ordering, size: int) -> None:
    chance = random.Random(size)
    for n in range(4):
        inputs = [
            product_input(f"Tote number {n}-{m}", variants=[variant(f"{n}-{m}", chance.choice([1000, 2000, 3000]))])
            for m in range(4)
        ]
        create_products(shop=shop, products=inputs, now=NOW + timedelta(minutes=n // 2))
    for listing in Listing.objects.all():
        listing.popularity = chance.choice([0, 0, 5, 9])
        listing.save()
    query = ListingQuery(text="tote", ordering=ordering)
    whole = [card.id for card in find_listings(query, size=100).cards]
    assert len(set(whole)) == 16

    forward: list[Any] = []
    cursor, page = "", find_listings(query, size=size)
    assert page.previous_cursor == ""
    while True:
        assert page.position == len(forward)
        forward += [card.id for card in page.cards]
        if not page.next_cursor:
            break
        cursor = page.next_cursor
        page = find_listings(query, cursor=cursor, size=size)
    assert forward == whole

    backward = [card.id for card in page.cards]
    while page.previous_cursor:
        page = find_listings(query, cursor=page.previous_cursor, size=size)
        assert page.next_cursor
        backward = [card.id for card in page.cards] + backward
    assert backward == whole


def test_a_listing_that_comes_and_goes_moves_no_page(shop: Shop) -> None:
    for n in range(6):
        add_product(shop, f"Tote {n}", now=NOW + timedelta(minutes=n))
    query = ListingQuery(ordering=Ordering.NEWEST)
    first = find_listings(query, size=3)
    add_product(shop, "Newer tote", now=NOW + timedelta(hours=1))
    Listing.objects.filter(id=first.cards[-1].id).delete()
    second = find_listings(query, cursor=first.next_cursor, size=3)
    assert [card.title for card in second.cards] == ["Tote 2", "Tote 1", "Tote 0"]


@pytest.mark.parametrize("cursor", ["x", "W10", "WzEsMiwzLDRd", "é", "A" * 5000, "bnVsbA", "WyJhIiwiYiIsMCwwXQ"])
@pytest.mark.parametrize("ordering", [Ordering.NEWEST, Ordering.PRICE])
def test_a_cursor_that_is_not_ours_is_refused(cursor: str, ordering: Ordering) -> None:
    with pytest.raises(InvalidInputError):
        find_listings(ListingQuery(ordering=ordering), cursor=cursor)


def test_facet_counts_say_what_is_left(shop: Shop, categories: dict[str, int]) -> None:
    other = open_shop("copper-kitchen")
    add_product(shop, "Satchel tote", category_id=categories["leather-bags"])
    add_product(shop, "Beach tote", category_id=categories["bags"], variants=[variant("A", on_hand=0)])
    add_product(other, "Tote lamp", category_id=categories["lighting"])
    add_product(other, "Pan", category_id=categories["kitchen"])

    found = read_facets(ListingQuery(text="tote"))
    assert {option.value: option.count for option in found.categories} == {"fashion": 2, "home": 1}
    assert {option.value: option.count for option in found.shops} == {"indigo-fabrics": 2, "copper-kitchen": 1}
    assert found.in_stock == 2

    inside = read_facets(ListingQuery(category_id=categories["fashion"], shop_ids=(other.pk,)))
    assert [(option.value, option.count, option.is_checked) for option in inside.categories] == [("fashion", 0, True)]
    assert {option.value: option.count for option in inside.shops} == {"indigo-fabrics": 2}
    chosen = read_facets(ListingQuery(text="tote", shop_ids=(shop.pk,)))
    assert {option.value: (option.count, option.is_checked) for option in chosen.shops} == {
        "indigo-fabrics": (2, True),
        "copper-kitchen": (1, False),
    }


def test_counts_stop_at_a_limit(shop: Shop, categories: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (pages, facets):
        monkeypatch.setattr(module, "COUNT_LIMIT", 5)
    other = open_shop("copper-kitchen")
    inputs = [product_input(f"Tote {n}", sku=f"T{n}", category_id=categories["bags"]) for n in range(9)]
    create_products(shop=shop, products=inputs, now=NOW)
    add_product(other, "Pan", category_id=categories["kitchen"])
    add_product(other, "Tote lamp", category_id=categories["lighting"])
    assert find_listings(ListingQuery()).count == 6
    found = read_facets(ListingQuery())
    assert {option.value: option.count_text for option in found.categories} == {"fashion": "5+", "home": "2"}
    assert found.in_stock == 6
    with statements() as asked:
        read_facets(ListingQuery(text="tote", category_id=categories["fashion"]))
    assert len(asked) <= 4


def test_a_hidden_shop_is_not_found(shop: Shop) -> None:
    add_product(shop, "Tote")
    set_shop_visibility(shop_id=shop.pk, is_visible=False)
    refresh_vocabulary()
    assert titles(text="tote") == titles() == []
    assert correct_spelling("toet") is None


def test_one_search_costs_the_same_for_one_and_for_many(shop: Shop) -> None:
    add_product(shop, "Tote")
    find_shops("tote")  # the names are read once and held
    with statements() as one:
        search_listings(ListingQuery(text="tote"))
    create_products(shop=shop, products=[product_input(f"Tote {n}", sku=f"T{n}") for n in range(30)], now=NOW)
    with statements() as many:
        assert len(search_listings(ListingQuery(text="totes")).page.cards) == 24
    assert len(one) == len(many) == 1
    with statements() as again:
        search_listings(ListingQuery(text="totes"))
    assert len(again) == 0


# --- What people mistype -------------------------------------------------------------------------


def typo(word: str, chance: random.Random) -> str:
    """Put one slip of the finger into a word."""
    letters = list(word)
    at = chance.randrange(len(letters) - 1)
    slips: list[Callable[[], Any]] = [
        lambda: letters.pop(at),
        lambda: letters.insert(at, chance.choice("abcdefghijklmnopqrstuvwxyz")),
        lambda: letters.__setitem__(at, chance.choice("abcdefghijklmnopqrstuvwxyz")),
        lambda: letters.__setitem__(slice(at, at + 2), [letters[at + 1], letters[at]]),
        lambda: letters.insert(at, letters[at]),
    ]
    chance.choice(slips)()
    return "".join(letters)


def test_slips_in_real_titles_still_find_them(shop: Shop) -> None:
    create_products(shop=shop, products=[product_input(title, sku=f"T{n}") for n, title in enumerate(TITLES)], now=NOW)
    refresh_vocabulary()
    chance = random.Random(7)
    missed = []
    for _ in range(300):
        title = chance.choice(TITLES)
        words = [word.strip(",") for word in title.replace("-", " ").split()]
        long = [n for n, word in enumerate(words) if len(word) > 4]
        at = chance.choice(long)
        asked = " ".join([*words[:at], typo(words[at], chance), *words[at + 1 :]])
        result = search_listings(ListingQuery(text=asked))
        if title not in [card.title for card in result.page.cards]:
            missed.append((asked, result.query.text))
    assert missed == []


def test_a_correction_is_shown_and_can_be_declined(shop: Shop) -> None:
    add_product(shop, "Rechargeable lantern")
    refresh_vocabulary()
    result = search_listings(ListingQuery(text="Rechargable lantren"))
    assert (result.asked, result.query.text) == ("Rechargable lantren", "rechargeable lantern")
    assert result.count == 1
    exact = search_listings(ListingQuery(text="Rechargable lantren"), corrects=False)
    assert (exact.asked, exact.count) == ("", 0)
    nothing = search_listings(ListingQuery(text="zzzzzz qqqqqq"))
    assert (nothing.asked, nothing.count) == ("", 0)


def test_right_words_that_a_filter_hides_are_not_corrected(shop: Shop) -> None:
    add_product(shop, "Lantern")
    add_product(shop, "Lanterns", variants=[variant("X", on_hand=0)])
    refresh_vocabulary()
    query = ListingQuery(text="lantern", max_price_minor=1)
    result = search_listings(query)
    assert (result.asked, result.count, result.query) == ("", 0, query)
    assert search_listings(replace(query, text="lantren")).asked == "lantren"


def test_the_vocabulary_follows_the_listings(shop: Shop) -> None:
    product = add_product(shop, "Àdìrẹ wrapper 2024", brand="Ọṣun")
    refresh_vocabulary()
    words = set(SearchWord.objects.values_list("word", flat=True))
    assert words == {"adire", "wrapper", "osun", "indigo", "fabrics"}
    assert correct_spelling("adier") == "adire"
    Listing.objects.filter(id=product.id).delete()
    refresh_vocabulary()
    assert not SearchWord.objects.exists()
    assert not refresh_vocabulary_if_stale()


# --- Shops by name -------------------------------------------------------------------------------


def test_a_changed_name_has_no_other_name_folded_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    folded: list[str] = []
    fold = found_shops.words_of
    monkeypatch.setattr(found_shops, "words_of", lambda slug, name: folded.append(name) or fold(slug, name))
    other = open_shop("copper-kitchen")
    Shop.objects.filter(pk=shop.pk).update(name="Grey Loom")
    reader = NameReader()
    first = reader.read()
    assert sorted(folded) == ["Copper Kitchen", "Grey Loom"]
    folded.clear()
    Shop.objects.filter(pk=shop.pk).update(name="Brass Corner")
    after = reader.read()
    assert folded == ["Brass Corner"]
    assert after.ids_by_word["brass"] == {shop.pk}
    assert after.ids_by_word["copper"] == first.ids_by_word["copper"] == {other.pk}
    assert first.ids_by_word.keys() - after.ids_by_word.keys() == {"grey", "loom"}
