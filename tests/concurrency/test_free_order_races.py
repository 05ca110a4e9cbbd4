"""A free order that is sent several times at once is confirmed once: one order, one journal, its stock taken once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from checkout.cart import store
from checkout.cart.store import CartId
from checkout.models import CouponKind, Order
from checkout.placing.check_out import check_out
from checkout.placing.claims import OrderClaim
from checkout.placing.unpaid_limits import UnpaidLimits
from checkout.pricing.choices import Choices
from notifications.models import Email
from payouts.models import Journal
from tests.world.clock import NOW
from tests.world.coupons import coupon
from tests.world.market import Stocked, open_shop, order_request, stock
from tests.world.races import after_all, all_at_once

THREADS = 6
ADA = CartId.of_user(7)


@pytest.fixture
def cloth(live_database: str, settings: Any) -> Stocked:
    settings.PAYSTACK_BASE_URL = "http://127.0.0.1:9"
    coupon(None, "ALL", percent_bps=10_000, kind=CouponKind.PERCENT)
    coupon(None, "SHIP", kind=CouponKind.FREE_DELIVERY)
    cloth = stock(open_shop("cloth-hall"), on_hand=20)
    store.write_line(ADA, cloth.line(2))
    return cloth


@pytest.fixture
def all_have_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every request read the basket before the first of them goes on."""
    monkeypatch.setattr(UnpaidLimits, "read_basket", after_all(UnpaidLimits.read_basket, THREADS))


def send(key: str) -> str:
    request = replace(order_request(key=key), choices=Choices(coupons=("ALL", "SHIP")))
    return f"replay: {check_out(cart=ADA, request=request, now=NOW).is_replayed}"


def letters_to_buyer() -> int:
    return Email.objects.filter(to=order_request().buyer.email).count()


def test_a_free_order_sent_six_times_at_once_is_confirmed_once(cloth: Stocked, all_have_read: None) -> None:
    outcomes = all_at_once(lambda _: send("impatient"), THREADS)
    assert outcomes == {"replay: False": 1, "replay: True": THREADS - 1}
    assert (Order.objects.get().status, Journal.objects.count(), cloth.level()) == ("paid", 1, (18, 0))
    assert letters_to_buyer() == 1


def test_control_without_the_claims_each_request_is_an_order_of_its_own(
    cloth: Stocked, all_have_read: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OrderClaim, "_basket", None)
    assert all_at_once(lambda number: send(f"key-{number}"), THREADS) == {"replay: False": THREADS}
    assert (Journal.objects.count(), cloth.level(), letters_to_buyer()) == (THREADS, (20 - 2 * THREADS, 0), THREADS)
