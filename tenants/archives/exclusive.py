"""One restore or copy of a shop at a time."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections

from tenants.errors import ArchiveRunningError

SPACE = 5_121  # of advisory locks: those on shops' archives


def restore_lock_key(slug: str) -> tuple[int, int]:
    """Return the advisory lock's two numbers; shops that share one merely wait for each other's end."""
    return SPACE, zlib.crc32(slug.encode()) - 2**31


@contextmanager
def exclusive_lock(slug: str) -> Iterator[None]:
    """Hold the exclusive lock of a shop's restore for a block that has several transactions.

    The lock is held by a transaction on a connection of its own: the server releases it when this process ends, in any
    way, and a pooler between us may hand out connections as it likes.

    Raises:
        ArchiveRunningError: another process holds the lock.
    """
    holder = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        holder.set_autocommit(False)
        with holder.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", restore_lock_key(slug))
            row = cursor.fetchone()
        if row != (True,):
            raise ArchiveRunningError
        yield
    finally:
        if holder.connection is not None:
            holder.rollback()  # a pool complains of a connection that comes back in a transaction
        holder.close()
