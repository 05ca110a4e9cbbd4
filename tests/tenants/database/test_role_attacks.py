"""SQL that is injected on a shop's host finds nothing of another shop, and does nothing to it.

Each attack is also made with the role off, where it succeeds: so it is the role that holds it up.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context

from catalogue.models import Product
from tenants.database.grants import COUNTING_FUNCTIONS, RESERVED_FUNCTIONS, shop_grants
from tenants.models import Role, ShopEventKind
from tenants.shops.audit_trail import record_event
from tenants.staff.invitations import invite_member
from tests.world.injection import HELD, advisory_locks, attack
from tests.world.own_shop import Staffed, member, page_client, staffed

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.world.injection")]
OTHER = "copper-kitchen"
THEIRS = "shop_copper_kitchen.catalogue_product"


@pytest.fixture(autouse=True)
def _here(settings: LazySettings) -> None:
    settings.ROOT_URLCONF = "tests.world.injection"


@pytest.fixture
def own() -> Staffed:
    return furnished("indigo-fabrics")


@pytest.fixture
def other() -> Staffed:
    return furnished(OTHER)


def furnished(slug: str) -> Staffed:
    """A shop with something in as many public tables as can be."""
    made = staffed(slug)
    now = timezone.now()
    owner, _ = member(made.shop), member(made.shop, Role.VIEWER)
    invite_member(shop_id=made.shop.pk, email=f"x@{slug}.test", role=Role.MANAGER, invited_by_id=owner.pk, now=now)
    record_event(shop_id=made.shop.pk, actor_id=owner.pk, kind=ShopEventKind.PROFILE_CHANGED, now=now)
    return made


@pytest.fixture
def thief(own: Staffed, other: Staffed) -> Client:
    """A caller on one shop's host who tries to read another shop."""
    return page_client(own.shop)


@pytest.fixture
def without_role(settings: LazySettings) -> None:
    settings.SHOP_ROLES = "off"


def injected(select: str) -> str:
    """A text that ends the string it was put in, and has another SELECT answered besides."""
    return f"' UNION ALL {select} --"


READS = {
    "another shop's table": f"SELECT title FROM {THEIRS}",
    "sessions": "SELECT session_key FROM django_session",
    "passwords": "SELECT password FROM accounts_user",
    "all people": "SELECT email FROM accounts_user WHERE email LIKE '%copper-kitchen%'",
    "buyers' keys": "SELECT access_key FROM checkout_order",
    "another shop's invitations": "SELECT email FROM tenants_invitation WHERE email LIKE '%copper-kitchen%'",
    "another shop's sums": (
        "SELECT s.total_minor::text FROM checkout_suborder s JOIN tenants_shop t ON t.id = s.shop_id "
        "WHERE t.slug = 'copper-kitchen'"
    ),
    "a table by way of XML": f"SELECT query_to_xml('SELECT title FROM {THEIRS}', true, false, '')::text",
    "a table, whole, as XML": f"SELECT table_to_xml('{THEIRS}', true, false, '')::text",
    "another role first": (
        "SELECT set_config('role', 'none', false) || "
        f"(SELECT string_agg(word, ' ') FROM ts_stat('SELECT to_tsvector(title) FROM {THEIRS}'))"
    ),
    "words of a table": "SELECT word FROM ts_stat('SELECT to_tsvector(title) FROM " + THEIRS + "')",
    "a file": "SELECT pg_read_file('postgresql.conf')",
    "a folder": "SELECT pg_ls_dir('.')",
    "what others ask": "SELECT query FROM pg_stat_activity WHERE query <> '' AND query NOT LIKE '<insuff%'",
    "migrations": "SELECT name FROM django_migrations",
    "the planner's samples": ("SELECT most_common_vals::text FROM pg_stats WHERE schemaname = 'shop_copper_kitchen'"),
    "a large object": "SELECT lo_from_bytea(0, 'left here')::text",
}
# The embedded server knows no XML, and has not looked at tables that were made a moment ago.
EMPTY_WITHOUT_ROLE = {"the planner's samples", "a table by way of XML", "a table, whole, as XML"}


def test_nothing_of_others_is_read(thief: Client) -> None:
    for name, select in READS.items():
        assert not attack(thief, injected(select)), name
        assert not attack(thief, select, whole=True), name


def test_the_same_is_read_without_the_role(thief: Client, without_role: None) -> None:
    thief.force_login(member_of_nothing())
    for name in READS.keys() - EMPTY_WITHOUT_ROLE:
        assert attack(thief, injected(READS[name])), name


def member_of_nothing() -> Any:
    from accounts.models import User

    return User.objects.create_user("nobody@example.com")


ESCAPES = [
    "RESET ROLE",
    "SET ROLE NONE",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION DEFAULT",
    "RESET SESSION AUTHORIZATION",
    "RESET ALL",
    "DISCARD ALL",
    "SET search_path = shop_copper_kitchen",
    "SELECT set_config('role', 'none', false)",
    "SELECT SET_CONFIG('role', 'none', false)",
    "SELECT pg_catalog.\"set_config\"('role', 'none', false)",
    "SELECT U&\"set\\005fconfig\"('role', 'none', false)",
    "UPDATE pg_settings SET setting = 'none' WHERE name = 'role'",
    "WITH x AS (SELECT set_config('role', 'none', false)) SELECT * FROM x",
    "DO $$ BEGIN PERFORM set_config('role', 'none', false); END $$",
    "/* harmless */ RESET ROLE",
    "-- harmless\nRESET ROLE",
    "SELECT 1; RESET ROLE",
    "SELECT 1; SET ROLE NONE; SELECT 2",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "ABORT",
    "COPY catalogue_product TO PROGRAM 'cat'",
    "COPY catalogue_product TO STDOUT",
    "COPY shop_copper_kitchen.catalogue_product TO '/tmp/stolen'",
    "LISTEN everything",
    "LOCK TABLE catalogue_product",
    "TRUNCATE catalogue_product",
    "DROP TABLE catalogue_product",
    "ALTER TABLE tenants_shop DISABLE ROW LEVEL SECURITY",
    "GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TABLE catalogue_product_2 (id int)",
    "CREATE TEMP TABLE catalogue_product (id int)",
    "SELECT * INTO TEMP catalogue_variant FROM catalogue_product",
    "SELECT * INTO mine FROM catalogue_product",
    "CREATE EXTENSION dblink",
    "CALL whatever()",
    "EXECUTE whatever",
    "PREPARE p AS SELECT 1",
    "EXPLAIN ANALYZE SELECT 1",
    "VACUUM",
    "SECURITY LABEL ON ROLE postgres IS 'x'",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(1, '/tmp/x')",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND false",
]


def test_no_statement_leads_out_of_the_role(thief: Client, other: Staffed) -> None:
    for text in ESCAPES:
        assert not attack(thief, text, whole=True), text
        assert not attack(thief, f"'; {text}; --"), text
        assert not attack(thief, f"SELECT title FROM {THEIRS}", whole=True), text
    assert still_there(other)


def test_nor_where_the_database_lets_everybody_call_everything(thief: Client) -> None:
    """Only a superuser can take functions away from all; elsewhere the connection refuses them by itself."""
    with connection.cursor() as cursor:
        for signature in RESERVED_FUNCTIONS:
            cursor.execute(f"GRANT EXECUTE ON FUNCTION pg_catalog.{signature} TO PUBLIC")
    for text in [each for each in ESCAPES if "config" in each or "pg_settings" in each]:
        assert not attack(thief, text, whole=True), text
    for name in ("another role first", "words of a table", "a table by way of XML"):
        assert not attack(thief, injected(READS[name])), name
    assert not attack(thief, f"SELECT title FROM {THEIRS}", whole=True)


COUNTED = (
    "SELECT relname::text COLLATE \"pg_unicode_fast\" FROM pg_class WHERE relname = 'checkout_order'",
    "SELECT s.n_live_tup::text FROM pg_stat_all_tables s WHERE s.schemaname = 'shop_copper_kitchen'",
    "SELECT relname::text FROM pg_class WHERE relname = 'checkout_order' AND reltuples IS NOT NULL",
    "SELECT to_jsonb(c)::text FROM pg_catalog.pg_class c WHERE relname = 'checkout_order'",
    "SELECT to_jsonb(c)::text FROM pg_catalog.\"pg_class\" c WHERE relname = 'checkout_order'",
    "SELECT pg_total_relation_size('public.checkout_order'::regclass)::text",
    "SELECT Pg_Stat_Get_Live_Tuples('public.checkout_order'::regclass)::text",
    "SELECT n_tup_ins::text FROM pg_stat_user_tables WHERE relname = 'checkout_order'",
)


@pytest.mark.parametrize("select", [*COUNTED, *HELD])
def test_the_server_s_own_names_are_refused(thief: Client, select: str) -> None:
    assert attack(thief, injected(select)) is None
    assert attack(thief, select, whole=True) is None
    assert advisory_locks() == 0


@pytest.mark.parametrize("select", [*COUNTED, *HELD])
def test_the_server_s_own_names_answer_without_the_role(thief: Client, without_role: None, select: str) -> None:
    assert attack(thief, select, whole=True)
    with connection.cursor() as cursor:  # locks of a session outlive the transaction
        cursor.execute("SELECT pg_advisory_unlock_all()")


def test_functions_that_count_are_taken_by_the_database_too(own: Staffed) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.oid::regprocedure::text, has_function_privilege(%s, p.oid, 'EXECUTE'),"
            " has_function_privilege('pg_monitor', p.oid, 'EXECUTE') FROM pg_proc p"
            " WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ %s",
            [connection.role_name(own.shop.pk), COUNTING_FUNCTIONS],  # type: ignore[attr-defined]
        )
        found = cursor.fetchall()
    names = {name for name, _, _ in found}
    assert {"pg_stat_get_live_tuples(oid)", "pg_total_relation_size(regclass)"} <= names
    assert [name for name, may, _ in found if may] == []
    assert all(watches for _, _, watches in found)


def test_a_shop_whose_name_has_such_letters_works(other: Staffed) -> None:
    shop = staffed("pg-stat-dblink")
    assert page_client(shop.shop, member(shop.shop)).get("/dashboard/products/").status_code == 200


WRITES = [
    f"UPDATE {THEIRS} SET title = 'Mine'",
    f"DELETE FROM {THEIRS}",
    "DELETE FROM django_session",
    "UPDATE accounts_user SET is_operator = true",
    "UPDATE tenants_shop SET name = 'Mine' WHERE slug = 'copper-kitchen'",
    "UPDATE tenants_shop SET status = 'live', commission_bps = 0",
    "UPDATE tenants_shop SET schema_name = 'shop_copper_kitchen'",
    "UPDATE checkout_suborder SET status = 'cancelled' WHERE number NOT IN (SELECT number FROM fulfilment_vendororder)",
    "UPDATE checkout_suborder SET total_minor = 0",
    "DELETE FROM checkout_suborder",
    "UPDATE payouts_balance SET amount_minor = 1000000",
    "INSERT INTO payouts_entry (journal_id, account_id, amount_minor) VALUES (1, 1, 1)",
    "INSERT INTO tenants_membership (shop_id, user_id, role, created_at) SELECT id, 1, '', now() FROM tenants_shop",
    "UPDATE tenants_membership SET role = 'owner'",
    "UPDATE discovery_listing SET title = 'Mine' WHERE title LIKE '%copper-kitchen%'",
    "DELETE FROM discovery_listing WHERE title LIKE '%copper-kitchen%'",
    "DELETE FROM tenants_shopevent",
    "INSERT INTO kit_outboxmessage (topic, payload, created_at, attempts, last_error) VALUES ('x', '{}', now(), 0, '')",
    "DELETE FROM django_migrations",
]


def test_nothing_of_others_is_written(thief: Client) -> None:
    before = everything()
    for text in WRITES:
        attack(thief, text, whole=True)
        attack(thief, f"'; {text}; --")
        assert everything() == before, text


def test_some_of_it_is_written_without_the_role(thief: Client, without_role: None) -> None:
    before = everything()
    attack(thief, WRITES[0], whole=True)
    assert everything() != before


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every table of the other shop and of `public`, with their versions."""
    found = {}
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text "
            "IN ('public', 'shop_copper_kitchen') ORDER BY 1"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"SELECT ctid, xmin FROM {name} ORDER BY ctid")
            found[name] = cursor.fetchall()
    return found


def still_there(other: Staffed) -> bool:
    with schema_context(other.shop.schema_name):
        return Product.objects.exists()


def public_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'p', 'v', 'm', 'S') ORDER BY 1"
        )
        return [str(name) for (name,) in cursor.fetchall()]


GRANTED = {grant.table for grant in shop_grants()}
# What everybody on the market may see is no secret between shops.
SHARED = {"discovery_category"}


def test_of_every_public_table_a_shop_sees_its_own_rows_alone(own: Staffed, other: Staffed) -> None:
    """Generated over all tables: what the two shops see together, neither sees apart from the other."""
    seen: dict[str, set[str]] = {}
    tables = public_tables()
    assert len(tables) > 40
    one, two = page_client(own.shop), page_client(other.shop)
    for table in sorted(set(tables) - SHARED):
        for client in (one, two):
            rows = attack(client, f"SELECT ctid::text FROM public.{table} AS t", whole=True) or attack(
                client, f"SELECT id::text FROM public.{table} AS t", whole=True
            )
            mine = {row[0] for row in rows or []}
            common = seen.get(table, set()) & mine
            assert not common, f"{table}: both shops see {common}"
            seen[table] = mine
        if seen[table]:
            assert table in GRANTED


def test_a_listed_table_shows_a_shop_its_own(own: Staffed) -> None:
    client = page_client(own.shop)
    for table in ("tenants_shop", "tenants_membership", "discovery_listing", "checkout_suborder", "payouts_entry"):
        assert attack(client, f"SELECT id::text FROM {table}", whole=True), table


def test_reserved_functions_are_taken_by_the_database_too(own: Staffed) -> None:
    """Without the words that the connection looks for, the database itself refuses."""
    with connection.cursor() as cursor:
        for signature in RESERVED_FUNCTIONS:
            cursor.execute(
                "SELECT has_function_privilege(%s, %s, 'EXECUTE')",
                [connection.role_name(own.shop.pk), f"pg_catalog.{signature}"],  # type: ignore[attr-defined]
            )
            assert cursor.fetchone() == (False,), signature
