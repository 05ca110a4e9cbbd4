"""Many buyers at once: nothing is oversold, nobody sees a deadlock, and without the lock it would go wrong."""

from __future__ import annotations

from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from catalogue.services import reservations
from catalogue.services.reservations import ReservedLine, WantedLine
from checkout.errors import InsufficientStockError
from checkout.models import Order
from checkout.services import place_order as placing
from checkout.services.expiry import expire_reservations
from kit.errors import BusyError
from kit.sql import execute, qualified
from kit.trips import Query, Rows
from tests.market import Stocked, buy, open_shop, order_request, stock, vendor_orders
from tests.races import all_at_once

BUYERS, UNITS = 50, 10


@pytest.fixture
def pair(live_database: str) -> tuple[Stocked, Stocked]:
    return (
        stock(open_shop("cloth-hall"), on_hand=UNITS),
        stock(open_shop("pot-house"), sku="POT-1", on_hand=UNITS),
    )


def test_fifty_buyers_of_ten_units_in_two_shops(pair: tuple[Stocked, Stocked]) -> None:
    first, second = pair

    def attempt(number: int) -> str:
        lines = [first.line(), second.line()]
        try:
            buy(*(lines if number % 2 else reversed(lines)))
        except InsufficientStockError as refusal:
            return f"refused, {refusal.details[0]['available']} left"
        return "ordered"

    outcomes = all_at_once(attempt, BUYERS)

    assert outcomes == {"ordered": UNITS, "refused, 0 left": BUYERS - UNITS}
    assert Order.objects.count() == UNITS
    assert first.level() == second.level() == (UNITS, UNITS)
    promised = sum(line.quantity for record in vendor_orders([first.shop]) for line in record.lines.all())
    assert promised == UNITS

    assert expire_reservations(now=Order.objects.latest("expires_at").expires_at) == UNITS
    assert first.level() == second.level() == (UNITS, 0)


def test_without_the_lock_the_same_race_oversells(
    pair: tuple[Stocked, Stocked], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: read first, write later, nothing locked between, and no constraint to catch it."""
    first, _ = pair
    stock_levels = qualified(first.shop.schema_name, "catalogue_stocklevel")
    execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT stock_reserved_on_hand").format(stock_levels))
    gathered = Barrier(UNITS + 5)

    def reserving_without_lock(*, schema_name: str, lines: list[WantedLine]) -> Query[list[ReservedLine]]:
        [line] = lines
        table = qualified(schema_name, "catalogue_stocklevel")
        read = sql.SQL("SELECT on_hand - reserved FROM {} WHERE variant_id = $1").format(table).as_string(None)

        def write(rows: Rows) -> list[ReservedLine]:
            [(available,)] = rows
            with suppress(BrokenBarrierError):
                gathered.wait(timeout=2)
            is_reserved = available >= line.quantity
            if is_reserved:
                write = sql.SQL("UPDATE {} SET reserved = reserved + %s WHERE variant_id = %s").format(table)
                execute(write, [line.quantity, line.variant_id])
            return [ReservedLine(line.variant_id, available, line.price_minor, True, is_reserved)]

        return Query(read, [line.variant_id], write)

    monkeypatch.setattr(placing, "reserving", reserving_without_lock)

    def attempt(_: int) -> str:
        try:
            buy(first.line())
        except InsufficientStockError:
            return "refused"
        return "ordered"

    outcomes = all_at_once(attempt, BUYERS)

    assert outcomes["ordered"] > UNITS
    assert first.level()[1] > UNITS


def test_one_key_sent_twenty_times_at_once_is_one_order(pair: tuple[Stocked, Stocked]) -> None:
    first, second = pair
    request = order_request(key="impatient")

    outcomes = all_at_once(lambda _: buy(first.line(), second.line(), request=request).number, count=20)

    assert list(outcomes.values()) == [20]
    assert first.level() == second.level() == (UNITS, 1)


def test_a_stock_that_is_held_too_long_is_a_clear_refusal(
    pair: tuple[Stocked, Stocked], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "CHECKOUT_LOCK_TIMEOUT_MS", 50)
    first, _ = pair
    with transaction.atomic():
        reservations.reserve(
            schema_name=first.shop.schema_name, lines=[WantedLine(first.variant_id, 1, first.price_minor)]
        )

        def attempt(_: int) -> str:
            try:
                buy(first.line())
            except BusyError as refusal:
                return refusal.code
            return "ordered"

        outcomes = all_at_once(attempt, count=1)

    assert outcomes == {"busy": 1}
    assert connection.in_atomic_block is False
    assert not Order.objects.exists()
