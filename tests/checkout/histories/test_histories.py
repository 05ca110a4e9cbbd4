"""Any history of orders over five shops, by people who act at once and processes that are killed: books and stock hold.

A failure prints the steps, and a blob that repeats them (`@reproduce_failure`), with its seed.
"""

from __future__ import annotations

from collections import Counter
from typing import ClassVar
from uuid import UUID

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from checkout.models import Order, Payment, ReversedBy
from checkout.reversals import cancel_units as cancelling
from checkout.reversals import reverse
from kit.work import jobs
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Shop
from tests.checkout.histories.actions import (
    Action,
    Buy,
    Cancel,
    CancelUnpaid,
    Confirm,
    Deliver,
    Pack,
    Pay,
    Ship,
    Trouble,
    Undo,
    Wait,
    killed_at,
)
from tests.checkout.histories.checks import faults, give_everything_back, settle
from tests.checkout.histories.market import SLUGS, History, open_shops
from tests.world.factories.people import person
from tests.world.races import after_all, all_at_once

STEPS = 2_000
KINDS = (Buy, Pay, Confirm, CancelUnpaid, Pack, Ship, Deliver, Undo, Cancel, Wait, Trouble)
EXAMPLES, LENGTH = 14, 120
NUMBERS = st.integers(0, 99)
BASKETS = st.builds(
    Buy,
    NUMBERS,
    st.dictionaries(st.integers(0, len(SLUGS) - 1), st.integers(1, 4), min_size=1),
    st.sampled_from([frozenset(), frozenset(), frozenset({0}), frozenset({1}), frozenset({0, 1})]),
)
CANCELS = st.builds(Cancel, NUMBERS, st.integers(1, 3), st.sampled_from(ReversedBy), st.booleans())
OTHERS = st.one_of(*(st.builds(kind, NUMBERS) for kind in (CancelUnpaid, Pack, Ship, Deliver, Undo, Wait, Trouble)))
ACTIONS = st.one_of(BASKETS, st.builds(Pay, NUMBERS), st.builds(Confirm, NUMBERS), CANCELS, CANCELS, OTHERS)


@pytest.fixture(autouse=True)
def _tasks_wait_for_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run no task right after a commit: it would read another clock than the history's."""
    monkeypatch.setattr(jobs, "_wake", lambda _: None)


class Histories(RuleBasedStateMachine):
    """One history: an order is placed and paid, then anything may happen to it and to others."""

    market: ClassVar[tuple[list[Shop], int, SandboxProcess]]
    done: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.history = History(*self.market)

    def tell(self, action: Action) -> None:
        """Have something done, and count it."""
        is_refused = action.attempt(self.history)
        self.done[f"{type(action).__name__} {'refused' if is_refused else 'done'}"] += 1

    @initialize(basket=BASKETS)
    def somebody_buys(self, basket: Buy) -> None:
        for action in (basket, Pay(0), Confirm(0)):
            self.tell(action)

    @rule(action=ACTIONS)
    def somebody_acts(self, action: Action) -> None:
        self.tell(action)

    @rule(actions=st.lists(ACTIONS, min_size=2, max_size=3))
    def people_act_at_once(self, actions: list[Action]) -> None:
        all_at_once(lambda place: self.tell(actions[place]), len(actions))

    @rule(action=ACTIONS, statement=st.integers(1, 30))
    def somebody_is_killed(self, action: Action, statement: int) -> None:
        with killed_at(statement):
            self.tell(action)

    def teardown(self) -> None:
        settle(self.history)
        assert "\n".join(faults(self.history)) == ""
        give_everything_back(self.history)
        settle(self.history)
        assert "\n".join(faults(self.history)) == ""


def test_books_and_stock_hold_after_any_history(live_database: str, paystack: SandboxProcess) -> None:
    staff_id = person(email="staff@example.com").pk
    done: Counter[str] = Counter()
    here = type("Here", (Histories,), {"market": (open_shops(), staff_id, paystack), "done": done})
    run_state_machine_as_test(
        here,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=LENGTH,
            phases=[Phase.generate],
            print_blob=True,
            database=None,
        ),
    )
    assert done.total() >= STEPS
    assert {f"{kind.__name__} done" for kind in KINDS} <= set(done)


def test_without_the_lock_of_refunds_the_checks_fail(
    live_database: str, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: two cancel a unit each, and both read the order before the other has written."""
    history = History(open_shops(), 0, paystack)
    for action in (Buy(0, {0: 3}), Pay(0), Confirm(0)):
        assert not action.attempt(history)

    def order_without_lock(*, order_id: UUID) -> Order:
        return Order.objects.get(pk=order_id)

    def payments_without_lock(*, order_id: UUID) -> list[Payment]:
        return list(Payment.objects.filter(order_id=order_id))

    monkeypatch.setattr(cancelling, "lock_order", order_without_lock)
    monkeypatch.setattr(reverse, "lock_payments", payments_without_lock)
    monkeypatch.setattr(cancelling, "_chosen", after_all(cancelling._chosen, 2))
    cancel = Cancel(0, 1, ReversedBy.BUYER)
    assert all_at_once(lambda _: cancel.attempt(history), 2) == {False: 2}
    monkeypatch.undo()
    settle(history)
    assert any("gave back" in fault for fault in faults(history))
