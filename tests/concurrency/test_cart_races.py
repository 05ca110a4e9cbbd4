"""A cart changed from many places at once loses nothing and keeps its limits."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from checkout.cart import store
from checkout.cart.change_cart import add_to_cart
from checkout.cart.store import MAX_LINES, MAX_QUANTITY, CartId
from checkout.errors import InsufficientStockError, TooManyLinesError
from checkout.pricing.lines import CartLine
from kit.db import redis
from tests.world.clock import NOW
from tests.world.market import open_shop, stock
from tests.world.races import all_at_once

THREADS = 12
ADA = CartId.of_user(1)


def test_units_added_at_once_are_all_there(live_database: str) -> None:
    item = stock(open_shop("indigo"), on_hand=100)

    def add(number: int) -> str:
        for _ in range(4):
            add_to_cart(cart=ADA, now=NOW, variant_id=item.variant_id, quantity=1)
        return "added"

    assert all_at_once(add, THREADS) == {"added": THREADS}
    assert [line.quantity for line in store.read_lines(ADA)] == [THREADS * 4]


def test_units_added_at_once_stop_at_what_is_available(live_database: str) -> None:
    item = stock(open_shop("indigo"), on_hand=7)

    def add(number: int) -> str:
        try:
            add_to_cart(cart=ADA, now=NOW, variant_id=item.variant_id, quantity=1)
        except InsufficientStockError:
            return "refused"
        return "added"

    assert all_at_once(add, THREADS) == {"added": 7, "refused": THREADS - 7}
    assert [line.quantity for line in store.read_lines(ADA)] == [7]


def test_lines_written_at_once_stop_at_the_limit() -> None:
    ids = [uuid4() for _ in range(MAX_LINES + THREADS)]
    for variant_id in ids[: MAX_LINES - 4]:
        store.write_line(ADA, CartLine(variant_id, 1, 1, 100))

    def write(number: int) -> str:
        try:
            store.write_line(ADA, CartLine(ids[MAX_LINES + number], 1, 1, 100))
        except TooManyLinesError:
            return "full"
        return "written"

    assert all_at_once(write, THREADS) == {"written": 4, "full": THREADS - 4}
    assert len(store.read_lines(ADA)) == MAX_LINES


def test_a_guest_cart_is_merged_once_however_often_at_once() -> None:
    guest, shared, own = CartId.of_guest("token"), uuid4(), uuid4()
    store.write_line(guest, CartLine(shared, 1, MAX_QUANTITY - 1, 200))
    store.write_line(guest, CartLine(own, 2, 3, 300))
    store.write_line(ADA, CartLine(shared, 1, 5, 100))

    def merge(number: int) -> str:
        store.merge(source=guest, into=ADA)
        return "merged"

    assert all_at_once(merge, THREADS) == {"merged": THREADS}
    assert store.read_lines(guest) == [CartLine(shared, 1, 4, 200)]  # which found no room, and is not lost
    assert set(store.read_lines(ADA)) == {CartLine(shared, 1, MAX_QUANTITY, 200), CartLine(own, 2, 3, 300)}


def test_control_reading_and_then_writing_loses_units() -> None:
    """Why the script: with what is read before somebody else's write, that write is lost."""
    variant_id = UUID(int=1)
    store.write_line(ADA, CartLine(variant_id, 1, 1, 100))
    held = {line.variant_id: line.quantity for line in store.read_lines(ADA)}
    store.add_line(ADA, CartLine(variant_id, 1, 1, 100), at_most=9)
    redis.client().hset(ADA.key, str(variant_id), f"1:{held[variant_id] + 1}:100")

    assert [line.quantity for line in store.read_lines(ADA)] == [2]


@pytest.mark.parametrize("quantity", [3, 4])
def test_adding_more_than_allowed_changes_nothing(quantity: int) -> None:
    variant_id = UUID(int=1)
    store.write_line(ADA, CartLine(variant_id, 1, 2, 100))

    put = store.add_line(ADA, CartLine(variant_id, 1, quantity, 100), at_most=4)

    assert put.refused == 2 + quantity
    assert [line.quantity for line in store.read_lines(ADA)] == [2]
