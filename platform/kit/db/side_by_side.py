"""Work on many things at once, each thread on a connection of its own."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar, cast

from django.db import connection

T = TypeVar("T")
R = TypeVar("R")
THREADS = 2  # while one waits for the server, the other computes


def in_order(work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """Do work on each item in a few threads, and yield the results in the order of the items.

    Inside an open transaction one item follows the other on its connection, which alone sees its rows; and so under a
    shop's role, which other connections do not have.

    Args:
        work: closes the connection that it has used, or returns it to the pool.
    """
    here = cast("Any", connection)
    if here.in_atomic_block or here.role_shop_id is not None:
        return map(work, items)
    return run(work, items, threads=THREADS)


def run(work: Callable[[T], R], items: Iterable[T], *, threads: int) -> Iterator[R]:
    """Run work in threads; no more than two items for each of them are under way."""
    with ThreadPoolExecutor(threads) as pool:
        under_way: deque[Future[R]] = deque()
        for item in items:
            under_way.append(pool.submit(work, item))
            if len(under_way) > 2 * threads:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
