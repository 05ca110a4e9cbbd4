"""Parcels of one part at once, and beside a cancellation: no unit is sent twice, none is sent and cancelled."""

from __future__ import annotations

from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError
from django_tenants.utils import schema_context

from checkout.errors import AlreadySentError, UnitsNotLeftError
from checkout.fulfilling import send_parcel as sending
from checkout.fulfilling.send_parcel import send_parcel
from checkout.fulfilment.errors import WrongStepError
from checkout.fulfilment.models import VendorOrderLine
from checkout.fulfilment.services import Parcel
from checkout.models import Order, ReversedBy, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.reverse import Actor
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, stock
from tests.world.payments import pay, started
from tests.world.races import all_at_once

PEOPLE = 4


@pytest.fixture
def item(live_database: str) -> Stocked:
    return stock(open_shop("indigo"))


@pytest.fixture
def part(item: Stocked, paystack: SandboxProcess) -> SubOrder:
    """A shop's part of a paid order, three units of one line, of which one has left."""
    payment = started(item.line(3))
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=NOW)
    found = SubOrder.objects.select_related("shop").get()
    assert send(found, item, 1) == "sent"
    return found


def send(part: SubOrder, item: Stocked, count: int) -> str:
    lines = {item.variant_id: count}
    try:
        send_parcel(shop=part.shop, number=part.number, parcel=Parcel(), lines=lines, now=NOW)
    except (UnitsNotLeftError, WrongStepError):
        return "none left"
    except IntegrityError:
        return "refused by the database"
    return "sent"


def cancel(part: SubOrder, item: Stocked, count: int) -> str:
    wish = Cancellation(part.order_id, {part.pk: {item.variant_id: count}}, Actor(ReversedBy.BUYER))
    try:
        cancel_units(wish, now=NOW)
    except (AlreadySentError, UnitsNotLeftError):
        return "none left"
    return "cancelled"


def units_of(part: SubOrder) -> tuple[int, int]:
    """Units that are sent and those that are cancelled, alike in both records."""
    with schema_context(part.shop.schema_name):
        line = VendorOrderLine.objects.get()
    market = SubOrder.objects.get()
    [told] = market.counted_lines
    assert (line.sent_quantity, line.cancelled_quantity) == (told["sent"], told["cancelled"])
    return told["sent"], told["cancelled"]


def test_the_last_units_are_sent_once_however_many_send_them(part: SubOrder, item: Stocked) -> None:
    assert all_at_once(lambda _: send(part, item, 2), PEOPLE) == {"sent": 1, "none left": PEOPLE - 1}
    assert units_of(part) == (3, 0)
    assert SubOrder.objects.get().status == "shipped"


def test_a_unit_is_sent_or_cancelled(part: SubOrder, item: Stocked) -> None:
    results = all_at_once(lambda number: (send if number % 2 else cancel)(part, item, 2), PEOPLE)
    assert results["sent"] + results["cancelled"] == 1
    assert units_of(part) == ((3, 0) if results["sent"] else (1, 2))
    assert SubOrder.objects.get().status == "shipped"


def test_without_the_orders_lock_the_database_alone_refuses_the_second(
    part: SubOrder, item: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both find the last units, and one of them fails at the constraint instead of being told why."""
    both_have_read = Barrier(2)
    choose = sending._units

    def read_without_lock(*, order_id: UUID) -> Order:
        return Order.objects.get(pk=order_id)

    def choose_together(*args: Any) -> dict[UUID, int]:
        units = choose(*args)
        both_have_read.wait(timeout=60)
        return units

    monkeypatch.setattr(sending, "lock_order", read_without_lock)
    monkeypatch.setattr(sending, "_units", choose_together)
    results = all_at_once(lambda _: send(part, item, 1), 2)
    assert results == {"sent": 1, "refused by the database": 1}, "two units were left: both should have been sent"
