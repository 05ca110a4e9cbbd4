"""Work on many things in a few threads: in order, bounded, and on one connection inside a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Barrier, get_ident
from typing import Any

import pytest
from django.db import connection, transaction

from kit.db import side_by_side
from tests.world.market import open_shop


def test_results_come_in_the_order_of_the_items(live_database: str) -> None:
    together = Barrier(2)

    def double(number: int) -> int:
        together.wait(timeout=60)  # two are under way at once
        return 2 * number

    assert list(side_by_side.in_order(double, range(40))) == [2 * number for number in range(40)]


def test_no_more_items_are_taken_than_may_be_under_way(live_database: str) -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    results = side_by_side.in_order(lambda number: number, items())
    assert next(results) == 0
    assert len(taken) == 2 * side_by_side.THREADS + 1


def test_inside_a_transaction_it_is_done_here(live_database: str) -> None:
    with transaction.atomic():
        assert set(side_by_side.in_order(lambda _: get_ident(), range(5))) == {get_ident()}


def test_under_a_shop_s_role_it_is_done_here(live_database: str) -> None:
    """Connections of other threads would be the platform's."""
    here: Any = connection
    here.set_role(open_shop("indigo-fabrics").pk)
    try:
        assert set(side_by_side.in_order(lambda _: get_ident(), range(5))) == {get_ident()}
    finally:
        here.set_role(None)


def test_an_error_ends_it(live_database: str) -> None:
    with pytest.raises(ZeroDivisionError):
        list(side_by_side.in_order(lambda number: 1 // number, [1, 1, 0, 1]))
