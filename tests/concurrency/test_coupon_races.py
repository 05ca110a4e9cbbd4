"""Many buyers at once on one coupon: no more uses than it has, clear refusals, and the control without the guard."""

from __future__ import annotations

from threading import Barrier
from typing import Any

import pytest

from checkout.coupons import claiming
from checkout.ending.expire_orders import expire_reservations
from checkout.errors import CouponRefusedError
from checkout.models import CouponBuyer, CouponUse, Order
from checkout.placing import pipelined_commit, place_order
from checkout.pricing.lines import CartLine
from checkout.pricing.reading import read_quote
from kit.db.pipeline import Query
from kit.db.sql import execute
from tests.world.coupons import buy_with, coupon, used
from tests.world.market import Stocked, open_shop, stock
from tests.world.races import all_at_once

BUYERS, USES = 60, 10


@pytest.fixture
def pair(live_database: str) -> tuple[Stocked, Stocked]:
    return stock(open_shop("cloth-hall"), on_hand=1_000), stock(open_shop("pot-house"), sku="POT-1", on_hand=1_000)


@pytest.fixture
def cloth(pair: tuple[Stocked, Stocked]) -> Stocked:
    return pair[0]


def outcome(*lines: CartLine, **asked: Any) -> str:
    try:
        buy_with(*lines, **asked)
    except CouponRefusedError as refusal:
        [refused] = refusal.details["refused"]
        return str(refused["reason"])
    return "ordered"


@pytest.mark.parametrize("is_ample", [True, False], ids=["with the commit in the pipeline", "in the careful form"])
def test_sixty_buyers_of_ten_uses(cloth: Stocked, monkeypatch: pytest.MonkeyPatch, *, is_ample: bool) -> None:
    ten = coupon(cloth.shop, uses_total=USES)
    if not is_ample:
        monkeypatch.setattr(place_order, "has_ample_stock", lambda _: False)

    outcomes = all_at_once(lambda number: outcome(cloth.line(), email=f"buyer{number}@example.com"), BUYERS)

    assert outcomes == {"ordered": USES, "used_up": BUYERS - USES}
    assert Order.objects.count() == CouponUse.objects.count() == used(ten) == USES
    assert cloth.level() == (1_000, USES)
    assert expire_reservations(now=Order.objects.latest("expires_at").expires_at) == USES
    assert used(ten) == 0
    assert set(CouponBuyer.objects.values_list("used", flat=True)) == {0}
    assert outcome(cloth.line(), email="late@example.com") == "ordered"


def test_without_the_guard_there_are_more_uses_than_ten(cloth: Stocked, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a use is counted whether or not one is left, and no constraint catches it."""
    buyers = USES + 5
    execute("ALTER TABLE public.checkout_coupon DROP CONSTRAINT coupon_used_within_limit")
    guard = "NOT is_closed AND (uses_total IS NULL OR used < uses_total)"
    unguarded = claiming.OR_ERROR.replace(guard, "TRUE")
    assert unguarded != claiming.OR_ERROR
    monkeypatch.setattr(claiming, "OR_ERROR", unguarded)
    ten = coupon(cloth.shop, uses_total=USES)
    read_quote([cloth.line()], now=ten.created_at)
    together = Barrier(buyers)

    def claim_together(*args: Any, **kwargs: Any) -> list[Query[Any]]:
        together.wait(timeout=60)  # all have read that there are uses left
        return claiming.claim_queries(*args, **kwargs)

    monkeypatch.setattr(pipelined_commit, "claim_queries", claim_together)
    outcomes = all_at_once(lambda number: outcome(cloth.line(), email=f"buyer{number}@example.com"), buyers)
    assert outcomes == {"ordered": buyers}
    assert used(ten) == buyers > USES


def test_one_buyer_who_orders_twenty_times_at_once_uses_it_once(cloth: Stocked) -> None:
    ten = coupon(cloth.shop, uses_per_buyer=1)
    outcomes = all_at_once(lambda _: outcome(cloth.line(), email="ada@example.com"), 20)
    assert outcomes == {"ordered": 1, "used_by_you": 19}
    assert (used(ten), CouponBuyer.objects.get().used) == (1, 1)


def test_a_first_order_is_one_also_where_many_are_placed_at_once(cloth: Stocked) -> None:
    coupon(cloth.shop, is_first_order=True)
    outcomes = all_at_once(lambda _: outcome(cloth.line(), email="ada@example.com"), 10)
    assert outcomes.pop("ordered") == 1
    assert sum(outcomes.values()) == 9
    assert outcomes.keys() <= {"used_by_you", "not_first_order"}


def test_baskets_of_the_same_coupons_in_any_order_do_not_lock_each_other_up(pair: tuple[Stocked, Stocked]) -> None:
    first, second = pair
    coupons = [
        coupon(first.shop, uses_total=100),
        coupon(second.shop, uses_total=100),
        coupon(None, "ALL", uses_total=100),
    ]

    def attempt(number: int) -> str:
        lines = [first.line(), second.line()]
        codes = ("ALL", "TEN")
        asked: dict[str, Any] = {"codes": codes if number % 2 else codes[::-1], "email": f"buyer{number}@example.com"}
        return outcome(*(lines if number % 2 else lines[::-1]), **asked)

    assert all_at_once(attempt, 40) == {"ordered": 40}
    assert [used(each) for each in coupons] == [40, 40, 40]


def test_ending_and_ordering_at_once_leave_the_count_right(cloth: Stocked) -> None:
    ten = coupon(cloth.shop, uses_total=USES)
    for number in range(USES):
        buy_with(cloth.line(), email=f"first{number}@example.com")
    over = Order.objects.latest("expires_at").expires_at

    def attempt(number: int) -> str:
        if number == 0:
            return "ended" if expire_reservations(now=over) >= USES else "not ended"
        return outcome(cloth.line(), email=f"buyer{number}@example.com")

    outcomes = all_at_once(attempt, 15)
    assert outcomes["ended"] == 1
    counted = CouponUse.objects.filter(released_at=None).count()
    assert used(ten) == counted == Order.objects.filter(status="pending").count() <= USES
