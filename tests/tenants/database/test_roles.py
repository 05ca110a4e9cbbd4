"""A shop's database role: made, kept up to date, taken away; and never forgotten on a connection."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from catalogue.models import Product
from kit.db.roles import as_platform
from tenants.database import roles as shop_roles
from tenants.database.grants import HOLDING_FUNCTIONS, Grant, shop_grants
from tenants.database.statements import StatementRefusedError
from tenants.hosts.middleware import ShopHostMiddleware
from tenants.life.deletion import delete_shop
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.shops import make_shop

pytestmark = pytest.mark.django_db
here: Any = connection


@pytest.fixture
def indigo() -> Shop:
    return make_shop("indigo")


def as_shop(shop: Shop, view: Callable[[], object]) -> None:
    """Run something as a request on a shop's host."""

    def run(_request: HttpRequest) -> HttpResponse:
        view()
        return HttpResponse()

    ShopHostMiddleware(run)(RequestFactory().get("/", headers={"host": f"{shop.slug}.kasuwa.localhost"}))


def asked(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def has_role(shop: Shop) -> bool:
    return bool(asked(f"SELECT to_regrole('{here.role_name(shop.pk)}') IS NOT NULL"))


def test_requests_run_as_the_shop_and_everything_else_as_the_platform(indigo: Shop) -> None:
    seen = []
    platform = asked("SELECT current_user")
    as_shop(indigo, lambda: seen.append(asked("SELECT current_user")))
    seen.append(asked("SELECT current_user"))
    assert seen == [here.role_name(indigo.pk), platform]


def test_a_request_that_fails_leaves_no_role(indigo: Shop) -> None:
    platform = asked("SELECT current_user")
    with pytest.raises(ZeroDivisionError):
        as_shop(indigo, lambda: 1 / 0)
    assert asked("SELECT current_user") == platform


def test_a_rollback_does_not_bring_the_platform_back(indigo: Shop) -> None:
    seen = []

    def view() -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            asked("SELECT 1/0")
        seen.append(asked("SELECT current_user"))
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            raise ZeroDivisionError
        seen.append(asked("SELECT current_user"))

    as_shop(indigo, view)
    assert seen == [here.role_name(indigo.pk)] * 2


def test_a_cursor_from_before_is_no_way_around(indigo: Shop) -> None:
    def view() -> None:
        with connection.cursor() as early:
            with as_platform():
                platform = asked("SELECT current_user")
            early.execute("SELECT current_user")
            assert early.fetchone()[0] == here.role_name(indigo.pk) != platform
            with pytest.raises(StatementRefusedError):
                early.executemany("RESET ROLE", [[]])

    as_shop(indigo, view)


def test_the_platform_does_its_own_errands_and_comes_back(indigo: Shop) -> None:
    def view() -> None:
        with pytest.raises(ProgrammingError, match="denied"), transaction.atomic():
            asked("SELECT count(*) FROM django_session")
        with as_platform():
            assert asked("SELECT count(*) FROM django_session") == 0
        with pytest.raises(ZeroDivisionError), as_platform():
            raise ZeroDivisionError
        assert asked("SELECT current_user") == here.role_name(indigo.pk)

    as_shop(indigo, view)


def test_reading_piece_by_piece_works_and_declares_nothing(indigo: Shop) -> None:
    as_shop(indigo, lambda: list(Product.objects.iterator(chunk_size=1)))


def test_copy_is_refused(indigo: Shop) -> None:
    def view() -> None:
        with connection.cursor() as cursor, pytest.raises(StatementRefusedError):
            cursor.copy("COPY catalogue_product TO STDOUT")

    as_shop(indigo, view)


def test_without_its_role_a_shop_is_not_served_as_the_platform(indigo: Shop) -> None:
    shop_roles.drop_shop_role(shop_id=indigo.pk)
    with pytest.raises(DatabaseError, match="does not exist"), transaction.atomic():
        as_shop(indigo, lambda: asked("SELECT current_user"))


def test_a_denied_table_says_where_it_is_allowed(indigo: Shop) -> None:
    def view() -> None:
        with pytest.raises(ProgrammingError) as caught, transaction.atomic():
            asked("SELECT count(*) FROM django_session")
        assert "wiring.py" in caught.value.__cause__.__notes__[0]  # type: ignore[union-attr]

    as_shop(indigo, view)


def test_a_deleted_shop_has_no_role(indigo: Shop) -> None:
    assert has_role(indigo)
    delete_shop(shop_id=indigo.pk, actor_id=None, reason="A test of it", now=NOW, force=True)
    assert not has_role(indigo)


def test_shops_from_before_get_their_role_and_nothing_is_done_twice(indigo: Shop) -> None:
    shop_roles.drop_shop_role(shop_id=indigo.pk)
    out = StringIO()
    call_command("shops", "roles", stdout=out)
    call_command("shops", "roles", stdout=out)
    first, second = out.getvalue().splitlines()
    assert (first[-2:], second[-2:]) == ("1.", "0.")
    as_shop(indigo, lambda: list(Product.objects.all()))


def test_tables_that_come_later_are_the_shops_too_and_migrations_are_not(indigo: Shop) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE shop_indigo.later (id int)")
    as_shop(indigo, lambda: asked("SELECT count(*) FROM later"))
    with pytest.raises(ProgrammingError, match="denied"), transaction.atomic():
        as_shop(indigo, lambda: asked("SELECT count(*) FROM shop_indigo.django_migrations"))


def test_a_schema_that_took_anothers_place_is_granted(indigo: Shop) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA shop_indigo CASCADE")
        cursor.execute("CREATE SCHEMA staging")
        cursor.execute("CREATE TABLE staging.django_migrations (id int)")
        cursor.execute("CREATE TABLE staging.brought (id int)")
        cursor.execute("ALTER SCHEMA staging RENAME TO shop_indigo")
    shop_roles.grant_shop_role(schema_name="shop_indigo")
    shop_roles.grant_shop_role(schema_name="shop_indigo")
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'shop_indigo.brought', 'SELECT')", [here.role_name(indigo.pk)])
        assert cursor.fetchone() == (True,)


def test_what_the_list_no_longer_grants_is_taken_back(indigo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    less = tuple(grant for grant in shop_grants() if grant.table != "discovery_category")
    others = (*less, Grant("kit_idempotencykey", ("SELECT",), "FALSE"))
    monkeypatch.setattr(shop_roles, "shop_grants", lambda: others)
    assert shop_roles.sync_shop_roles() == 2
    as_shop(indigo, lambda: asked("SELECT count(*) FROM kit_idempotencykey"))
    with pytest.raises(ProgrammingError, match="denied"), transaction.atomic():
        as_shop(indigo, lambda: asked("SELECT count(*) FROM discovery_category"))


def test_every_listed_table_is_there() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        there = {name for (name,) in cursor.fetchall()}
    assert {grant.table for grant in shop_grants()} <= there


def test_a_database_user_that_is_no_superuser_can_do_it_all(settings: LazySettings) -> None:
    """With CREATEROLE, and owning its database's tables: as where somebody else runs the server."""
    settings.SHOP_ROLES_GROUP = "kasuwa_shop_modest"
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE modest CREATEROLE")
        cursor.execute("SELECT current_database()")
        database = cursor.fetchone()[0]
        cursor.execute(f'GRANT CREATE ON DATABASE "{database}" TO modest')
        cursor.execute("DROP FUNCTION public.tenants_role_shop() CASCADE")
        cursor.execute("GRANT ALL ON SCHEMA public TO modest")
        cursor.execute("GRANT EXECUTE ON FUNCTION pg_catalog.set_config TO modest")
        # A superuser has made the tests' databases, and taken these from those who come later (docs/isolation.md).
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace"
            " AND proname ~ %s",
            [HOLDING_FUNCTIONS],
        )
        for (function,) in cursor.fetchall():
            cursor.execute(f"GRANT EXECUTE ON FUNCTION pg_catalog.{function} TO modest")
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE public."{name}" OWNER TO modest')
        cursor.execute("SET SESSION AUTHORIZATION modest")
    try:
        assert shop_roles.sync_shop_roles() >= len(shop_grants())
        shop = make_shop("indigo")
        seen = []
        as_shop(shop, lambda: seen.append(asked("SELECT current_user")))
        as_shop(shop, lambda: list(Product.objects.all()))
        assert seen == [here.role_name(shop.pk)]
        delete_shop(shop_id=shop.pk, actor_id=None, reason="A test of it", now=NOW, force=True)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET SESSION AUTHORIZATION")
