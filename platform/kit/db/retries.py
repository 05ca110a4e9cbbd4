"""Lock timeouts and retries of a checkout."""

from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
from django.db import Error, connection

from kit.db.pipeline import Query, written
from kit.db.timeouts import has_lock_limit
from kit.errors import BusyError

T = TypeVar("T")
# A deadlock's victim, a serialisation failure, or (InternalError) a commit that a worker node refused.
RETRIED = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure, psycopg.errors.InternalError)
ATTEMPTS = 3


def lock_limit_queries(milliseconds: int) -> list[Query[Any]]:
    """Return the queries that limit the waits for locks in this transaction; none where the connection does."""
    if has_lock_limit(milliseconds):
        return []
    return [Query("SELECT set_config('lock_timeout', $1, true)", [f"{milliseconds}ms"], written)]


class BusyWhenLocked:
    """A block in which a lock timeout becomes a refusal; a class, since a generator costs as much as a short statement.

    Raises:
        BusyError: a lock was not available in time.
    """

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Error) and isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
            raise BusyError from error


def retrying_on_deadlock(work: Callable[[], T]) -> T:
    """Run a whole transaction again when the database chose it as a deadlock's victim.

    Raises:
        BusyError: it was the victim every time.
    """
    if connection.in_atomic_block:
        return work()
    for _ in range(ATTEMPTS):
        try:
            return work()
        except Error as error:
            if not isinstance(error.__cause__, RETRIED):
                raise
    raise BusyError
