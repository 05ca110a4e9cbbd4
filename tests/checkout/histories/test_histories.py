"""Any history of orders over five shops, by people who act at once and processes that are killed: books and stock hold.

A failure prints the steps, and a blob that repeats them (`@reproduce_failure`), with its seed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import ClassVar
from uuid import UUID

import pytest
from django.conf import LazySettings
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from checkout.models import Order, Payment, ReversedBy
from checkout.returning import receive_return
from checkout.returning.moves import RULES, Move
from checkout.reversals import cancel_units as cancelling
from checkout.reversals import reverse
from kit.work import jobs
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Shop
from tests.checkout.histories.actions import (
    Action,
    Buy,
    CancelUnpaid,
    Confirm,
    Pay,
    Trouble,
    Wait,
    WaitLong,
    killed_at,
)
from tests.checkout.histories.checks import faults, faults_when_all_is_back, give_everything_back, settle
from tests.checkout.histories.giving_back import (
    AnswerReturn,
    AskExchange,
    AskReturn,
    Cancel,
    Goodwill,
    OpenPage,
    ReceiveReturn,
    RefundDelivery,
    RefundUnits,
)
from tests.checkout.histories.market import SLUGS, History, open_shops
from tests.checkout.histories.sending import (
    Deliver,
    DeliverParcel,
    Pack,
    Receive,
    SendParcel,
    Ship,
    Undo,
    UndoParcel,
)
from tests.world.draws import drawn
from tests.world.factories.people import person
from tests.world.races import after_all, all_at_once

STEPS = drawn(2_000)
EXAMPLES, LENGTH = 2, 120
NUMBERS = st.integers(0, 199)
BASKETS = st.builds(
    Buy,
    NUMBERS,
    st.dictionaries(st.integers(0, len(SLUGS) - 1), st.integers(1, 4), min_size=1),
    st.sampled_from([frozenset(), frozenset(), frozenset({0}), frozenset({1}), frozenset({0, 1})]),
)
SELLERS = st.sampled_from([ReversedBy.SHOP, ReversedBy.OPERATOR])
SIDES = st.sampled_from([ReversedBy.BUYER, ReversedBy.SHOP, ReversedBy.OPERATOR])
UNITS, PERCENT = st.integers(1, 3), st.integers(1, 100)
CANCELS = st.builds(Cancel, NUMBERS, UNITS, SIDES, st.booleans())
PARCELS = st.one_of(
    st.builds(SendParcel, NUMBERS, UNITS),
    *(st.builds(kind, NUMBERS) for kind in (Pack, Ship, Undo, UndoParcel, DeliverParcel)),
)
ARRIVALS = st.one_of(st.builds(Ship, NUMBERS), st.builds(Deliver, NUMBERS), st.builds(Receive, NUMBERS))
REFUNDS = st.one_of(*(st.builds(kind, NUMBERS, SELLERS, PERCENT) for kind in (RefundUnits, RefundDelivery, Goodwill)))
ANSWERS = [(side, move) for side, move in RULES if move != Move.RECEIVE]
RETURNS = st.one_of(
    st.builds(AskReturn, NUMBERS, UNITS),
    st.builds(AskExchange, NUMBERS, UNITS),
    st.builds(OpenPage, NUMBERS),
    st.builds(AnswerReturn, NUMBERS, st.sampled_from(ANSWERS)),
    st.builds(AnswerReturn, NUMBERS, st.just((ReversedBy.SHOP, Move.ACCEPT))),
    st.builds(ReceiveReturn, NUMBERS, SELLERS, st.integers(0, 2), st.booleans()),
)
OTHERS = st.one_of(*(st.builds(kind, NUMBERS) for kind in (CancelUnpaid, Wait, Trouble, WaitLong)))
BUYING = st.one_of(BASKETS, st.builds(Pay, NUMBERS), st.builds(Confirm, NUMBERS))
ACTIONS = st.one_of(PARCELS, PARCELS, BUYING, BUYING, CANCELS, ARRIVALS, REFUNDS, RETURNS, RETURNS, OTHERS)
SHOP, BUYER, OPERATOR = ReversedBy.SHOP, ReversedBy.BUYER, ReversedBy.OPERATOR
# Every kind of action, and none of them is refused.
SCRIPT: tuple[Action, ...] = (
    Buy(0, {1: 5}),
    Pay(0),
    Confirm(0),
    SendParcel(1, 1),
    UndoParcel(1),
    SendParcel(1, 1),
    DeliverParcel(1),
    Pack(1),
    Cancel(1, 1, BUYER),
    RefundDelivery(1, OPERATOR, 50),
    Ship(1),
    Undo(1),
    Ship(1),
    Receive(1),
    Goodwill(1, SHOP, 3),
    RefundUnits(1, SHOP, 1),
    AskReturn(1, 1),
    AnswerReturn(1, (SHOP, Move.ASK)),
    AnswerReturn(1, (BUYER, Move.REPLY)),
    AnswerReturn(1, (SHOP, Move.ACCEPT)),
    ReceiveReturn(1, SHOP),
    AskReturn(1, 1),
    AnswerReturn(1, (SHOP, Move.REFUSE)),
    AnswerReturn(1, (BUYER, Move.ESCALATE)),
    ReceiveReturn(1, OPERATOR, has_delivery=True),
    AskExchange(1, 1),
    AnswerReturn(1, (SHOP, Move.ACCEPT)),
    ReceiveReturn(1, SHOP),
    OpenPage(1),
    Pay(1),
    Confirm(1),
    Buy(1, {0: 2, 2: 1}, frozenset({0})),
    Pay(2),
    Confirm(2),
    Ship(1),
    Deliver(1),
    Ship(1),
    Buy(2, {1: 1}),
    CancelUnpaid(3),
    Wait(10),
    WaitLong(24),
    Trouble(0),
)


@pytest.fixture(autouse=True)
def _tasks_wait_for_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run no task right after a commit: it would read another clock than the history's."""
    monkeypatch.setattr(jobs, "_wake", lambda _: None)


@pytest.fixture(autouse=True)
def _commission_is_taxed(settings: LazySettings) -> None:
    settings.COMMISSION_TAX_NUMBERS = {"NG": "12345678-0001"}


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
        action.begin(self.history)
        self.tell(action)

    @rule(actions=st.lists(ACTIONS, min_size=2, max_size=3))
    def people_act_at_once(self, actions: list[Action]) -> None:
        for action in actions:
            action.begin(self.history)
        all_at_once(lambda place: self.tell(actions[place]), len(actions))

    @rule(action=ACTIONS, statement=st.integers(1, 30))
    def somebody_is_killed(self, action: Action, statement: int) -> None:
        action.begin(self.history)
        with killed_at(statement):
            self.tell(action)

    def teardown(self) -> None:
        come_to_the_end(self.history)


def come_to_the_end(history: History) -> None:
    """Check the books and the stock, give all money back, and check them again."""
    settle(history)
    assert "\n".join(faults(history)) == ""
    give_everything_back(history)
    settle(history)
    assert "\n".join([*faults(history), *faults_when_all_is_back(history)]) == ""


def test_books_and_stock_hold_after_any_history(live_database: str, paystack: SandboxProcess) -> None:
    market = (open_shops(), person(email="staff@example.com").pk, paystack)
    scripted = History(*market)
    for action in SCRIPT:
        action.begin(scripted)
        assert not action.attempt(scripted), action
    assert set(kinds_of(Action)) == {type(action) for action in SCRIPT}
    come_to_the_end(scripted)
    done: Counter[str] = Counter()
    here = type("Here", (Histories,), {"market": market, "done": done})
    drawn = settings(
        max_examples=EXAMPLES,
        stateful_step_count=LENGTH,
        phases=[Phase.generate],
        print_blob=True,
        database=None,
    )
    while done.total() < STEPS:  # how many steps a history has is drawn too
        run_state_machine_as_test(here, settings=drawn)


def kinds_of(kind: type[Action]) -> Iterator[type[Action]]:
    """Yield the kinds of actions that can be done."""
    for below in kind.__subclasses__():
        yield from kinds_of(below)
        if not below.__subclasses__():
            yield below


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


def test_a_return_that_is_not_put_back_on_the_shelf_is_found(
    live_database: str, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the stock: the shop has the units again, and its shelf does not."""
    history = History(open_shops(), 0, paystack)
    monkeypatch.setattr(receive_return, "_put_back", lambda *_: None)
    bought = (Buy(0, {0: 3}), Pay(0), Confirm(0), Ship(1), Deliver(1))
    sent_back = (AskReturn(1, 2), AnswerReturn(1, (SHOP, Move.ACCEPT)), ReceiveReturn(1, SHOP))
    for action in bought + sent_back:
        assert not action.attempt(history), action
    settle(history)
    [fault] = faults(history)
    assert "sold leave 89" in fault
