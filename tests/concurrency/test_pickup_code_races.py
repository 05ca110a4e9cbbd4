"""Wrong codes that are tried at once are counted one after the other, so that nobody gets a try more."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.utils import timezone

from checkout.errors import PickupCodeLockedError, WrongPickupCodeError
from checkout.fulfilling.advance_part import ship_part
from checkout.fulfilment.services import Parcel
from checkout.models import PickupCode
from checkout.stations import pickup_codes
from checkout.stations.pickup_codes import check_code
from tests.checkout.stations.world import choice, ordered_to, station, station_shop
from tests.world.races import after_all, all_at_once

AT_ONCE = 4


@pytest.fixture
def part_id(live_database: str) -> UUID:
    """A part at a station whose code has been wrong until one try is left."""
    cloth = station_shop()
    number = ordered_to(cloth, choice(station()))
    ship_part(shop=cloth.shop, number=number, parcel=Parcel(), now=timezone.now())
    PickupCode.objects.update(wrong_tries=4)
    return PickupCode.objects.get().sub_order_id


def try_at_once(part_id: UUID) -> dict[str, int]:
    def attempt(_: int) -> str:
        try:
            check_code(sub_order_id=part_id, code="AAAAAAAA")
        except (WrongPickupCodeError, PickupCodeLockedError) as refused:
            return refused.code
        return "right"

    return dict(all_at_once(attempt, AT_ONCE))


def test_the_last_try_is_had_once(part_id: UUID) -> None:
    assert try_at_once(part_id) == {"wrong_pickup_code": 1, "pickup_code_locked": AT_ONCE - 1}


def test_without_the_lock_all_have_it(part_id: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*, sub_order_id: UUID) -> PickupCode | None:
        return PickupCode.objects.filter(pk=sub_order_id).first()

    monkeypatch.setattr(pickup_codes, "lock_code", after_all(read, AT_ONCE))
    assert try_at_once(part_id) == {"wrong_pickup_code": AT_ONCE}
