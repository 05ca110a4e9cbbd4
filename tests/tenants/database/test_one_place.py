"""A statement names tables of `public` or of one shop, and the check that says so catches what does not."""

from __future__ import annotations

import pytest
from django.db import connection
from django_tenants.utils import schema_context

from catalogue.models import Product
from kit.db.pipeline import Query, ask
from kit.db.sql import execute, fetch_all
from tenants.models import Shop
from tests.world import one_place
from tests.world.market import open_shop

INDIGO, COPPER = "shop_indigo", "shop_copper"
PUBLIC = "public"
PRODUCT = f"{INDIGO}.catalogue_product"
THEIRS = f"{COPPER}.catalogue_product"
LISTED = "discovery_listing"

ONE_PLACE = [
    (f"SELECT FROM {PRODUCT} p JOIN {INDIGO}.catalogue_variant v ON v.product_id = p.id", INDIGO, {INDIGO}),
    (
        "SELECT FROM catalogue_product p JOIN catalogue_variant v ON v.product_id = p.id WHERE p.id = %s",
        INDIGO,
        {INDIGO},
    ),
    (f"SELECT FROM {LISTED} l JOIN public.tenants_shop s ON s.id = l.shop_id WHERE s.id = $1", INDIGO, {PUBLIC}),
    ("WITH p AS (SELECT 1 AS id) SELECT FROM p JOIN pg_class c ON c.oid = p.id", INDIGO, set()),
    (f"WITH a AS (UPDATE {LISTED} SET title = '' RETURNING id) DELETE FROM discovery_listingvariant", PUBLIC, {PUBLIC}),
    ("SELECT title FROM discovery_listing WHERE title LIKE 'x%%' LIMIT %(limit)s", PUBLIC, {PUBLIC}),
    ("CREATE TABLE shop_indigo.t (id int); CREATE INDEX ON public.tenants_shop (id)", PUBLIC, set()),
    ("CREATE TEMPORARY TABLE catalogue_product AS SELECT id FROM public.tenants_shop", INDIGO, {PUBLIC}),
    (f"SELECT 1 FROM {PRODUCT}; SELECT 1 FROM public.tenants_shop", PUBLIC, {INDIGO}),
    ("SELECT 'catalogue_product'::regclass, id FROM public.tenants_shop", INDIGO, {PUBLIC}),
    ("SELECT 1 FROM pg_temp.ids JOIN pg_catalog.pg_class ON true JOIN ids ON true", INDIGO, set()),
    (f"DO $$ BEGIN DELETE FROM {PRODUCT}; IF true THEN DELETE FROM {LISTED}; END IF; END $$", PUBLIC, {INDIGO}),
]
TWO_PLACES = {
    "a join": f"SELECT FROM {PRODUCT} p JOIN public.{LISTED} l ON l.id = p.id",
    "a join by the search path": f"SELECT FROM catalogue_product p JOIN {LISTED} l ON l.id = p.id",
    "two shops": f"SELECT id FROM {PRODUCT} UNION ALL SELECT id FROM {THEIRS}",
    "a subquery": f"SELECT (SELECT count(*) FROM {THEIRS}) FROM {PRODUCT}",
    "a delete with not exists elsewhere": f"""
        DELETE FROM {LISTED} l WHERE NOT EXISTS (SELECT FROM {PRODUCT} p WHERE p.id = l.id)""",
    "an update from elsewhere": f"UPDATE {PRODUCT} p SET title = l.title FROM {LISTED} l WHERE l.id = p.id",
    "an insert from elsewhere": f"INSERT INTO {THEIRS} SELECT * FROM {PRODUCT}",
    "expressions that write two places": f"""
        WITH a AS (UPDATE {PRODUCT} SET title = '' RETURNING id) DELETE FROM {LISTED}""",
    "a recursive expression beside a shop": f"""
        WITH RECURSIVE up AS (SELECT id, parent_id FROM discovery_category UNION
                              SELECT c.id, c.parent_id FROM up JOIN discovery_category c ON c.id = up.parent_id)
        SELECT FROM up JOIN {PRODUCT} p ON p.category_id = up.id""",
    "a statement after a setting": f"SET LOCAL a.b = 'c;d'; SELECT 1 FROM {PRODUCT} JOIN {LISTED} ON true WHERE 1 = %s",
    "a setting after a statement": f"SELECT 1 FROM {PRODUCT} JOIN {LISTED} ON true; SET LOCAL a.b = '1'",
    "a temporary table of a query": f"CREATE TEMP TABLE t AS SELECT p.id FROM {PRODUCT} p JOIN {LISTED} ON true",
    "a table of a query": f"CREATE TABLE {INDIGO}.t (id) AS (SELECT id FROM {LISTED})",
    "a block": f"DO $$ BEGIN IF EXISTS (SELECT) THEN DELETE FROM {PRODUCT} USING {LISTED}; END IF; END $$",
    "a table that no model has": f"SELECT 1 FROM {INDIGO}.of_no_model JOIN {LISTED} ON true",
    "a table named like the catalogue's": f"SELECT 1 FROM {INDIGO}.pg_own JOIN {LISTED} ON true",
    "an explanation": f"EXPLAIN SELECT 1 FROM {PRODUCT} JOIN {LISTED} ON true",
    "a lock": f"LOCK TABLE {PRODUCT}, {LISTED}",
}


@pytest.mark.parametrize(("text", "active", "places"), ONE_PLACE)
def test_tables_are_told_apart_by_their_place(text: str, active: str, places: set[str]) -> None:
    assert one_place.places_of(text, active_schema=active) == places


@pytest.mark.parametrize("text", TWO_PLACES.values(), ids=TWO_PLACES)
def test_two_places_are_told_apart(text: str) -> None:
    assert len(one_place.places_of(text, active_schema=INDIGO)) == 2


@pytest.mark.parametrize(
    "text",
    ["SELECT FROM WHERE", "SET a.b = 1; SELECT FROM WHERE", f"WITH {LISTED} AS (SELECT 1) SELECT * FROM {LISTED}"],
)
def test_what_cannot_be_judged_is_a_fault(text: str) -> None:
    assert one_place.problem_of(text)


@pytest.fixture
def shop(db: None) -> Shop:
    open_shop("copper")
    return open_shop("indigo")


@pytest.mark.parametrize("way", ["execute", "fetch_all", "ask", "cursor in the shop"])
def test_a_statement_of_the_product_with_two_places_is_caught(way: str, shop: Shop) -> None:
    join = f"SELECT 1 FROM catalogue_product p JOIN public.{LISTED} l ON l.id = p.id"
    send = {
        "execute": lambda: execute(TWO_PLACES["a delete with not exists elsewhere"]),
        "fetch_all": lambda: fetch_all(TWO_PLACES["a join"]),
        "ask": lambda: ask(Query(TWO_PLACES["two shops"], (), list)),
        "cursor in the shop": lambda: connection.cursor().execute(join),
    }[way]
    with one_place.offences(as_product=True) as found, schema_context(shop.schema_name):
        send()
    assert len(found) == 1
    assert "tables of " in str(found[0])


def test_a_queryset_over_both_places_is_caught(shop: Shop) -> None:
    with one_place.offences(as_product=True) as found, schema_context(shop.schema_name):
        list(Product.objects.extra(tables=["discovery_listing"], where=["discovery_listing.id = catalogue_product.id"]))
    assert [offence.why for offence in found] == ["tables of public and shop_indigo"]


def test_what_a_test_sends_itself_is_not_the_product(shop: Shop) -> None:
    with one_place.offences() as found:
        fetch_all(TWO_PLACES["a join"])
    assert found == []


def test_a_test_in_which_the_product_does_so_fails(shop: Shop) -> None:
    with one_place.offences(as_product=True):
        fetch_all(TWO_PLACES["a join"])
        with pytest.raises(pytest.fail.Exception, match="tables of public and shop_indigo"):
            one_place.fail_on_offences()
    one_place.fail_on_offences()
