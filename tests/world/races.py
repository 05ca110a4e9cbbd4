"""Many at once, each on a connection of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import ParamSpec, TypeVar

from django.db import connection, connections

T = TypeVar("T")
P = ParamSpec("P")


def all_at_once(work: Callable[[int], T], count: int) -> Counter[T]:
    """Run work in threads that start together, and count what came of it."""
    start = Barrier(count)

    def run(number: int) -> T:
        try:
            start.wait(timeout=60)
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return Counter(pool.map(run, range(count)))


def followed_by(work: Callable[P, T], meanwhile: Callable[[], object]) -> Callable[P, T]:
    """Return a function after whose first call others do something to its end, on a connection of their own."""
    others = [meanwhile]

    def done(*args: P.args, **kwargs: P.kwargs) -> T:
        result = work(*args, **kwargs)
        if others:
            act = others.pop()
            all_at_once(lambda _: bool(act()), 1)
        return result

    return done


SOMEBODY_WAITS = """
SELECT EXISTS (
    SELECT FROM pg_locks waiting WHERE NOT waiting.granted AND waiting.pid IN (
        SELECT held.pid FROM pg_locks held JOIN pg_database d ON d.oid = held.database
         WHERE d.datname = current_database()
    )
)
"""


def is_somebody_waiting() -> bool:
    """Return whether another connection waits for a lock in this database; works inside a transaction too."""
    with connection.cursor() as cursor:
        cursor.execute(SOMEBODY_WAITS)
        return bool(cursor.fetchone()[0])


def after_all(read: Callable[P, T], count: int) -> Callable[P, T]:
    """Return a function from which nobody returns before all have called it: a control puts it in place of a lock."""
    together = Barrier(count)

    def met(*args: P.args, **kwargs: P.kwargs) -> T:
        found = read(*args, **kwargs)
        together.wait(timeout=60)
        return found

    return met


def before_all(write: Callable[P, T], count: int) -> Callable[P, T]:
    """Return a function that begins when all have come to it."""
    together = Barrier(count)

    def met(*args: P.args, **kwargs: P.kwargs) -> T:
        together.wait(timeout=60)
        return write(*args, **kwargs)

    return met
