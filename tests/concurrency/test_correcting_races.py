"""Corrections of one order at once: one after the other, and never half of one."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError
from django_tenants.utils import schema_context

from checkout.fulfilling import change_tracking as changing
from checkout.fulfilling import undo_step as undoing
from checkout.fulfilling.advance_part import deliver_part, pack_part, ship_part
from checkout.fulfilment.errors import WrongStepError
from checkout.fulfilment.models import Shipment, VendorOrder
from checkout.fulfilment.services import Parcel, change_vendor_order_parcel, mark_paid
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, OrderStatus, SubOrder
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.market import buy, open_shop, stock
from tests.world.own_shop import member
from tests.world.races import all_at_once


@pytest.fixture
def sent(live_database: str) -> SubOrder:
    """A parcel that is packed and on its way."""
    item = stock(open_shop("indigo"))
    order = buy(item.line())
    part = SubOrder.objects.select_related("shop").get(order=order)
    mark_paid(schema_name=item.shop.schema_name, sub_order_id=part.pk, shop_id=item.shop.pk, now=NOW)
    SubOrder.objects.update(status=PartStatus.NEW, status_at=NOW)
    Order.objects.update(status=OrderStatus.PAID, paid_at=NOW)
    pack_part(shop=item.shop, number=part.number, now=NOW)
    ship_part(shop=item.shop, number=part.number, parcel=Parcel("Kwik", "NG1"), now=NOW)
    return part


def undo(part: SubOrder, actor_id: int) -> str:
    undoing.undo_step(shop=part.shop, number=part.number, step=PartStatus.SHIPPED, actor_id=actor_id, now=NOW)
    return "undone"


def correct(part: SubOrder, actor_id: int) -> str:
    parcel = Parcel("Kwik", "NG2")
    changing.change_tracking(shop=part.shop, number=part.number, parcel=parcel, actor_id=actor_id, now=NOW)
    return "corrected"


def deliver(part: SubOrder, actor_id: int) -> str:
    deliver_part(shop=part.shop, number=part.number, now=NOW)
    return "delivered"


def together(part: SubOrder, *acts: Callable[[SubOrder, int], str]) -> list[str]:
    actor_id = member(part.shop).pk

    def work(number: int) -> str:
        try:
            return acts[number](part, actor_id)
        except WrongStepError:
            return "refused"
        except OperationalError as error:
            return "deadlock" if "deadlock" in str(error) else str(error)

    return sorted(all_at_once(work, len(acts)).elements())


def records(shop: Shop) -> tuple[Any, ...]:
    """Status and tracking in the shop's record and in the buyer's order."""
    part = SubOrder.objects.get()
    with schema_context(shop.schema_name):
        own = VendorOrder.objects.get()
        numbers = list(Shipment.objects.values_list("tracking_number", flat=True))
    return own.status, part.status, numbers, part.tracking.get("number")


def test_a_step_is_undone_once_however_many_undo_it(sent: SubOrder) -> None:
    assert together(sent, undo, undo, undo, undo) == ["refused", "refused", "refused", "undone"]
    assert records(sent.shop) == ("packed", "packed", [], None)


def test_a_parcel_is_delivered_or_taken_back(sent: SubOrder) -> None:
    results = together(sent, undo, deliver, undo, deliver)
    assert results.count("refused") == 3
    if "undone" in results:
        assert records(sent.shop) == ("packed", "packed", [], None)
        assert Order.objects.get().status == OrderStatus.PAID
    else:
        assert records(sent.shop) == ("delivered", "delivered", ["NG1"], "NG1")
        assert Order.objects.get().status == OrderStatus.COMPLETED


def test_undoing_waits_for_a_correction(sent: SubOrder) -> None:
    results = together(sent, undo, correct)
    assert results in (["corrected", "undone"], ["refused", "undone"])
    assert records(sent.shop) == ("packed", "packed", [], None)


def test_without_the_orders_lock_they_wait_for_each_other(sent: SubOrder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: each holds one of the two records, and wants the other."""
    both_hold_one = Barrier(2)

    def followed_by_meeting(act: Callable[..., Any]) -> Callable[..., Any]:
        def done(*args: Any, **kwargs: Any) -> Any:
            result = act(*args, **kwargs)
            both_hold_one.wait(timeout=60)
            return result

        return done

    def read_without_lock(*, order_id: UUID) -> Order:
        return Order.objects.get(pk=order_id)

    for module in (undoing, changing):
        monkeypatch.setattr(module, "lock_order", read_without_lock)
    monkeypatch.setattr(undoing, "_undo_sub_order", followed_by_meeting(undoing._undo_sub_order))
    changed = followed_by_meeting(change_vendor_order_parcel)
    monkeypatch.setattr(changing, "change_vendor_order_parcel", changed)
    assert "deadlock" in together(sent, undo, correct)
