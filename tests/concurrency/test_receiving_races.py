"""A parcel that the buyer, the shop and two timers deliver at once is delivered by one of them."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from checkout.fulfilling import deliver_by_timer as timer
from checkout.fulfilling import deliver_parcels as arriving
from checkout.fulfilling import receive_parts as receiving
from checkout.fulfilling.advance_part import deliver_part, ship_part
from checkout.fulfilling.receive_parts import receive_parts
from checkout.fulfilment.errors import WrongStepError
from checkout.fulfilment.events import VendorOrderDelivered
from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.services import Parcel, mark_paid
from checkout.fulfilment.services import advance as records
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, OrderStatus, SubOrder
from checkout.orders.selectors import lock_order
from kit.work import outbox
from tests.world.clock import NOW
from tests.world.market import buy, open_shop, stock
from tests.world.races import all_at_once, followed_by

LATER = NOW + timedelta(days=90)


@pytest.fixture
def sent(live_database: str) -> SubOrder:
    """A parcel that should have arrived long ago."""
    item = stock(open_shop("indigo"))
    order = buy(item.line())
    part = SubOrder.objects.select_related("shop").get(order=order)
    mark_paid(schema_name=item.shop.schema_name, sub_order_id=part.pk, shop_id=item.shop.pk, now=NOW)
    SubOrder.objects.update(status=PartStatus.NEW, status_at=NOW)
    Order.objects.update(status=OrderStatus.PAID, paid_at=NOW)
    ship_part(shop=item.shop, number=part.number, parcel=Parcel(), now=NOW)
    return part


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sides by whose word it was told that a parcel has arrived."""
    said: list[str] = []
    real = outbox.emit

    def emit(event: Any, **more: Any) -> None:
        if isinstance(event, VendorOrderDelivered):
            said.append(event.delivered_by)
        real(event, **more)

    monkeypatch.setattr(outbox, "emit", emit)
    return said


def by_timer(_part: SubOrder) -> str:
    return "timer" if timer.deliver_overdue(now=LATER) else "nothing"


def by_buyer(part: SubOrder) -> str:
    return "buyer" if receive_parts(order_id=part.order_id, now=LATER) else "nothing"


def by_shop(part: SubOrder) -> str:
    try:
        deliver_part(shop=part.shop, number=part.number, now=LATER)
    except WrongStepError:
        return "nothing"
    return "shop"


def test_one_of_them_delivers_it_and_it_is_told_once(sent: SubOrder, told: list[str]) -> None:
    acts = (by_timer, by_buyer, by_shop, by_timer)
    results = all_at_once(lambda number: acts[number](sent), len(acts))
    assert results["nothing"] == 3
    assert results[SubOrder.objects.get().delivered_by] == 1
    assert told == [SubOrder.objects.get().delivered_by]


def test_the_timer_skips_an_order_that_another_process_holds(sent: SubOrder) -> None:
    with transaction.atomic():
        lock_order(order_id=sent.order_id)
        assert all_at_once(lambda _: by_timer(sent), 1) == {"nothing": 1}
    assert by_timer(sent) == "timer"


def test_a_part_that_has_moved_since_it_was_found_is_left(
    sent: SubOrder, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(sent.pk, sent.order_id)]
    monkeypatch.setattr(timer, "_due", followed_by(lambda _now: found, lambda: by_buyer(sent)))
    assert by_timer(sent) == "nothing"
    assert SubOrder.objects.get().delivered_by == "buyer"
    assert told == [SubOrder.objects.get().delivered_by]


def test_without_the_locks_it_is_delivered_twice(
    sent: SubOrder, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both have read the part as it is on its way before one of them writes."""
    both_have_read = Barrier(2)

    def read_without_lock(*, order_id: UUID) -> Order:
        return Order.objects.get(pk=order_id)

    def record_without_lock(vendor_order_id: UUID) -> VendorOrder:
        record = VendorOrder.objects.get(pk=vendor_order_id)
        both_have_read.wait(timeout=60)
        return record

    monkeypatch.setattr(timer, "lock_free_order", read_without_lock)
    for module in (arriving, receiving):
        monkeypatch.setattr(module, "lock_order", read_without_lock)
    monkeypatch.setattr(records, "lock_record", record_without_lock)
    acts = (by_timer, by_buyer)
    assert all_at_once(lambda number: acts[number](sent), 2) == {"timer": 1, "buyer": 1}
    assert sorted(told) == ["buyer", "timer"]
