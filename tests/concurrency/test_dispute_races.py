"""Disputes beside releases, refunds and each other: one after the other, and no money is held or lost twice."""

from __future__ import annotations

from threading import Event
from uuid import UUID

import pytest
from django.db import IntegrityError

from checkout.disputes import arriving, ending
from checkout.errors import RefundTooLargeError
from checkout.models import Order, Payment, Refund, ReversedBy
from checkout.refunds import push_refunds, setting_off
from checkout.refunds.requests import settle_refund
from checkout.reversals import reverse
from checkout.reversals.refund_part import PartRefund, refund_part
from checkout.reversals.reverse import Actor
from gateway.port import RefundReport, RefundState
from payouts.disputes import answers, locks, moving
from payouts.disputes import money as held_money
from payouts.disputes.errors import PaymentDisputedError
from payouts.disputes.evidence import Statement, add_evidence
from payouts.disputes.selectors import has_undecided
from payouts.models import Dispute, Journal
from payouts.release import release_due as releasing
from payouts.release.round import run_round
from payouts.services.shop_money import ShopMoney, pending_by_sub_order
from paystack_sandbox.testing import SandboxProcess
from tests.world.books import make_operator
from tests.world.clock import NOW
from tests.world.disputes import LATER, Bank, deliver_all, findings, follow, money, paid_for, parts_of
from tests.world.market import Stocked, open_shop, stock
from tests.world.races import after_all, all_at_once

AT_ONCE = 4


@pytest.fixture
def item(live_database: str) -> Stocked:
    return stock(open_shop("indigo"))


@pytest.fixture
def sale(item: Stocked, paystack: SandboxProcess) -> tuple[Order, Payment]:
    return paid_for(paystack, item.line(3))


Sale = tuple[Order, Payment]


def test_reports_of_one_end_at_once_book_it_once(sale: Sale, paystack: SandboxProcess) -> None:
    bank, (order, payment) = Bank(paystack), sale
    dispute_id = bank.dispute(payment)
    bank.decide(dispute_id, "auto-accepted")

    assert all_at_once(lambda _: follow(dispute_id).status, AT_ONCE) == {"lost": AT_ONCE}

    assert Journal.objects.filter(kind__in=["dispute", "dispute_end"]).count() == 2
    assert [part.kept_minor for part in parts_of(order)] == [0]
    assert findings() == []


def test_without_the_locks_the_database_refuses_a_second_one(
    sale: Sale, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: all find no dispute before one has written it."""
    bank, (_, payment) = Bank(paystack), sale
    dispute_id = bank.dispute(payment)
    monkeypatch.setattr(arriving, "lock_order", lambda **asked: Order.objects.get(pk=asked["order_id"]))
    monkeypatch.setattr(arriving, "lock_disputed_money", lambda *, order: reverse.LockedMoney(order, [payment]))
    monkeypatch.setattr(arriving, "lock_known_dispute", after_all(lambda **_: None, 2))

    def work(_: int) -> str:
        try:
            return str(follow(dispute_id).status)
        except IntegrityError as error:
            return str(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]

    assert all_at_once(work, 2) == {"open": 1, "dispute_once": 1}


def refund_all(order: Order) -> str:
    [part] = parts_of(order)
    wish = PartRefund(part=part, by=Actor(ReversedBy.OPERATOR), reason="Torn", goodwill_minor=part.total_minor)
    try:
        refund_part(wish, now=NOW)
    except (PaymentDisputedError, RefundTooLargeError) as error:
        return error.code
    return "refunded"


def test_of_a_refund_and_a_dispute_the_second_sees_the_first(sale: Sale, paystack: SandboxProcess) -> None:
    order, payment = sale
    dispute_id = Bank(paystack).dispute(payment)

    results = all_at_once(lambda number: refund_all(order) if number else follow(dispute_id).status, 2)

    held = Dispute.objects.get().amount_minor
    assert results in ({"open": 1, "refunded": 1}, {"open": 1, "payment_disputed": 1})
    assert held == (0 if "refunded" in results else order.total_minor)
    assert findings() == []


def test_without_the_order_s_lock_both_take_the_same_money(
    sale: Sale, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the refund looks for a dispute, and the dispute for refunds, before the other has written."""
    order, payment = sale
    dispute_id = Bank(paystack).dispute(payment)
    both, is_refunded = after_all(lambda: None, 2), Event()

    def undisputed(**asked: object) -> bool:
        found = has_undecided(**asked)  # type: ignore[arg-type]
        both()
        return found

    monkeypatch.setattr(reverse, "has_undecided", undisputed)
    monkeypatch.setattr(arriving, "lock_order", lambda **asked: Order.objects.get(pk=asked["order_id"]))

    def unlocked(*, order: Order) -> reverse.LockedMoney:
        return reverse.LockedMoney(order, [payment])

    monkeypatch.setattr(arriving, "lock_disputed_money", unlocked)
    left_minor = arriving.left_minor  # type: ignore[attr-defined]

    def read_left(**asked: object) -> int:
        found = left_minor(**asked)  # type: ignore[arg-type]
        both()
        assert is_refunded.wait(timeout=60)  # so that neither is the victim of a deadlock
        return found

    monkeypatch.setattr(arriving, "left_minor", read_left)

    def refund() -> str:
        result = refund_all(order)
        is_refunded.set()
        return result

    results = all_at_once(lambda number: refund() if number else follow(dispute_id).status, 2)

    assert results == {"open": 1, "refunded": 1}
    assert Dispute.objects.get().amount_minor == order.total_minor, "held, and refunded too"


@pytest.mark.parametrize("has_lock", [True, False])
def test_evidence_of_one_dispute_beside_the_end_of_another_is_kept(
    sale: Sale, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch, *, has_lock: bool
) -> None:
    """The end lets the other hold more. Control: without its lock, that writes the steps as they were before."""
    bank, (order, payment) = Bank(paystack), sale
    ended, other = bank.dispute(payment), bank.dispute(payment)
    follow(ended)
    waiting = follow(other)
    bank.decide(ended, "declined")
    is_read, is_added = Event(), Event()

    def read_unlocked(_: Dispute) -> list[Dispute]:
        found = list(Dispute.objects.filter(pk=waiting.pk))
        is_read.set()
        assert is_added.wait(timeout=60)
        return found

    if not has_lock:
        monkeypatch.setattr(ending, "lock_other_disputes", read_unlocked)

    def add() -> str:
        assert has_lock or is_read.wait(timeout=60)
        add_evidence(dispute_id=waiting.pk, statement=Statement(None, None, "It was delivered."), now=NOW)
        is_added.set()
        return "added"

    assert all_at_once(lambda number: add() if number else follow(ended).status, 2) == {"added": 1, "won": 1}

    waiting.refresh_from_db()
    moves = {step["move"] for step in waiting.steps}
    assert moves == ({"opened", "evidence", "held"} if has_lock else {"opened", "held"})
    assert waiting.amount_minor == order.total_minor
    assert findings() == []


@pytest.mark.parametrize("has_lock", [True, False])
def test_a_refund_is_not_sent_beside_a_dispute_that_has_it_wait(
    sale: Sale, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch, *, has_lock: bool
) -> None:
    """The dispute says which of them it was. Control: without the lock the refund is sent that it says waits."""
    order, payment = sale
    dispute_id = Bank(paystack).dispute(payment)
    assert refund_all(order) == "refunded"
    is_read, is_open = Event(), Event()

    def read(**asked: object) -> bool:
        found = has_undecided(**asked)  # type: ignore[arg-type]
        is_read.set()
        assert has_lock or is_open.wait(timeout=60)
        return found

    monkeypatch.setattr(push_refunds, "has_undecided", read)
    if not has_lock:
        monkeypatch.setattr(push_refunds, "lock_payment", lambda **asked: Payment.objects.get(pk=asked["payment_id"]))
        monkeypatch.setattr(push_refunds, "lock_refunds", lambda **_: list(Refund.objects.all()))

    def arrive() -> str:
        assert is_read.wait(timeout=60)
        status = follow(dispute_id).status
        is_open.set()
        return str(status)

    def push() -> str:
        push_refunds.push_open_refunds(now=NOW)
        return "pushed"

    assert all_at_once(lambda number: push() if number else arrive(), 2) == {"open": 1, "pushed": 1}

    is_said = "is on its way at the provider" in Dispute.objects.get().problem
    assert (Refund.objects.get().sent_at is not None, is_said) == (True, has_lock)


@pytest.mark.parametrize("has_lock", [True, False])
def test_a_refund_that_a_loss_pays_beside_the_answer_to_its_dispute_keeps_both_steps(
    sale: Sale, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch, *, has_lock: bool
) -> None:
    """Control: without the dispute's lock its steps are written as they were before the other one."""
    bank, (order, payment) = Bank(paystack), sale
    dispute_id = bank.dispute(payment)
    assert refund_all(order) == "refunded"
    Refund.objects.update(status="sent", sent_at=NOW)
    dispute = follow(dispute_id)
    monkeypatch.setattr(answers, "wake", lambda _: None)  # the bank decides before the answer is on its way
    answer = answers.accept_dispute(
        dispute_id=dispute.pk, actor_id=make_operator().pk, reason="Lost", amount_minor=dispute.claimed_minor, now=NOW
    )
    bank.decide(dispute_id, "auto-accepted")
    follow(dispute_id)
    is_read, is_noted = Event(), Event()

    def read(**asked: UUID) -> list[Dispute]:
        found = locks.lock_disputes_of(**asked) if has_lock else list(Dispute.objects.all())
        is_read.set()
        assert has_lock or is_noted.wait(timeout=60)
        return found

    monkeypatch.setattr(setting_off, "lock_disputes_of", read)

    def fail() -> str:
        refund = Refund.objects.get()
        report = RefundReport(refund.key, "7", refund.amount_minor, refund.currency, RefundState.FAILED)
        return str(settle_refund(payment_id=payment.pk, report=report, now=NOW).status)  # type: ignore[union-attr]

    def note() -> str:
        assert is_read.wait(timeout=60)
        answers.note_taken(answer_id=answer.pk, now=NOW)
        is_noted.set()
        return "noted"

    assert all_at_once(lambda number: note() if number else fail(), 2) == {"set_off": 1, "noted": 1}

    moves = {step["move"] for step in Dispute.objects.get().steps}
    assert ("set_off" in moves, "answered" in moves) == (True, has_lock)
    assert findings() == []


@pytest.mark.parametrize("has_lock", [True, False])
def test_a_release_beside_a_dispute_moves_the_money_once(
    sale: Sale, item: Stocked, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch, *, has_lock: bool
) -> None:
    """And the control: without the shop's lock both read what is pending, and the database refuses the second."""
    order, payment = sale
    deliver_all(order)
    dispute_id = Bank(paystack).dispute(payment)
    if not has_lock:
        read = after_all(pending_by_sub_order, 2)
        monkeypatch.setattr(releasing, "lock_shop_money", lambda **_: ShopMoney())
        monkeypatch.setattr(held_money, "lock_money_of_shops", lambda **_: {item.shop.pk: ShopMoney()})
        for module in (releasing, held_money):
            monkeypatch.setattr(module, "pending_by_sub_order", read)
        monkeypatch.setattr(moving, "open_hold", lambda **_: False)  # it would wait for the release's schedule

    def work(number: int) -> str:
        try:
            if number:
                releasing.release_batch(item.shop.pk, "NGN", now=LATER)
            else:
                follow(dispute_id)
        except IntegrityError as error:
            return str(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]
        return "done"

    results = all_at_once(work, 2)

    assert results == ({"done": 2} if has_lock else {"done": 1, "balance_not_negative": 1})
    if has_lock:
        assert money(item) == (0, 0, 0, 0)
        assert findings() == []
        Bank(paystack).decide(dispute_id, "declined")
        follow(dispute_id, now=LATER)
        run_round(now=LATER)
        assert money(item) == (0, parts_of(order)[0].payable_minor, 0, 0)
        assert findings() == []
