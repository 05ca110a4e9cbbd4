"""Cancelling units of one order at once, and beside the shop that ships it: one after the other, never twice."""

from __future__ import annotations

from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from checkout.errors import AlreadySentError, OrderNotCancellableError, UnitsNotLeftError
from checkout.fulfilling.advance_part import ship_part
from checkout.fulfilment.errors import WrongStepError
from checkout.fulfilment.services import Parcel
from checkout.models import Order, Payment, Refund, Reversal, ReversedBy, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.reversals import cancel_units as cancelling
from checkout.reversals import reverse
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.reverse import Actor
from payouts.audit.run import run_audit
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
    """A shop's part of a paid order, three units of one line."""
    payment = started(item.line(3))
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=NOW)
    return SubOrder.objects.select_related("shop").get()


def cancel(part: SubOrder, item: Stocked, count: int) -> str:
    wish = Cancellation(part.order_id, {part.pk: {item.variant_id: count}}, Actor(ReversedBy.BUYER))
    try:
        cancel_units(wish, now=NOW)
    except UnitsNotLeftError:
        return "none left"
    except (AlreadySentError, OrderNotCancellableError):
        return "too late"
    return "cancelled"


def findings() -> list[Any]:
    return [finding for result in run_audit(with_provider=False, now=NOW).results for finding in result.findings]


def test_units_are_cancelled_and_refunded_once_however_many_cancel_them(part: SubOrder, item: Stocked) -> None:
    results = all_at_once(lambda _: cancel(part, item, 2), PEOPLE)
    assert results == {"cancelled": 1, "none left": PEOPLE - 1}
    [reversal] = Reversal.objects.all()
    assert [refund.amount_minor for refund in Refund.objects.all()] == [reversal.total_minor]
    assert findings() == []


def test_a_parcel_is_sent_or_cancelled(part: SubOrder, item: Stocked) -> None:
    def work(number: int) -> str:
        if number % 2:
            return cancel(part, item, 3)
        try:
            ship_part(shop=part.shop, number=part.number, parcel=Parcel(), now=NOW)
        except WrongStepError:
            return "cancelled first"
        return "shipped"

    results = all_at_once(work, PEOPLE)
    assert results["cancelled"] + results["shipped"] == 1
    assert Refund.objects.count() == results["cancelled"]
    assert findings() == []


def test_without_the_locks_a_refund_is_lost_from_the_parts_figures(
    part: SubOrder, item: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    both_have_read = Barrier(2)
    choose = cancelling._chosen

    def read_without_lock(*, order_id: UUID) -> Order:
        return Order.objects.get(pk=order_id)

    def payments_without_lock(*, order_id: UUID) -> list[Payment]:
        return list(Payment.objects.filter(order_id=order_id))

    def choose_together(*args: Any) -> list[SubOrder]:
        chosen = choose(*args)
        both_have_read.wait(timeout=60)
        return chosen

    monkeypatch.setattr(cancelling, "lock_order", read_without_lock)
    monkeypatch.setattr(reverse, "lock_payments", payments_without_lock)
    monkeypatch.setattr(cancelling, "_chosen", choose_together)
    assert all_at_once(lambda _: cancel(part, item, 1), 2) == {"cancelled": 2}
    assert Reversal.objects.count() == 2
    assert SubOrder.objects.get().cancelled_units == {str(item.variant_id): 1}, "of the two that were cancelled"
    assert findings()
