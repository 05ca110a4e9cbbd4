"""A shop changes its zones while an order is placed: the buyer pays what they saw, or is refused with the new total."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import IntegrityError

from checkout.errors import PriceChangedError
from checkout.fulfilment.services.zones import Method, Zone, read_zones
from checkout.models import Order
from checkout.placing import place_order as placing
from checkout.placing.claims import OrderClaim
from checkout.placing.drafting import draft_order
from checkout.zones import change_zones as zones_module
from checkout.zones.change_zones import add_zone, change_zone
from tests.world.clock import NOW
from tests.world.market import Stocked, buy, open_shop, order_request, stock
from tests.world.races import after_all, all_at_once, followed_by

GOODS, BEFORE, AFTER = 1_850_000, 50_000, 90_000
LAGOS = Zone(name="Lagos", country="NG", subdivisions=("NG-LA",), methods=(Method(price_minor=BEFORE),))


@pytest.fixture
def cloth(live_database: str) -> Stocked:
    stocked = stock(open_shop("lagos-cloth"), on_hand=100)
    add_zone(shop=stocked.shop, zone=LAGOS, actor_id=None, now=NOW)
    return stocked


def raise_price(cloth: Stocked) -> bool:
    def dearer(zone: Zone) -> Zone:
        return replace(zone, methods=(replace(zone.methods[0], price_minor=AFTER),))

    change_zone(shop=cloth.shop, zone_id=LAGOS.id, revise=dearer, actor_id=None, now=NOW)
    return True


def order(cloth: Stocked, key: str = "key") -> Order:
    request = order_request(key=key, expected=GOODS + BEFORE)
    return buy(cloth.line(), request=request)


def test_a_zone_that_changes_after_the_quote_leaves_the_order_at_the_price_that_was_seen(
    cloth: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "draft_order", followed_by(draft_order, lambda: raise_price(cloth)))
    placed = order(cloth)
    assert (placed.total_minor, placed.shipping_minor) == (GOODS + BEFORE, BEFORE)
    with pytest.raises(PriceChangedError) as refused:
        order(cloth, "another")
    assert refused.value.details["total_minor"] == GOODS + AFTER
    assert (Order.objects.count(), cloth.level()) == (1, (100, 1))


def test_a_zone_that_changes_before_the_quote_refuses_the_total_of_before(
    cloth: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = OrderClaim.claim_query
    monkeypatch.setattr(OrderClaim, "claim_query", followed_by(claim, lambda: raise_price(cloth)))
    with pytest.raises(PriceChangedError) as refused:
        order(cloth)
    assert refused.value.details["total_minor"] == GOODS + AFTER
    assert (Order.objects.count(), cloth.level()) == (0, (100, 0))


def adding(cloth: Stocked) -> Callable[[int], str]:
    """Return work of threads that each add a zone of another country."""
    others = ("GH", "KE")

    def work(number: int) -> str:
        zone = Zone(country=others[number], methods=(Method(price_minor=1_000),))
        try:
            add_zone(shop=cloth.shop, zone=zone, actor_id=None, now=NOW)
        except IntegrityError:
            return "failed"
        return "added"

    return work


def countries(cloth: Stocked) -> set[str]:
    return {zone.country for zone in read_zones(schema_name=cloth.shop.schema_name)}


def test_two_people_who_add_zones_at_once_keep_each_other_s(cloth: Stocked) -> None:
    assert all_at_once(adding(cloth), 2) == {"added": 2}
    assert countries(cloth) == {"", "NG", "GH", "KE"}


def test_control_without_the_lock_one_zone_is_lost(cloth: Stocked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zones_module, "lock_shop", lambda *, shop_id: cloth.shop)  # noqa: ARG005 - in its place
    monkeypatch.setattr(zones_module, "read_zones", after_all(read_zones, 2))
    all_at_once(adding(cloth), 2)
    assert countries(cloth) in ({"", "NG", "GH"}, {"", "NG", "KE"})
