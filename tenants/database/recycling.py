"""Connections are replaced when PostgreSQL's process at the other end has grown, not only when they are old.

Its caches of the catalogue and of prepared statements grow with every table, and are never emptied: a tenth to a fifth
of a megabyte for each shop (docs/performance.md). So its size is read now and then. One that serves the same fifty
shops stays as it is: a new one would have to learn them all again.
"""

from typing import Any

import psycopg
from django.db import connection
from psycopg.pq import TransactionStatus

LOOKED_AT_EVERY = 250  # requests or jobs; a look takes some five milliseconds
MOST_BYTES = 48 * 1024 * 1024
HELD = "SELECT sum(total_bytes) FROM pg_backend_memory_contexts"


def count_use(psycopg_connection: Any) -> None:
    """Count the return of a connection to its pool, which replaces it after its last use."""
    uses = getattr(psycopg_connection, "kasuwa_uses", 0) + 1
    psycopg_connection.kasuwa_uses = uses
    if uses % LOOKED_AT_EVERY == 0 and not _is_small(psycopg_connection):
        psycopg_connection._expire_at = 0.0  # noqa: SLF001 - the pool's own mark of age; it has none of use


def _is_small(psycopg_connection: Any) -> bool:
    """Return whether the server's process holds little; where it may not be asked, it counts as grown."""
    if not psycopg_connection.autocommit or psycopg_connection.info.transaction_status != TransactionStatus.IDLE:
        return False
    try:
        [held] = psycopg_connection.execute(HELD).fetchone()
    except psycopg.Error:  # under a shop's role, or a user without pg_read_all_stats
        return False
    return bool(held < MOST_BYTES)


def return_connection() -> None:
    """Return the connection to the pool, between two steps of a command that visits many shops."""
    if not connection.in_atomic_block:
        connection.close()
