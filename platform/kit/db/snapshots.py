"""One snapshot of the database, read in many short transactions.

A transaction holds a lock on every table that it has read until its end, and a stock server has room for some 6,400:
reading all shops in one transaction exhausts it at a few hundred shops. So one transaction only exports its snapshot
(`pg_export_snapshot`), and others import it, a few shops at a time (PostgreSQL: SET TRANSACTION).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from kit.db import pipeline

T = TypeVar("T")
MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
# The server's process remembers each table that it has met: a tenth of a megabyte for each shop.
ROUND_TRIPS_PER_CONNECTION = 10


class Snapshot:
    """A snapshot that a second connection reads too, each pipeline in a transaction of its own."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._reader: Any = None
        self._round_trips = 0

    def ask_all(self, queries: Sequence[pipeline.Query[T]]) -> list[T]:
        """Run queries in one round trip on the snapshot; their locks are released when it returns."""
        if self._round_trips % ROUND_TRIPS_PER_CONNECTION == 0:
            self.close()
            self._reader = connections.create_connection(DEFAULT_DB_ALIAS)
            self._reader.set_role(cast("Any", connection).role_shop_id)  # the shop's role applies here too
            self._reader.set_autocommit(False)
        self._round_trips += 1
        try:
            with self._reader.cursor() as cursor:
                cursor.execute(MOMENT)
                cursor.execute("SET TRANSACTION SNAPSHOT %s", [self._name])
            found = self._reader.run_together([(query.text, query.params) for query in queries])
        finally:
            self._reader.rollback()
        return [query.read(rows) for query, rows in zip(queries, cast("list[pipeline.Rows]", found), strict=True)]

    def close(self) -> None:
        """Close the second connection."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None


_CURRENT: ContextVar[Snapshot | None] = ContextVar("snapshot", default=None)


@contextmanager
def one_moment() -> Iterator[None]:
    """Read from one snapshot inside a block, on this connection and by `ask_all` of this module.

    Inside an open transaction all reads go through that transaction's connection, which alone sees its uncommitted
    rows.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(MOMENT)
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = Snapshot(str(cursor.fetchone()[0]))
        token = _CURRENT.set(snapshot)
        try:
            yield
        finally:
            _CURRENT.reset(token)
            snapshot.close()


def ask_all(queries: Sequence[pipeline.Query[T]]) -> list[T]:
    """Run queries in one round trip on the snapshot of the enclosing block."""
    snapshot = _CURRENT.get()
    return pipeline.ask_all(queries) if snapshot is None else snapshot.ask_all(queries)
