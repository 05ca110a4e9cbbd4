"""Public is migrated when something is pending; of the shops, those that lag."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from tenants.database.connections import schema_connection
from tenants.errors import ShopMigrationError
from tenants.models import Shop
from tenants.schemas import migrations, state
from tenants.schemas.build import describe_shop, differences
from tenants.schemas.migration_state import forget_marks
from tenants.schemas.migrator import SchemaMigrator
from tests.world.shops import drop_schema, make_shop

pytestmark = pytest.mark.django_db


def empty(shop: Shop) -> None:
    """Leave a shop with a schema in which no migration has run."""
    drop_schema(shop.schema_name)
    run(
        f"CREATE SCHEMA {shop.schema_name}",
        f"CREATE TABLE {shop.schema_name}.django_migrations (LIKE public.django_migrations INCLUDING ALL)",
    )


def run(*statements: str) -> None:
    """Run SQL."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_nothing_pending_costs_public_two_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    assert migrations.pending_public() == []
    with django_assert_num_queries(3):  # one of them is the search path's
        assert migrations.migrate_public() == 0


def test_pending_migration_of_public_is_named() -> None:
    run("DELETE FROM public.django_migrations WHERE app = 'payouts'")
    assert ("payouts", "0001_initial") in migrations.pending_public()


def test_state_of_many_shops_takes_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(5):
        make_shop(f"shop-{number}")
    with django_assert_num_queries(2):  # one of them is the search path's
        found = migrations.shops_state()
    assert (found.total, found.outdated, found.missing) == (5, (), ())


def test_only_outdated_shops_are_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    current, outdated = make_shop("current"), make_shop("outdated")
    expected = describe_shop(current.schema_name)
    empty(outdated)
    touched: list[str] = []
    migrate = SchemaMigrator.migrate
    monkeypatch.setattr(SchemaMigrator, "migrate", lambda self, name: (touched.append(name), migrate(self, name)))
    assert migrations.migrate_outdated_shops() == 1
    assert touched == [outdated.schema_name]
    assert differences(expected, describe_shop(outdated.schema_name), names=("born", "migrated")) == []
    assert migrations.migrate_outdated_shops() == 0
    assert schema_connection().schema_name == "public"


def test_state_is_asked_for_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    shops = [make_shop(f"shop-{number}") for number in range(5)]
    empty(shops[3])
    monkeypatch.setattr(state, "SHOPS_PER_QUERY", 2)
    assert migrations.shops_state().outdated == (shops[3].schema_name,)


def test_one_shops_failure_keeps_nobody_else_waiting() -> None:
    broken, outdated, lost = make_shop("broken"), make_shop("outdated"), make_shop("lost")
    run(f"DELETE FROM {broken.schema_name}.django_migrations")
    forget_marks()  # as is said to whoever changes that table by hand
    empty(outdated)
    drop_schema(lost.schema_name)
    with pytest.raises(ShopMigrationError) as refused:
        migrations.migrate_outdated_shops()
    assert set(refused.value.details) == {broken.schema_name, lost.schema_name}
    assert "already exists" in refused.value.details[broken.schema_name]
    assert "missing" in refused.value.details[lost.schema_name]
    assert migrations.shops_state().outdated == (broken.schema_name,)
    assert schema_connection().schema_name == "public"


def test_a_data_migration_that_raises_is_one_shops_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = make_shop("first-shop"), make_shop("second-shop")
    empty(first)
    empty(second)
    migrate = SchemaMigrator.migrate

    def migrate_some(self: SchemaMigrator, schema_name: str) -> int:
        if schema_name == first.schema_name:
            raise ZeroDivisionError("no such rate")
        return migrate(self, schema_name)

    monkeypatch.setattr(SchemaMigrator, "migrate", migrate_some)
    with pytest.raises(ShopMigrationError) as refused:
        migrations.migrate_outdated_shops()
    assert refused.value.details == {first.schema_name: "no such rate"}
    assert migrations.shops_state().outdated == (first.schema_name,)


def test_commands_say_what_they_did_and_what_failed() -> None:
    said = StringIO()
    empty(make_shop("outdated"))
    call_command("migrate", stdout=said)
    assert "Migrations in public: 0. Shops migrated: 1." in said.getvalue()
    call_command("migrate_shops", stdout=said)
    assert "Shops migrated: 0." in said.getvalue()
    drop_schema("shop_outdated")
    with pytest.raises(CommandError, match="shop_outdated: The schema is missing"):
        call_command("migrate_shops")
    with pytest.raises(CommandError, match="migrate_shops"):
        call_command("migrate", verbosity=0)
