"""Shops' schemas that are made ahead: a test's shop takes one under its own name, and the rollback gives it back.

Made for the test, sixty tables are a third of what a small test costs: to make them, to look them up for the first
time, and to delete their files. A renamed schema is known to the connection already. Real provisioning happens where a
test commits (`live_database`), where a test wants more shops than are ready, and in `tests/tenants`, which is about it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import psycopg
from django.db import connection
from psycopg import sql

from kit.db.sql import execute, fetch_all
from tenants.database.connections import only_schema, schema_connection
from tenants.database.roles import privileges_of_new_shop
from tenants.life import provisioning
from tenants.models import Shop
from tenants.schemas.artefact import Artefact, load_artefact
from tenants.schemas.migration_state import mark_of_new_shop
from tests.runtime_plugin import database_url, worker_database_name

if TYPE_CHECKING:
    from typing import LiteralString

READY = 4
MOST_USES = 100
# The numbering of rows begins anew, which a rollback does not see to.
FREE = sql.SQL("""
SELECT ready.nspname::text,
       (SELECT count(setval(c.oid::regclass, 1, false)) FROM pg_class AS c
         WHERE c.relnamespace = ready.oid AND c.relkind = 'S')
  FROM pg_namespace AS ready
 WHERE ready.nspname = ANY({names}) AND to_regnamespace({wanted}) IS NULL
 ORDER BY ready.nspname
 LIMIT 1
""")
NUMBERS = {f"ready_{number}": -number for number in range(1, READY + 1)}  # none that a shop has


class ReadySchemas:
    """The schemas that are ready in the worker's database."""

    def __init__(self) -> None:
        self.are_offered = True
        self._uses: int | None = None  # since they were made

    def install(self) -> Callable[[], None]:
        """Have shops of tests take them; returns what ends it."""
        make = provisioning._make_schema

        def take_or_make(shop: Shop, artefact: Artefact) -> None:
            if not self._take(shop):
                make(shop, artefact)

        provisioning._make_schema = take_or_make

        def take_away() -> None:
            provisioning._make_schema = make

        return take_away

    def age(self) -> None:
        """Have them made anew after many uses, for what tests wrote has left dead rows behind. Between two tests."""
        if self._uses is not None and self._uses > MOST_USES and not connection.in_atomic_block:
            self._uses = None

    def _take(self, shop: Shop) -> bool:
        """Give a shop a schema that is ready; return whether there was one."""
        is_undone = connection.in_atomic_block and connection.settings_dict["NAME"] == worker_database_name()
        if not (self.are_offered and is_undone):
            return False
        if self._uses is None:
            self._make_anew()
        found = fetch_all(FREE.format(names=sql.Literal(list(NUMBERS)), wanted=sql.Literal(f'"{shop.schema_name}"')))
        if not found:
            return False
        [(name, _)] = found
        role = schema_connection().role_name
        _rename("ALTER SCHEMA {before} RENAME TO {after}", name, shop.schema_name)
        _rename("ALTER ROLE {before} RENAME TO {after}", role(NUMBERS[name]), role(shop.pk))
        with only_schema(shop.schema_name):
            execute(mark_of_new_shop(shop_id=shop.pk))
        self._uses = (self._uses or 0) + 1
        return True

    def _make_anew(self) -> None:
        """Make them on a connection of their own, so that they outlive the test that asks first."""
        with psycopg.connect(database_url(worker_database_name())) as plain:
            for name in NUMBERS:
                _drop(plain, name)
                _make(plain, name)
        self._uses = 0


def _rename(statement: LiteralString, before: str, after: str) -> None:
    execute(sql.SQL(statement).format(before=sql.Identifier(before), after=sql.Identifier(after)))


def _drop(plain: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    role = sql.Identifier(schema_connection().role_name(NUMBERS[name]))
    plain.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))
    plain.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(role))


def _make(plain: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    """Make a schema as provisioning does."""
    schema = sql.Identifier(name)
    before, after = privileges_of_new_shop(shop_id=NUMBERS[name], schema_name=name)
    with plain.pipeline():
        plain.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
        plain.execute(sql.SQL("SET LOCAL search_path TO {}").format(schema))
        for right in before:
            plain.execute(right)
        for line in load_artefact().statements:
            plain.execute(line.encode())
        for right in after:
            plain.execute(right)
