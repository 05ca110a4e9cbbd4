"""Two changes of one shop's status at once: one is made, the other sees it."""

from __future__ import annotations

from itertools import pairwise
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from tenants.errors import ShopStatusError
from tenants.life import closing
from tenants.life import transitions as lifecycle
from tenants.models import Shop, ShopEvent, ShopStatus
from tenants.shops.selectors import get_shop
from tests.world.clock import NOW
from tests.world.races import all_at_once
from tests.world.shops import make_shop

WHO: dict[str, Any] = {"actor_id": None, "now": NOW}


def _race(shop: Shop) -> None:
    """Suspend a shop while its holiday is ended."""

    def work(number: int) -> str:
        try:
            if number:
                lifecycle.suspend_shop(shop_id=shop.pk, reason="Sells fakes", **WHO)
                return "suspended"
            lifecycle.end_holiday(shop_id=shop.pk, **WHO)
        except ShopStatusError:
            return "refused"
        return "ended"

    all_at_once(work, 2)


def _trail(shop: Shop) -> list[tuple[str, str]]:
    events = ShopEvent.objects.filter(shop_id=shop.pk).order_by("id").values_list("details", flat=True)
    return [(details["before"], details["after"]) for details in events]


def _is_one_story(trail: list[tuple[str, str]]) -> bool:
    steps = [("holiday", "holiday"), *trail]
    return all(earlier[1] == later[0] for earlier, later in pairwise(steps))


def test_a_suspension_is_never_lost_to_the_end_of_a_holiday(live_database: str) -> None:
    shops = [make_shop(f"shop-{number}", status=ShopStatus.HOLIDAY) for number in range(5)]
    for shop in shops:
        _race(shop)
        assert Shop.objects.get(pk=shop.pk).status == ShopStatus.SUSPENDED
        assert _is_one_story(_trail(shop)), _trail(shop)


def test_without_the_lock_it_would_be(live_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    both_have_read = Barrier(2)

    def read(*, shop_id: int) -> Shop:
        shop = get_shop(shop_id=shop_id)
        try:
            both_have_read.wait(timeout=60)
        except BrokenBarrierError:
            pytest.fail("The two did not meet.")
        return shop

    shop = make_shop("indigo", status=ShopStatus.HOLIDAY)
    monkeypatch.setattr(lifecycle, "lock_shop", read)
    _race(shop)
    assert not _is_one_story(_trail(shop))


def test_of_many_who_close_a_shop_one_does(live_database: str) -> None:
    shop = make_shop("indigo")

    def work(_number: int) -> str:
        try:
            closing.start_closing(shop_id=shop.pk, reason="", **WHO)
        except ShopStatusError:
            return "refused"
        return "closing"

    assert all_at_once(work, 8) == {"closing": 1, "refused": 7}
    assert _trail(shop) == [("live", "closing")]
