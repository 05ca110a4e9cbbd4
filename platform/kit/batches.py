"""Iterables in parts."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items in lists of a size, the last one shorter; `itertools.batched` of Python 3.12."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
