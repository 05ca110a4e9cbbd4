"""One snapshot of the database, read in many short transactions.

A transaction holds a lock on every table that it has read until its end, and a stock server has room for some 6,400:
reading all shops in one transaction exhausts it at a few hundred shops. So one transaction only exports its snapshot
(`pg_export_snapshot`), and others import it, a few shops at a time (PostgreSQL: SET TRANSACTION).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from queue import SimpleQueue
from typing import Any, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from kit.db import pipeline, side_by_side

T = TypeVar("T")
MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
# The server's process remembers each table that it has met: a tenth of a megabyte for each shop.
ROUND_TRIPS_PER_CONNECTION = 10
READERS = 2  # connections that read at once; each is a core of the server's


class _Reader:
    """A connection of its own that reads the snapshot, each pipeline in a transaction of its own."""

    def __init__(self, snapshot: str) -> None:
        self._snapshot = snapshot
        self._connection: Any = None
        self._round_trips = 0

    def ask_all(self, queries: Sequence[pipeline.Query[T]], *, role_shop_id: int | None) -> list[T]:
        """Run queries in one round trip as a shop or the platform; their locks are released when it returns."""
        if self._round_trips % ROUND_TRIPS_PER_CONNECTION == 0:
            self.close()
            self._connection = connections.create_connection(DEFAULT_DB_ALIAS)
            self._connection.inc_thread_sharing()  # used by one thread, closed by another
            self._connection.set_autocommit(False)
        self._connection.set_role(role_shop_id)
        self._round_trips += 1
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(MOMENT)
                cursor.execute("SET TRANSACTION SNAPSHOT %s", [self._snapshot])
            found = self._connection.run_together([query[:2] for query in queries])
        finally:
            self._connection.rollback()
        return [query.read(rows) for query, rows in zip(queries, cast("list[pipeline.Rows]", found), strict=True)]

    def close(self) -> None:
        """End the connection, and the server's process with it: a pool would hand the same one out again."""
        if self._connection is not None:
            if self._connection.connection is not None:
                self._connection.connection._expire_at = 0.0  # noqa: SLF001 - the pool's own mark of age
            self._connection.close()
            self._connection = None


class Snapshot:
    """A snapshot that several connections read at once."""

    def __init__(self, name: str) -> None:
        self._readers = [_Reader(name) for _ in range(READERS)]

    def ask_all(self, queries: Sequence[pipeline.Query[T]]) -> list[T]:
        """Run queries in one round trip on the snapshot."""
        return self._readers[0].ask_all(queries, role_shop_id=_role())

    def ask_each(self, batches: Iterable[Sequence[pipeline.Query[T]]]) -> Iterator[list[T]]:
        """Run batches of queries, each in a round trip, and yield the results of each in their order.

        While one batch is read, another is at the server.
        """
        role_shop_id, free = _role(), SimpleQueue[_Reader]()
        for reader in self._readers:
            free.put(reader)

        def ask(batch: Sequence[pipeline.Query[T]]) -> list[T]:
            reader = free.get()
            try:
                return reader.ask_all(batch, role_shop_id=role_shop_id)
            finally:
                free.put(reader)

        return side_by_side.run(ask, batches, threads=READERS)

    def close(self) -> None:
        """Close the connections."""
        for reader in self._readers:
            reader.close()


def _role() -> int | None:
    """Return the shop whose role applies here; it applies to the snapshot's readers too."""
    role: int | None = cast("Any", connection).role_shop_id
    return role


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


def ask_each(batches: Iterable[Sequence[pipeline.Query[T]]]) -> Iterator[list[T]]:
    """Run batches of queries on the snapshot of the enclosing block, several at once; yield the results in order."""
    snapshot = _CURRENT.get()
    return map(pipeline.ask_all, batches) if snapshot is None else snapshot.ask_each(batches)
