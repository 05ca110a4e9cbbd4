"""Many buyers at once: nothing is oversold, nobody sees a deadlock, and without the lock it would go wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from catalogue.services import reservations
from catalogue.services.reservations import ReservedLine, WantedLine
from checkout.ending.expire_orders import expire_reservations
from checkout.errors import InsufficientStockError, PriceChangedError
from checkout.models import Order
from checkout.orders import sold_out
from checkout.placing import place_order as placing
from checkout.placing.drafting import draft_order
from checkout.pricing.reading import read_quote, read_quote_after
from kit.db.pipeline import Query, Rows
from kit.db.sql import execute, qualified
from kit.errors import BusyError
from kit.models import IdempotencyKey, OutboxMessage
from tenants.database.round_trips import RoundTrips, Statement
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.market import Stocked, buy, open_shop, order_request, stock, vendor_orders
from tests.world.races import all_at_once

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
    buyers = UNITS + 5
    together = Barrier(buyers)

    def reserving_without_lock(*, schema_name: str, lines: list[WantedLine]) -> Query[list[ReservedLine]]:
        [line] = lines
        table = qualified(schema_name, "catalogue_stocklevel")
        read = sql.SQL("SELECT on_hand - reserved FROM {} WHERE variant_id = $1").format(table).as_string(None)

        def write(rows: Rows) -> list[ReservedLine]:
            [(available,)] = rows
            together.wait(timeout=60)
            is_reserved = available >= line.quantity
            if is_reserved:
                write = sql.SQL("UPDATE {} SET reserved = reserved + %s WHERE variant_id = %s").format(table)
                execute(write, [line.quantity, line.variant_id])
            return [ReservedLine(line.variant_id, available, line.price_minor, True, is_reserved)]

        return Query(read, [line.variant_id], write)

    monkeypatch.setattr(placing, "has_ample_stock", lambda _: False)
    monkeypatch.setattr(placing, "reserve_query", reserving_without_lock)

    def attempt(_: int) -> str:
        try:
            buy(first.line())
        except InsufficientStockError:
            return "refused"
        return "ordered"

    assert all_at_once(attempt, buyers) == {"ordered": buyers}
    assert first.level() == (UNITS, buyers)


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


@pytest.fixture
def meanwhile(live_database: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have others change a shop's goods after they were read for an order and before its rows are written."""

    def prepare(shop: Shop, *statements: str) -> None:
        left = list(statements)

        def late(**draft: Any) -> Any:
            with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
                while left:
                    other.execute(left.pop(0).replace("{shop}", shop.schema_name).encode())
            return draft_order(**draft)

        monkeypatch.setattr(placing, "draft_order", late)

    return prepare


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The first words of the statements of each trip."""
    gone: list[list[str]] = []
    go = RoundTrips.go

    def noted(self: RoundTrips, statements: Sequence[Statement]) -> Any:
        gone.append([text.split(maxsplit=1)[0] for text, _ in statements])
        return go(self, statements)

    monkeypatch.setattr(RoundTrips, "go", noted)
    return gone


def test_where_stock_is_ample_the_commit_is_in_the_pipeline(
    pair: tuple[Stocked, Stocked], trips: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [item.line(UNITS - 1) for item in pair]
    read_quote(lines, now=NOW)
    trips.clear()
    buy(*lines)
    assert [words.count("COMMIT") for words in trips] == [0, 1]
    assert trips[1][-1] == "COMMIT"
    assert [item.level() for item in pair] == [(UNITS, UNITS - 1)] * 2
    trips.clear()
    buy(*(item.line() for item in pair))  # the last ones: that they are gone is written before the commit
    assert not any("COMMIT" in words for words in trips)
    assert [item.level() for item in pair] == [(UNITS, UNITS)] * 2


@pytest.mark.parametrize(
    ("change", "refusal", "details"),
    [
        ("UPDATE {shop}.catalogue_stocklevel SET reserved = 8", InsufficientStockError, "available"),
        ("UPDATE {shop}.catalogue_stocklevel SET reserved = 10", InsufficientStockError, "available"),
        ("UPDATE {shop}.catalogue_variant SET price_minor = 7", PriceChangedError, "unit_price_minor"),
        ("UPDATE {shop}.catalogue_product SET status = 'archived'", InsufficientStockError, "available"),
    ],
)
def test_what_changed_since_it_was_read_is_refused_with_its_reason(
    pair: tuple[Stocked, Stocked],
    meanwhile: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    *,
    change: str,
    refusal: type[Exception],
    details: str,
) -> None:
    """At once where the second try's look sees it, and, where that is as blind as the first, under the lock."""
    first, second = pair
    lines = [first.line(3), second.line(3)]
    seen = read_quote_after
    stale: list[Any] = []

    def blind(*args: Any, **kwargs: Any) -> Any:
        answers, cart = seen(*args, **kwargs)
        stale.append(cart)
        return answers, stale[0]

    monkeypatch.setattr(placing, "read_quote_after", blind)
    meanwhile(second.shop, change)
    level = second.level()
    with pytest.raises(refusal) as refused:
        buy(*lines)
    [line] = refused.value.details  # type: ignore[attr-defined]
    assert line["variant_id"] == str(second.variant_id)
    assert details in line
    assert len(stale) == 2
    assert (Order.objects.count(), IdempotencyKey.objects.count(), OutboxMessage.objects.count()) == (0, 0, 0)
    assert (first.level(), second.level()[0]) == ((UNITS, 0), level[0])
    assert vendor_orders([first.shop, second.shop]) == []


def test_others_who_leave_just_enough_cost_one_more_try(
    pair: tuple[Stocked, Stocked], meanwhile: Callable[..., None]
) -> None:
    first, second = pair
    meanwhile(second.shop, "UPDATE {shop}.catalogue_stocklevel SET reserved = 7")
    buy(first.line(3), second.line(3))
    assert (first.level(), second.level()) == ((UNITS, 3), (UNITS, UNITS))
    assert Order.objects.count() == IdempotencyKey.objects.count() == 1
    assert sold_out.among([first.variant_id, second.variant_id]) == [second.variant_id]
