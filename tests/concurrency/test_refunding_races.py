"""Giving money of one part back at once: one after the other, and never more than was paid."""

from __future__ import annotations

from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from checkout.errors import NotRefundableError, RefundTooLargeError, UnitsNotLeftError
from checkout.models import Order, Payment, Refund, Reversal, ReversedBy, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.reversals import refund_part as refunding
from checkout.reversals import reverse
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.refund_part import PartRefund, refund_part
from checkout.reversals.reverse import Actor
from payouts.audit.run import run_audit
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, stock
from tests.world.payments import pay, started
from tests.world.races import all_at_once

PEOPLE = 4
SHOP = Actor(ReversedBy.OPERATOR)


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


def give(part: SubOrder, **asked: Any) -> str:
    try:
        refund_part(PartRefund(part=part, by=SHOP, reason="Torn", **asked), now=NOW)
    except RefundTooLargeError:
        return "too much"
    except (UnitsNotLeftError, NotRefundableError):
        return "none left"
    return "given"


def findings() -> list[Any]:
    return [finding for result in run_audit(with_provider=False, now=NOW).results for finding in result.findings]


def test_all_of_it_goes_back_once_however_many_give_it(part: SubOrder) -> None:
    results = all_at_once(lambda _: give(part, goodwill_minor=part.total_minor), PEOPLE)
    assert results == {"given": 1, "too much": PEOPLE - 1}
    assert [refund.amount_minor for refund in Refund.objects.all()] == [part.total_minor]
    assert findings() == []


def test_units_goodwill_and_a_cancellation_at_once_are_never_more_than_was_paid(part: SubOrder, item: Stocked) -> None:
    def work(number: int) -> str:
        if number == 0:
            wish = Cancellation(part.order_id, {part.pk: {item.variant_id: 3}}, Actor(ReversedBy.BUYER))
            cancel_units(wish, now=NOW)
            return "cancelled"
        return give(part, units={item.variant_id: 2}) if number == 1 else give(part, goodwill_minor=100_000)

    results = all_at_once(work, PEOPLE)
    assert results["cancelled"] == 1
    assert sum(refund.amount_minor for refund in Refund.objects.all()) == part.total_minor
    assert findings() == []


def test_without_the_locks_more_goes_back_than_the_part_knows(part: SubOrder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    both_have_read = Barrier(2)
    check = refunding._check

    def read_without_lock(*, order_id: UUID) -> Order:
        return Order.objects.get(pk=order_id)

    def payments_without_lock(*, order_id: UUID) -> list[Payment]:
        return list(Payment.objects.filter(order_id=order_id))

    def check_together(*args: Any) -> None:
        check(*args)
        both_have_read.wait(timeout=60)

    monkeypatch.setattr(refunding, "lock_order", read_without_lock)
    monkeypatch.setattr(reverse, "lock_payments", payments_without_lock)
    monkeypatch.setattr(refunding, "_check", check_together)
    assert all_at_once(lambda _: give(part, goodwill_minor=1_000), 2) == {"given": 2}
    assert Reversal.objects.count() == 2
    assert SubOrder.objects.get().refunded_minor == 1_000, "of the two that were given"
    assert findings()
