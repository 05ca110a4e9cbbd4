"""What people, providers and clocks do to the orders of a history; a refusal is as good as success."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.error import HTTPError

from django.db import connection

from checkout.ending.end_orders import cancel_order
from checkout.ending.expire_orders import expire_reservations
from checkout.fulfilling.deliver_by_timer import deliver_overdue
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.poll_payments import poll_open_payments
from checkout.payments.start_payment import start_payment
from checkout.placing.place_order import place_order
from checkout.refunds.push_refunds import push_open_refunds
from gateway.errors import ProviderUnavailableError
from kit.errors import DomainError
from kit.work import outbox
from payouts.release.round import run_round
from tests.checkout.histories.market import History
from tests.world.market import order_request

T = TypeVar("T")


class Killed(BaseException):
    """The process ends here."""


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    """End the block as a killed process would, before its nth statement, and close its connection."""
    left = [statement]

    def run(execute: Any, *args: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise Killed
        return execute(*args)

    try:
        with connection.execute_wrapper(run):
            yield
    except Killed:
        connection.close()


def chosen(among: Sequence[T], number: int) -> T | None:
    """Return the one that a drawn number means; None of nothing."""
    return among[number % len(among)] if among else None


def fitting(among: Sequence[T], number: int, fits: Callable[[T], bool]) -> T | None:
    """Return the one that a drawn number means: three of four numbers mean one of those that fit."""
    fit = [each for each in among if fits(each)]
    return chosen(fit if fit and number % 4 else among, number // 4)


def run_tasks(*, now: datetime) -> None:
    """Do what the tasks of the clock do."""
    expire_reservations(now=now)
    poll_open_payments(now=now)
    push_open_refunds(now=now)
    deliver_overdue(now=now)
    run_round(now=now)
    outbox.relay(now=now)


@dataclass(frozen=True)
class Action:
    """One thing that is done to an order, a part, or whatever a drawn number means."""

    number: int

    def begin(self, history: History) -> None:
        """Let the time pass that it takes; calls that others have under way last no minutes, so nobody acts yet."""

    def attempt(self, history: History) -> bool:
        """Do it; return whether it was refused."""
        try:
            self.do(history)
        except (DomainError, ProviderUnavailableError, HTTPError):  # the last: the provider refuses the buyer
            return True
        return False

    def do(self, history: History) -> None:
        raise NotImplementedError


@dataclass(frozen=True)
class Buy(Action):
    """A basket over any shops, with coupons or without; its payment page is opened."""

    wanted: dict[int, int]
    codes: frozenset[int] = frozenset()

    def do(self, history: History) -> None:
        lines = [history.goods[place].line(quantity) for place, quantity in sorted(self.wanted.items())]
        codes = tuple(history.coupons[place].code for place in sorted(self.codes))
        request = order_request(email=history.email(self.number))
        order = place_order(lines=lines, request=request, now=history.now, codes=codes).order
        start_payment(order_id=order.pk, now=history.now)


class Pay(Action):
    """The buyer pays at the provider; the market has not heard of it yet."""

    def do(self, history: History) -> None:
        if payment := chosen(history.payments, self.number):
            history.paystack.call("POST", f"/sandbox/transactions/{payment.reference}/pay", {})


class Confirm(Action):
    """An event, a return or the poller brings the market to look at a payment."""

    def do(self, history: History) -> None:
        if payment := chosen(history.payments, self.number):
            confirm_payment(reference=payment.reference, now=history.now)


class CancelUnpaid(Action):
    def do(self, history: History) -> None:
        if order := chosen(history.orders, self.number):
            cancel_order(order_id=order.pk, now=history.now)


class Wait(Action):
    """Minutes pass, and the tasks that wait for the clock run."""

    def begin(self, history: History) -> None:
        history.later(minutes=self.number % 50)

    def do(self, history: History) -> None:
        run_tasks(now=history.now)


class WaitLong(Action):
    """Days pass: what is on its way is taken to have arrived, and the time for returns may be over."""

    def begin(self, history: History) -> None:
        history.later(days=5 + self.number % 25)

    def do(self, history: History) -> None:
        run_tasks(now=history.now)


class Trouble(Action):
    """The provider answers the next call with a fault, or acts and answers nothing."""

    def do(self, history: History) -> None:
        path = chosen(("/refund", "/transaction/verify", "/transaction/initialize"), self.number)
        kinds: tuple[dict[str, Any], ...] = (
            {"kind": "server_error"},
            {"kind": "odd_answer", "raw": "no answer"},
            {"kind": "refund_outcome", "outcome": "failed"},
        )
        fault = kinds[self.number // 3 % len(kinds)]
        match = {} if fault["kind"] == "refund_outcome" else {"match": {"path": path}}
        history.paystack.call("POST", "/sandbox/faults", {**fault, **match, "times": 1})
