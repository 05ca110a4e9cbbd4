"""Moves of one return at once: one after the other, and its money goes back once."""

from __future__ import annotations

from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from checkout.errors import NotReturnableError, UnitsNotLeftError, WrongReturnStepError
from checkout.fulfilling.advance_part import deliver_part, ship_part
from checkout.fulfilment.services import Parcel
from checkout.models import Payment, Refund, Return, ReversedBy, SubOrder
from checkout.payments.confirm_payment import confirm_payment
from checkout.returning import receive_return as receiving
from checkout.returning.ask_return import ReturnRequest, ask_return
from checkout.returning.decide_return import move_return
from checkout.returning.moves import Move
from checkout.returning.receive_return import Receipt, receive_return
from checkout.returning.selectors import get_any_return
from checkout.reversals import reverse
from checkout.reversals.reverse import Actor
from payouts.audit.run import run_audit
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, stock
from tests.world.payments import pay, started
from tests.world.races import all_at_once

PEOPLE = 4
SHOP, BUYER = Actor(ReversedBy.SHOP), Actor(ReversedBy.BUYER)


@pytest.fixture
def item(live_database: str) -> Stocked:
    return stock(open_shop("indigo"))


@pytest.fixture
def part(item: Stocked, paystack: SandboxProcess) -> SubOrder:
    """Three units of a delivered order."""
    payment = started(item.line(3))
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=NOW)
    part = SubOrder.objects.select_related("shop").get()
    ship_part(shop=part.shop, number=part.number, parcel=Parcel(), now=NOW)
    deliver_part(shop=part.shop, number=part.number, now=NOW)
    return SubOrder.objects.select_related("shop").get()


def ask(part: SubOrder, item: Stocked, count: int) -> Return:
    return ask_return(ReturnRequest(part, {item.variant_id: count}, "Torn"), now=NOW)


@pytest.fixture
def accepted(part: SubOrder, item: Stocked) -> Return:
    return move_return(return_id=ask(part, item, 1).pk, move=Move.ACCEPT, by=SHOP, now=NOW)


def receive(found: Return) -> str:
    try:
        receive_return(Receipt(found.pk, SHOP), now=NOW)
    except WrongReturnStepError:
        return "too late"
    return "received"


def findings() -> list[Any]:
    return [finding for result in run_audit(with_provider=False, now=NOW).results for finding in result.findings]


def test_units_are_asked_for_once_however_many_ask(part: SubOrder, item: Stocked) -> None:
    def work(_: int) -> str:
        try:
            ask(part, item, 2)
        except (UnitsNotLeftError, NotReturnableError):
            return "asked for already"
        return "asked"

    assert all_at_once(work, PEOPLE) == {"asked": 1, "asked for already": PEOPLE - 1}


def test_a_return_is_received_once_or_withdrawn(accepted: Return) -> None:
    def work(number: int) -> str:
        if number:
            return receive(accepted)
        try:
            move_return(return_id=accepted.pk, move=Move.CANCEL, by=BUYER, now=NOW)
        except WrongReturnStepError:
            return "too late"
        return "withdrawn"

    results = all_at_once(work, PEOPLE)
    assert results["received"] + results["withdrawn"] == 1
    assert Refund.objects.count() == results["received"]
    assert findings() == []


def test_without_the_lock_a_return_is_paid_back_twice(accepted: Return, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    both_have_read = Barrier(2)

    def read_without_lock(*, return_id: UUID) -> Return:
        return get_any_return(return_id=return_id)

    def payments_without_lock(*, order_id: UUID) -> list[Payment]:
        both_have_read.wait(timeout=60)
        return list(Payment.objects.filter(order_id=order_id))

    monkeypatch.setattr(receiving, "lock_return", read_without_lock)
    monkeypatch.setattr(reverse, "lock_payments", payments_without_lock)
    assert all_at_once(lambda _: receive(accepted), 2) == {"received": 2}
    assert Refund.objects.count() == 2
    assert findings()
