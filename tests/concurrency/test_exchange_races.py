"""Moves of one exchange at once: it comes about once, or its money goes back, and never both."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import IntegrityError

from checkout.ending import expire_orders
from checkout.ending.end_orders import cancel_order
from checkout.ending.expire_orders import expire_reservations
from checkout.errors import OrderNotCancellableError, ReplacementGoneError, WrongReturnStepError
from checkout.exchanging import selectors as exchanging
from checkout.models import ExchangeCredit, Order, Payment, Refund, Return, SubOrder
from checkout.moves import judging
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from checkout.returning import decide_return as deciding
from checkout.returning import receive_return as receiving
from checkout.returning.selectors import get_any_return
from checkout.reversals import refund_part as refunding
from checkout.reversals.refund_part import PartRefund, refund_part
from checkout.reversals.reverse import LockedMoney
from kit.errors import DomainError
from payouts.audit.run import run_audit
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.exchanges import (
    PRICE,
    SHOP,
    Sizes,
    accept,
    ask_exchange,
    deliver,
    exchange,
    fresh,
    pay_for,
    receive,
    stock_sizes,
)
from tests.world.market import buy, open_shop
from tests.world.payments import pay
from tests.world.races import after_all, all_at_once

PEOPLE = 4
LATE = NOW + timedelta(days=settings.EXCHANGE_PAY_DAYS, seconds=1)


@pytest.fixture
def sizes(live_database: str) -> Sizes:
    return stock_sizes(open_shop("indigo"), on_hand=4)


@pytest.fixture
def part(sizes: Sizes, paystack: SandboxProcess) -> SubOrder:
    """Three units of a delivered order."""
    order = buy(sizes["M"].line(3))
    pay_for(order, paystack)
    return deliver(order)


def wanted(sizes: Sizes, size: str) -> dict[UUID, UUID]:
    return {sizes["M"].variant_id: sizes[size].variant_id}


def findings() -> list[Any]:
    return [finding for result in run_audit(with_provider=False, now=NOW).results for finding in result.findings]


def refunded() -> int:
    return sum(Refund.objects.values_list("amount_minor", flat=True))


def tried(work: Any, refusal: type[Exception] = DomainError) -> str:
    try:
        work()
    except (DomainError, refusal):
        return "refused"
    return "done"


def test_the_last_units_are_kept_for_an_exchange_or_sold(part: SubOrder, sizes: Sizes) -> None:
    found = ask_exchange(part, wanted(sizes, "L"), units={sizes["M"].variant_id: 3})

    def work(number: int) -> str:
        if number:
            return f"buy {tried(lambda: buy(sizes['L'].line(3)))}"
        return f"keep {tried(lambda: accept(found), ReplacementGoneError)}"

    done = all_at_once(work, PEOPLE)
    assert done["keep done"] + done["buy done"] == 1
    assert sizes["L"].level() == (4, 3)
    assert Order.objects.filter(exchange_of=found).count() == done["keep done"]
    assert findings() == []


def test_an_exchange_is_accepted_once_however_many_accept(part: SubOrder, sizes: Sizes) -> None:
    found = ask_exchange(part, wanted(sizes, "L"))
    done = all_at_once(lambda _: tried(lambda: accept(found), WrongReturnStepError), PEOPLE)
    assert done == {"done": 1, "refused": PEOPLE - 1}
    assert sizes["L"].level() == (4, 1)


def test_without_the_lock_an_exchange_is_kept_twice_but_for_the_constraint(
    part: SubOrder, sizes: Sizes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both find that nothing is kept yet."""
    found = ask_exchange(part, wanted(sizes, "L"))
    both = Barrier(2)

    def read_without_lock(*, return_id: UUID) -> Return:
        read = get_any_return(return_id=return_id)
        both.wait(timeout=60)
        return read

    monkeypatch.setattr(deciding, "lock_return", read_without_lock)
    assert all_at_once(lambda _: tried(lambda: accept(found), IntegrityError), 2) == {"done": 1, "refused": 1}


def test_what_arrives_is_exchanged_or_its_money_goes_back_but_not_both(part: SubOrder, sizes: Sizes) -> None:
    found = accept(ask_exchange(part, wanted(sizes, "L")))
    order = Order.objects.get(exchange_of=found)

    def work(number: int) -> str:
        if number % 2:
            return f"receive {tried(lambda: receive(found), WrongReturnStepError)}"
        return f"cancel {tried(lambda: cancel_order(order_id=order.pk, now=NOW), OrderNotCancellableError)}"

    done = all_at_once(work, PEOPLE)
    assert done["receive done"] == 1
    order.refresh_from_db()
    assert (order.status, refunded(), sizes["L"].level()) in [("paid", 0, (3, 0)), ("cancelled", PRICE, (4, 0))]
    assert findings() == []


def test_without_the_lock_what_is_cancelled_is_exchanged_all_the_same(
    part: SubOrder, sizes: Sizes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the order is cancelled after it was read as kept, and before it is paid."""
    found = accept(ask_exchange(part, wanted(sizes, "L")))
    order = Order.objects.get(exchange_of=found)

    def read_without_lock(found: Return) -> Order | None:
        read = Order.objects.get(exchange_of=found)
        all_at_once(lambda _: bool(cancel_order(order_id=read.pk, now=NOW)), 1)
        return read

    monkeypatch.setattr(receiving, "lock_replacement", read_without_lock)
    receive(found)
    order.refresh_from_db()
    assert (order.status, refunded()) == ("cancelled", PRICE)  # the record's own lock has seen it
    assert exchanging.state_of(get_any_return(return_id=found.pk)) == exchanging.ExchangeState.ENDED


@pytest.fixture
def owing(part: SubOrder, sizes: Sizes, paystack: SandboxProcess) -> Payment:
    """The payment of an exchange's difference, made at the provider and not heard of."""
    return start_payment(order_id=exchange(part, wanted(sizes, "XL")).pk, now=NOW)


def test_a_difference_is_paid_in_time_or_all_money_goes_back(
    owing: Payment, sizes: Sizes, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expire_orders, "ask_about_payments", lambda **_: None)  # it hears nothing of it
    pay(paystack, owing)

    def work(number: int) -> str:
        if number % 2:
            return confirm_payment(reference=owing.reference, now=LATE).status
        return f"expired {expire_reservations(now=LATE)}"

    all_at_once(work, PEOPLE)
    owing.order.refresh_from_db()
    credit = ExchangeCredit.objects.get()
    assert (owing.order.status, credit.status, refunded(), sizes["XL"].level()) in [
        ("paid", "used", 0, (3, 0)),
        ("expired", "returned", PRICE + 240_000, (4, 0)),
    ]
    assert findings() == []


def test_without_the_lock_an_exchange_ends_after_it_was_paid(
    owing: Payment, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the order is ended as it was before it was paid."""
    pay(paystack, owing)
    monkeypatch.setattr(expire_orders, "ask_about_payments", lambda **_: None)

    def read_before(*, order_id: UUID) -> Order:
        read = Order.objects.get(pk=order_id)
        all_at_once(lambda _: bool(confirm_payment(reference=owing.reference, now=LATE)), 1)
        return read

    monkeypatch.setattr(expire_orders, "lock_order", read_before)
    expire_reservations(now=LATE)
    owing.order.refresh_from_db()
    assert (owing.order.status, owing.order.sub_orders.get().status) == ("expired", "new")


def test_two_orders_give_one_payment_back_at_once_and_never_more_than_was_paid(
    part: SubOrder, sizes: Sizes, paystack: SandboxProcess
) -> None:
    sent = exchange(part, wanted(sizes, "L")).sub_orders.get()

    def work(number: int) -> str:
        one = fresh(part if number % 2 else sent)
        return tried(lambda: refund_part(PartRefund(one, SHOP, "Sorry", goodwill_minor=one.kept_minor), now=NOW))

    done = all_at_once(work, PEOPLE)
    assert done == {"done": 2, "refused": 2}
    assert refunded() == Payment.objects.get().captured_minor
    assert findings() == []


def test_without_the_lock_what_an_exchange_gave_back_is_lost(
    part: SubOrder, sizes: Sizes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both read the part before either has written it."""
    sent = exchange(part, wanted(sizes, "L")).sub_orders.get()
    monkeypatch.setattr(refunding, "lock_order", lambda *, order_id: Order.objects.get(pk=order_id))
    monkeypatch.setattr(refunding, "lock_money", lambda *, order: LockedMoney(order, [Payment.objects.get()]))
    monkeypatch.setattr(refunding, "check_part_move", after_all(judging.check_part_move, 2))
    wish = PartRefund(fresh(sent), SHOP, "Sorry", goodwill_minor=300_000)
    assert all_at_once(lambda _: tried(lambda: refund_part(wish, now=NOW)), 2) == {"done": 2}
    assert refunded() == 600_000
    assert findings()
