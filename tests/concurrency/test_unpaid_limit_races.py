"""Many orders of one buyer at once stop at the limit, and without the one step they would not."""

from __future__ import annotations

from threading import Barrier
from typing import Any

import pytest

from checkout.cart import store
from checkout.cart.parts import Currencies, CurrencyPart
from checkout.cart.store import CartId
from checkout.errors import TooMuchUnpaidError
from checkout.models import Order
from checkout.placing.check_out import check_out
from checkout.placing.unpaid_limits import UnpaidLimits
from kit.db import redis
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, order_request, stock
from tests.world.races import all_at_once

THREADS, MOST = 12, 4


@pytest.fixture
def cloth(live_database: str, settings: Any) -> Stocked:
    settings.PAYSTACK_BASE_URL = "http://127.0.0.1:9"
    settings.UNPAID_LIMITS = {"email": (MOST, 100), "account": (MOST, 100), "network": (MOST, 100)}
    item = stock(open_shop("cloth-hall"), on_hand=100)
    for number in range(THREADS):
        store.write_line(CartId.of_guest(f"cart-{number}"), item.line())
    return item


def order_as(email: str) -> Any:
    def order(number: int) -> str:
        try:
            check_out(
                cart=CartId.of_guest(f"cart-{number}"),
                request=order_request(email=email.format(number)),
                network="198.51.100.0",
                now=NOW,
            )
        except TooMuchUnpaidError as refusal:
            return str(refusal.details["counted_by"])
        return "ordered"

    return order


@pytest.mark.parametrize(("email", "counted_by"), [("ada@example.com", "email"), ("buyer-{}@example.com", "network")])
def test_orders_placed_at_once_stop_at_the_limit(cloth: Stocked, email: str, counted_by: str) -> None:
    assert all_at_once(order_as(email), THREADS) == {"ordered": MOST, counted_by: THREADS - MOST}
    assert (Order.objects.count(), cloth.level()) == (MOST, (100, MOST))


def test_control_counting_first_and_entering_later_lets_all_pass(
    cloth: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    gathered = Barrier(THREADS)

    def count_then_enter(self: UnpaidLimits) -> CurrencyPart:
        basket, [person, _] = Currencies.of(store.read_basket(self.cart)).part("NGN"), self._holders
        held = redis.client().hlen(person.key)
        gathered.wait(timeout=60)
        assert held < MOST
        redis.client().hset(person.key, basket.counted_as, f"{int(NOW.timestamp())}:1:")
        return basket

    monkeypatch.setattr(UnpaidLimits, "read_basket", count_then_enter)

    assert all_at_once(order_as("ada@example.com"), THREADS) == {"ordered": THREADS}
