"""An order that meets a silent provider waits for one call's time; after three such calls orders do not wait at all."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest

from checkout.cart import store
from checkout.cart.store import CartId
from checkout.models import Order, Payment
from checkout.placing.check_out import CheckoutResult, check_out
from gateway.calls import FAILURES, CallLimits, limit_calls
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, order_request, stock

pytestmark = pytest.mark.django_db
SECONDS = 0.5


@pytest.fixture
def silent(settings: Any) -> Iterator[socket.socket]:
    """A provider that takes connections and never answers, called as by a web process."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        listening.setblocking(False)
        settings.PAYSTACK_BASE_URL = f"http://127.0.0.1:{listening.getsockname()[1]}"
        limit_calls(CallLimits(calls=2, seconds=SECONDS))
        yield listening
        limit_calls(None)


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), on_hand=100)


def order(cloth: Stocked, number: int) -> tuple[CheckoutResult, float]:
    """Order a unit as a buyer of one's own; return the order, and the seconds that it took."""
    cart = CartId.of_user(number)
    store.write_line(cart, cloth.line())
    began = monotonic()
    request = order_request(key=f"key-{number}", email=f"buyer-{number}@example.com")
    return check_out(cart=cart, request=request, now=NOW), monotonic() - began


def calls_of(listening: socket.socket) -> int:
    count = 0
    while True:
        try:
            listening.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


def test_the_first_order_waits_for_one_call_and_is_kept_without_a_page(cloth: Stocked, silent: socket.socket) -> None:
    bought, seconds = order(cloth, 1)
    assert SECONDS <= seconds < SECONDS + 5  # five more for a busy machine
    assert (bought.payment_url, bought.is_replayed, Order.objects.get().status) == ("", False, "pending")
    assert (Payment.objects.get().status, cloth.level()) == ("created", (100, 1))


def test_orders_after_the_third_call_wait_for_none(cloth: Stocked, silent: socket.socket) -> None:
    for number in range(FAILURES + 5):
        bought, _ = order(cloth, number)
        assert bought.payment_url == ""
    assert (calls_of(silent), Order.objects.count(), cloth.level()) == (FAILURES, FAILURES + 5, (100, FAILURES + 5))


def test_a_web_process_waits_two_and_a_half_seconds_at_most() -> None:
    """The figure that docs/adr/0034 gives its reasons for."""
    limits = CallLimits(calls=2)
    assert (limits.seconds, limits.waiting_seconds) == (2.5, 0.5)
