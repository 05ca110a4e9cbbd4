"""Listings are found by the words that people type, under whichever locale the database has."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection
from psycopg import errors, sql
from pytest_django import DjangoDbBlocker

from catalogue.discovery.models import Listing, SearchWord
from catalogue.discovery.selectors.found_shops import find_shops
from catalogue.discovery.selectors.pages import find_listings
from catalogue.discovery.selectors.query import ListingQuery
from catalogue.discovery.selectors.search import search_listings
from catalogue.discovery.services import refolding
from catalogue.discovery.services.drift import find_drift
from catalogue.discovery.services.projection import project_products, rebuild_shop
from catalogue.discovery.services.refolding import fold_listings
from catalogue.discovery.services.versions import bump_shop_names
from catalogue.discovery.services.vocabulary import refresh_vocabulary
from catalogue.selectors.products import list_products
from kit.db.sql import execute, qualified
from tenants.models import Shop
from tenants.schemas.migrations import migrate_public
from tenants.shops.profile import update_profile
from tenants.shops.selectors import list_shops
from tests.runtime_plugin import worker_database_name
from tests.world import databases as runtime_databases
from tests.world.clock import NOW
from tests.world.factories.catalogue import add_product, make_categories, statements, variant
from tests.world.market import open_shop

TITLES = [
    "Zanzibar\u00a0mug",
    "Kano\u2014Cap",
    "“Harmattan” scarf…",
    "Kente™ cloth",
    "Ɗan Maraya record",
    "Ƙarfe bowl",
    "Straße poster",
    "Women’s T\u2011shirt",
    "O'Neill jacket",
    "Aṣọ-òkè tote",
    "The Who record",
    "IT bag",
    "Trick or Treat sack",
    "Soft\u00adhyphen basket",
    "Zero\u200bwidth lamp",
    "ÀDÌRẸ WRAPPER",
    "İznik tile",
    "كتاب الطبخ",
    "Ĳssel ﬁne print",
    "500ml flask",
]
FINDS = {
    "zanzibar": [0],
    "mug": [0],
    "zanzibar mug": [0],
    "kano cap": [1],
    "cap": [1],
    "harmattan": [2],
    "scarf": [2],
    "kente": [3],
    "dan maraya": [4],
    "Ɗan Maraya": [4],
    "ɗan": [4],
    "karfe": [5],
    "strasse": [6],
    "Straße": [6],
    "STRASSE": [6],
    "womens": [7],
    "women's": [7],
    "women": [7],
    "t-shirt": [7],
    "tshirt": [7],
    "t shirt": [7],
    "oneill": [8],
    "o'neill": [8],
    "O’Neill": [8],
    "neill": [8],
    "aso oke": [9],
    "asooke": [9],
    "aso-oke": [9],
    "the who": [10],
    "who": [10],
    '"the who"': [10],
    "IT": [11],
    "it bag": [11],
    "trick or treat": [12],
    "softhyphen": [13],
    "soft": [13],
    "zerowidth": [14],
    "width": [14],
    "adire": [15],
    "wrappers": [15],
    "iznik": [16],
    "İZNİK": [16],
    "كتاب": [17],
    "fine": [18],
    "ijssel": [18],
    "500ml": [19],
    "a mug for the kitchen": [],
    "a mug with the name of zanzibar": [],
    "mug from zanzibar": [0],
}
EXPECTED = {words: [TITLES[place] for place in places] for words, places in FINDS.items()}


def found(words: str) -> list[str]:
    return [card.title for card in find_listings(ListingQuery(text=words), size=100).cards]


def put_titles_on_sale() -> None:
    """Sell products of the titles, written as earlier releases and restored archives have them."""
    shop = open_shop("adun")
    table = qualified(shop.schema_name, "catalogue_product")
    for number, title in enumerate(TITLES):
        product = add_product(shop, "Product", sku=f"X{number}")
        execute(sql.SQL("UPDATE {} SET title = %s WHERE id = %s").format(table), [title, product.pk])
    rebuild_shop(shop_id=shop.pk)


LISTED = FINDS | {
    "wrappers": [],  # a list has no stems
    "mug from zanzibar": [],
}


def listed(words: str) -> list[str]:
    """Return the results of the vendor's list of products."""
    page = list_products(shop=Shop.objects.get(slug="adun"), search=words, limit=100)
    return [product.title for product in reversed(page.products)]


LOCALES = {
    "libc C": "LOCALE_PROVIDER libc LOCALE 'C'",
    "libc C.utf8": "LOCALE_PROVIDER libc LOCALE 'C.utf8'",
    "builtin C": "LOCALE_PROVIDER builtin LOCALE 'C'",
    "icu": "LOCALE_PROVIDER icu ICU_LOCALE 'und' LOCALE 'C.utf8'",
}


@pytest.fixture
def other_locale(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """A migrated database of another locale."""
    # A name of its own for each: shops' roles are named after their database, which a process takes for lasting.
    name = f"{worker_database_name()}_locale_{sorted(LOCALES).index(request.param)}"
    options = sql.SQL(LOCALES[request.param])
    with django_db_blocker.unblock(), runtime_databases.server() as plain:
        runtime_databases.drop(plain, name)
        create = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' {}")
        try:
            plain.execute(create.format(sql.Identifier(name), options))
        except (errors.FeatureNotSupported, errors.WrongObjectType) as error:
            pytest.skip(f"This server has no such locale: {error}")
        runtime_databases.point_django_at(name)
        try:
            migrate_public()
            yield request.param
        finally:
            runtime_databases.point_django_at(worker_database_name())
            runtime_databases.drop(plain, name)


@pytest.mark.parametrize("other_locale", LOCALES, indirect=True)
def test_every_locale_finds_the_same(other_locale: str) -> None:
    put_titles_on_sale()
    refresh_vocabulary()
    assert {words: found(words) for words in FINDS} == EXPECTED
    assert {words: listed(words) for words in LISTED} == {
        words: [TITLES[place] for place in places] for words, places in LISTED.items()
    }
    Shop.objects.filter(slug="adun").update(name="ƘANO Caps’n\u00a0Hats")
    for words in ("kano", "capsn hats", "caps’n", "hats Ƙano"):
        assert [shop.slug for shop in list_shops(search=words)] == ["adun"], words
    assert list(list_shops(search="kano shoes")) == []
    assert search_listings(ListingQuery(text="zanzibra")).query.text == "zanzibar"
    assert {"zanzibar", "harmattan", "karfe", "strasse", "dan"} <= set(
        SearchWord.objects.values_list("word", flat=True)
    )


pytest_db = pytest.mark.django_db


@pytest_db
def test_words_find_titles_beside_marks_and_in_other_letters_and_every_title_itself() -> None:
    put_titles_on_sale()
    assert {words: found(words) for words in FINDS} == EXPECTED
    assert [title for title in TITLES if title not in found(title)] == []


@pytest_db
def test_skus_options_brands_and_categories_are_found() -> None:
    shop = open_shop("indigo-fabrics")
    variants = [
        variant("KNT-001/B", options={"Colour": "Wine red", "Size": "42"}),
        variant("KNT-002", options={"Colour": "Olive", "Size": "44"}),
    ]
    product = add_product(shop, "Tote", brand="Iseyin Looms", category_id=make_categories()["bags"], variants=variants)
    for words in ("KNT-001", "knt001", "knt 001", "KNT-001/B", "wine", "olive tote", "42", "iseyin", "bags", "indigo"):
        assert found(words) == ["Tote"], words
    assert found("KNT-003") == found("maroon") == []
    assert find_drift(shop_id=shop.pk) == []
    assert product.title == "Tote"


@pytest_db
def test_words_of_nothing_but_marks_find_nothing_in_a_shop_too() -> None:
    shop = open_shop("indigo-fabrics")
    add_product(shop, "Tote")
    assert find_listings(ListingQuery(text="…", shop_ids=(shop.pk,))).count == 0
    assert search_listings(ListingQuery(text="™ – …")).count == 0


@pytest_db
def test_what_has_the_little_words_too_comes_first() -> None:
    shop = open_shop("indigo-fabrics")
    add_product(shop, "Who wants a mug", sku="A")
    add_product(shop, "The Who mug", sku="B")
    assert found("the who") == ["The Who mug", "Who wants a mug"]


@pytest_db
def test_shops_are_found_by_name(django_capture_on_commit_callbacks: object) -> None:
    shop = open_shop("kano-caps")
    open_shop("kano-leather-works")
    update_profile(shop_id=shop.pk, actor_id=None, now=NOW, name="Ƙano Caps’n Hats")
    bump_shop_names()
    assert [card.slug for card in find_shops("kano")] == ["kano-caps", "kano-leather-works"]
    assert [card.slug for card in find_shops("the kano capsn")] == ["kano-caps"]
    assert find_shops("indigo") == find_shops("") == find_shops("-kano") == []
    result = search_listings(ListingQuery(text="kano caps"))
    assert ([card.name for card in result.shops], result.asked, result.count) == (["Ƙano Caps’n Hats"], "", 0)
    assert search_listings(ListingQuery(text="kano", shop_ids=(shop.pk,))).shops == []


@pytest_db
def test_listings_of_an_earlier_release_are_written_anew_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    shops = [open_shop("indigo-fabrics"), open_shop("copper")]
    for shop in shops:
        for title in ("Ɗan Maraya", "The Who", "Kettle"):
            add_product(shop, title)
    right = list(Listing.objects.order_by("id").values_list("id", "search"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE discovery_listing SET search = to_tsvector('english', title) WHERE title <> 'Kettle'")
    assert found("dan maraya") == found("the who") == []
    monkeypatch.setattr("catalogue.discovery.services.refolding.AT_ONCE", 3)
    assert fold_listings() == 4
    assert list(Listing.objects.order_by("id").values_list("id", "search")) == right
    with statements() as asked:
        assert fold_listings() == 0
    assert len(asked) == 1
    assert all(find_drift(shop_id=shop.pk) == [] for shop in shops)


@pytest_db
def test_a_shop_whose_listings_fail_keeps_no_other_shop_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, sound = open_shop("broken"), open_shop("sound")
    for shop in (broken, sound):
        add_product(shop, "Ɗan Maraya")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE discovery_listing SET search = to_tsvector('english', title)")

    def fail_for_one(*, shop_id: int, product_ids: list[UUID]) -> None:
        if shop_id == broken.pk:
            raise RuntimeError
        project_products(shop_id=shop_id, product_ids=product_ids)

    monkeypatch.setattr(refolding, "project_products", fail_for_one)
    assert fold_listings() == 2
    assert Listing.objects.extra(where=["search @@ '''f:2'''::tsquery"]).get().shop_id == sound.pk
