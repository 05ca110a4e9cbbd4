"""Connections are replaced when they have been used often, not only when they are old.

PostgreSQL's process at the other end remembers what the catalogues say of every table that it has met, and never
forgets: a tenth to a fifth of a megabyte for each shop (docs/performance.md). How many shops it meets in the pool's
`max_lifetime` depends on the load; how many it meets in so many requests does not.
"""

from typing import Any

from django.db import connection

MAX_USES = 500  # requests or jobs; a new connection takes a few milliseconds


def use(psycopg_connection: Any) -> None:
    """Count that a connection goes back to its pool, which replaces it if that was its last time."""
    uses = getattr(psycopg_connection, "kasuwa_uses", 0) + 1
    psycopg_connection.kasuwa_uses = uses
    if uses >= MAX_USES:
        psycopg_connection._expire_at = 0.0  # noqa: SLF001 - the pool's own mark of age; it has none of use


def hand_back() -> None:
    """Give the connection back to the pool, between two pieces of a command that goes through many shops."""
    if not connection.in_atomic_block:
        connection.close()
