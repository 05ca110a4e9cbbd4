"""Tries one after the other: what each has written to the database, and taking it back, in one round trip."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from tenants.database.connections import schema_connection

OF_NO_ACCOUNT = ("django_session", "axes_", "token_blacklist_")  # written for whoever asks
# All tables, and the list of tables, in which a try's own new ones are.
TABLES = """
    SELECT pg_class.oid::int8, nspname || '.' || relname
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE pg_class.oid = 'pg_class'::regclass
        OR relkind = 'r' AND nspname NOT IN ('pg_catalog', 'information_schema') AND nspname !~ '^pg_toast'
"""
# Counters of the server, asked for by the tables' numbers: to look the tables up takes longer than a small request.
COUNTS = """
    SELECT string_agg((
        pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
            + pg_stat_get_xact_tuples_deleted(oid)
    )::text, ' ' ORDER BY place)
    FROM unnest('{{{oids}}}'::oid[]) WITH ORDINALITY AS listed (oid, place)
"""


def tables_that_are_there() -> dict[int, str]:
    """Return the names of the tables that a try may write to, by their numbers."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return {oid: name for oid, name in cursor.fetchall() if not any(part in name for part in OF_NO_ACCOUNT)}


class Tries:
    """The tries of a block.

    Args:
        tables: those that are there before the first one.
        savepoint: what to go back to after each.
    """

    def __init__(self, tables: dict[int, str], savepoint: str) -> None:
        self._names = list(tables.values())
        self._counts = COUNTS.format(oids=",".join(map(str, tables)))
        self._undo = connection.ops.savepoint_rollback_sql(savepoint)
        self.begin()

    def begin(self) -> None:
        """Count from here on."""
        self._before = self._ask(self._counts)

    def take_back(self) -> list[str]:
        """Undo a try, and return the tables that it has written to, also what it has undone itself."""
        before, self._before = self._before, self._ask(f"{self._counts}; {self._undo}")
        connection.needs_rollback = False
        counts = zip(self._names, before, self._before, strict=True)
        return sorted(name for name, was, is_now in counts if was != is_now) if before != self._before else []

    def _ask(self, statement: str) -> list[str]:
        """Ask as the platform, for no shop's role may, and have role and path set anew by whoever comes next."""
        with connection.connection.cursor() as plain:
            plain.execute(f"RESET ROLE; {statement}")
            plain.nextset()
            [counts] = plain.fetchone()
        schema_connection().search_path_set_schemas = None
        return str(counts).split(" ")


@contextmanager
def tries(tables: dict[int, str]) -> Iterator[Tries]:
    """Begin tries, in a transaction that goes on."""
    with transaction.atomic():
        yield Tries(tables, connection.savepoint_ids[-1])
        transaction.set_rollback(True)
