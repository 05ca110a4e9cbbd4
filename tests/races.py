"""Many at once, each on a connection of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

T = TypeVar("T")


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
