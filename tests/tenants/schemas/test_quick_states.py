"""Migrations on quick states leave the database that Django's own way leaves, and hand functions new models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import call_command
from django.db import models
from django.db.migrations.state import ModelState
from django.test import override_settings
from psycopg import sql

from kit.db.sql import fetch_all
from tenants.schemas.quick_states import QuickState
from tests.runtime_plugin import template_name, worker_database_name
from tests.world import databases

# One line for each fact of `public`: columns, constraints, indexes, triggers, functions, relations, migrations.
FACTS = """
SELECT concat_ws(' ', attrelid::regclass, attnum, attname, format_type(atttypid, atttypmod), attnotnull, attidentity,
                 pg_get_expr(adbin, adrelid))
  FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
       LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm') AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT concat_ws(' ', pg_get_indexdef(indexrelid), indisvalid)
  FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'public'::regnamespace
UNION ALL
SELECT concat_ws(' ', pg_get_triggerdef(oid), tgenabled) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT pg_get_functiondef(oid) FROM pg_proc
 WHERE pronamespace = 'public'::regnamespace AND prokind = 'f' AND probin IS NULL
UNION ALL
SELECT concat_ws(' ', oid::regclass, relkind, relacl) FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL
SELECT concat_ws(' ', app, name) FROM public.django_migrations
"""


@contextmanager
def database_of(template: str) -> Iterator[None]:
    """Point Django at a copy of a database."""
    name = f"{worker_database_name()}_compared"
    with databases.server() as plain:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        plain.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        databases.point_django_at(name)
        try:
            yield
        finally:
            databases.point_django_at(worker_database_name())
            databases.drop(plain, name)


def facts() -> list[str]:
    return sorted(line for (line,) in fetch_all(FACTS))


def test_both_ways_leave_the_same_database(live_database: str) -> None:
    """What all tests' databases are copied from was made on quick states."""
    with database_of(template_name()):
        quick = facts()
    with database_of("template0"), override_settings(SHOP_ROLES="off"):
        call_command("migrate_schemas", schema_name="public", verbosity=0)
        assert facts() == quick
    assert len(quick) > 2_000


def made() -> QuickState:
    """A built state of a writer and her book."""
    writer = ModelState("a", "Writer", [("id", models.AutoField(primary_key=True))])
    to_writer = models.ForeignKey("a.Writer", models.CASCADE)
    book = ModelState("a", "Book", [("id", models.AutoField(primary_key=True)), ("writer", to_writer)])
    state = QuickState({("a", "writer"): writer, ("a", "book"): book})
    _ = state.apps
    return state


def knows_each_other(state: QuickState) -> bool:
    """Return whether the book's key leads to the writer as it is, and the writer knows of the book."""
    book, writer = state.apps.get_model("a", "book"), state.apps.get_model("a", "writer")
    return book._meta.get_field("writer").related_model is writer and len(writer._meta.related_objects) > 0


def test_a_changed_model_is_built_alone_and_functions_are_handed_all_as_they_are() -> None:
    state = made()
    book = state.apps.get_model("a", "book")
    state.add_field("a", "writer", "name", models.TextField(default=""), True)

    assert state.apps.get_model("a", "writer")._meta.get_field("name")
    assert state.apps.get_model("a", "book") is book
    assert not knows_each_other(state)
    state.clear_delayed_apps_cache()  # as Django does for each function
    assert knows_each_other(state)


def test_a_key_that_goes_on_referring_to_the_same_model_is_changed_alone() -> None:
    state = made()
    writer = state.apps.get_model("a", "writer")
    state.alter_field("a", "book", "writer", models.ForeignKey("a.Writer", models.PROTECT, null=True), True)

    assert state.apps.get_model("a", "book")._meta.get_field("writer").null
    assert state.apps.get_model("a", "writer") is writer
    state.clear_delayed_apps_cache()
    assert knows_each_other(state)


@pytest.mark.parametrize(
    "field",
    [
        models.ForeignKey("a.Book", models.CASCADE, null=True),
        models.ForeignKey("a.Writer", models.CASCADE, to_field="pen_name"),
        models.OneToOneField("a.Writer", models.CASCADE),
    ],
)
def test_a_key_that_becomes_something_else_builds_all(field: models.Field[Any, Any]) -> None:
    """The control."""
    state = made()
    state.add_field("a", "writer", "pen_name", models.CharField(unique=True, max_length=20), True)
    writer = state.apps.get_model("a", "writer")
    state.alter_field("a", "book", "writer", field, True)
    assert state.apps.get_model("a", "writer") is not writer


def test_where_others_refer_to_what_changes_all_are_built_before_and_after() -> None:
    state = made()
    state.add_field("a", "writer", "name", models.TextField(default=""), True)
    before = state.clone()
    assert not knows_each_other(before)
    state.alter_field("a", "writer", "id", models.BigAutoField(primary_key=True), True)

    assert knows_each_other(state)
    assert knows_each_other(before)
    assert isinstance(before.apps.get_model("a", "writer")._meta.pk, models.AutoField)
    assert isinstance(state.apps.get_model("a", "writer")._meta.pk, models.BigAutoField)


def test_a_model_that_others_inherit_from_is_not_built_alone() -> None:
    state = made()
    heir = ModelState("a", "Poet", [("lines", models.IntegerField(default=0))], bases=("a.Writer",))
    state.add_model(heir)
    state.add_field("a", "writer", "name", models.TextField(default=""), True)

    assert state.apps.get_model("a", "poet")._meta.get_field("name")
    assert knows_each_other(state)
