"""The last parts of an order that arrive at once: one of them completes it."""

from __future__ import annotations

from datetime import datetime
from threading import Barrier
from uuid import UUID

import pytest

from checkout.fulfilling import deliver_parcels
from checkout.fulfilling.advance_part import deliver_part, pack_part, ship_part
from checkout.fulfilment.errors import WrongStepError
from checkout.fulfilment.services import Parcel, mark_paid
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, OrderStatus, SubOrder
from checkout.orders.completing import settle_order
from tests.world.clock import NOW
from tests.world.market import buy, open_shop, stock, vendor_orders
from tests.world.races import all_at_once

SHOPS = 4


def shipped_order() -> Order:
    """A paid order of four shops, each of whose parcels is on its way."""
    order = buy(*(stock(open_shop(f"shop-{number}")).line() for number in range(SHOPS)))
    for part in SubOrder.objects.filter(order=order).select_related("shop"):
        mark_paid(schema_name=part.shop.schema_name, sub_order_id=part.pk, shop_id=part.shop_id, now=NOW)
    SubOrder.objects.filter(order=order).update(status=PartStatus.NEW, status_at=NOW)
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.PAID, paid_at=NOW)
    for part in SubOrder.objects.filter(order=order).select_related("shop"):
        ship_part(shop=part.shop, number=part.number, parcel=Parcel("Kwik", "NG1"), now=NOW)
    return order


def deliver_all_at_once(order: Order) -> None:
    parts = list(SubOrder.objects.filter(order=order).select_related("shop").order_by("id"))

    def work(number: int) -> str:
        deliver_part(shop=parts[number].shop, number=parts[number].number, now=NOW)
        return "done"

    assert all_at_once(work, SHOPS) == {"done": SHOPS}
    assert set(SubOrder.objects.values_list("status", flat=True)) == {PartStatus.DELIVERED}
    assert {record.status for record in vendor_orders([part.shop for part in parts])} == {PartStatus.DELIVERED}


def test_the_last_of_parts_that_arrive_at_once_completes_the_order(live_database: str) -> None:
    order = shipped_order()
    deliver_all_at_once(order)
    assert Order.objects.get(pk=order.pk).status == OrderStatus.COMPLETED


def test_without_the_orders_lock_nobody_completes_it(live_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    order = shipped_order()
    everybody_has_read = Barrier(SHOPS)
    settle = settle_order

    def read_without_lock(*, order_id: UUID) -> Order:
        return Order.objects.get(pk=order_id)

    def settle_together(order: Order, *, now: datetime) -> None:
        everybody_has_read.wait(timeout=60)
        settle(order, now=now)
        everybody_has_read.wait(timeout=60)

    monkeypatch.setattr(deliver_parcels, "lock_order", read_without_lock)
    monkeypatch.setattr(deliver_parcels, "settle_order", settle_together)
    deliver_all_at_once(order)
    assert Order.objects.get(pk=order.pk).status == OrderStatus.PAID


def test_a_step_that_two_take_at_once_is_taken_once(live_database: str) -> None:
    item = stock(open_shop("indigo"))
    order = buy(item.line())
    part = SubOrder.objects.get(order=order)
    mark_paid(schema_name=item.shop.schema_name, sub_order_id=part.pk, shop_id=item.shop.pk, now=NOW)
    SubOrder.objects.update(status=PartStatus.NEW)
    Order.objects.update(status=OrderStatus.PAID, paid_at=NOW)

    def pack(_: int) -> str:
        try:
            pack_part(shop=item.shop, number=part.number, now=NOW)
        except WrongStepError:
            return "refused"
        return "packed"

    assert all_at_once(pack, SHOPS) == {"packed": 1, "refused": SHOPS - 1}
