"""People approve, cancel, hold, release and send again; many shops go in few calls."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction

from payouts.models import Payout, PayoutProblem, PayoutRun, PayoutStatus, RunStatus
from payouts.runs.approve import approve_run, cancel_run
from payouts.runs.create import create_runs
from payouts.runs.errors import (
    BalanceChangedError,
    PayoutNotHeldError,
    PayoutNotHoldableError,
    PayoutNotRetriableError,
    RunNotWaitingError,
    SamePersonError,
)
from payouts.runs.hold import hold_payout, release_payout, retry_payout
from payouts.runs.send import send_runs
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Shop
from tests.world.books import make_operator
from tests.world.factories.people import person
from tests.world.payouts import (
    EARNED,
    LATER,
    ask,
    figures,
    finish,
    fund,
    off,
    only_payout,
    payable_shop,
    run_payouts,
    transfers_at,
    without_pauses,
)
from tests.world.releases import DUE, take_back

pytestmark = pytest.mark.django_db
MUCH_LATER = LATER + timedelta(days=1)


@pytest.fixture
def shop() -> Shop:
    return payable_shop("indigo")


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    without_pauses(monkeypatch)


@pytest.fixture
def held(shop: Shop, paystack: SandboxProcess) -> SandboxProcess:
    """The provider, which holds what was sold."""
    fund(paystack)
    return paystack


def test_a_report_about_other_money_is_left_to_a_person(held: SandboxProcess, shop: Shop) -> None:
    run_payouts()
    transfer = only_payout()[1]
    held.add_fault("odd_answer", fields={"status": "success", "amount": 1}, match={"path": "/transfer/verify"})

    ask()

    assert (only_payout()[0].problem, figures(shop)) == (PayoutProblem.MISMATCH, {"in_transit": EARNED})
    finish(held, transfer)
    ask(now=MUCH_LATER)
    assert only_payout()[0].status == PayoutStatus.PAID


def test_a_second_person_approves_a_run_above_the_limit(
    held: SandboxProcess, shop: Shop, settings: LazySettings
) -> None:
    settings.PAYOUT_SECOND_APPROVAL_MINOR = EARNED - 1
    first, second = make_operator(), person(email="second@kasuwa.test", name="Second", is_operator=True)
    run = run_payouts(actor_id=first.pk)
    assert PayoutRun.objects.get().status == RunStatus.WAITING
    assert transfers_at(held) == []
    with pytest.raises(SamePersonError):
        approve_run(run_id=run.pk, actor_id=first.pk, now=LATER)

    approve_run(run_id=run.pk, actor_id=second.pk, now=LATER)
    send_runs(now=LATER)

    assert len(transfers_at(held)) == 1
    with pytest.raises(RunNotWaitingError):
        approve_run(run_id=run.pk, actor_id=second.pk, now=LATER)


def test_a_run_that_is_not_approved_gives_all_back(shop: Shop, settings: LazySettings) -> None:
    settings.PAYOUT_SECOND_APPROVAL_MINOR = 0
    [run] = create_runs(now=DUE)
    assert figures(shop) == {"in_transit": EARNED}

    cancel_run(run_id=run.pk, now=LATER)

    assert figures(shop) == {"available": EARNED}
    assert Payout.objects.get().status == PayoutStatus.CANCELLED
    assert off(with_provider=False) == []
    with pytest.raises(PayoutNotRetriableError):
        retry_payout(payout_id=Payout.objects.get().pk, now=LATER)


def test_a_held_payout_is_sent_once_it_is_released(held: SandboxProcess, shop: Shop) -> None:
    operator = make_operator()
    [run] = create_runs(now=DUE)
    payout = Payout.objects.get()
    hold_payout(payout_id=payout.pk, actor_id=operator.pk, reason="Asked by the police", now=DUE)
    send_runs(now=DUE)
    run.refresh_from_db()
    assert (run.status, transfers_at(held)) == (RunStatus.DONE, [])
    assert figures(shop) == {"in_transit": EARNED}
    assert off() == []

    release_payout(payout_id=payout.pk, now=LATER)
    send_runs(now=LATER)

    assert len(transfers_at(held)) == 1
    with pytest.raises(PayoutNotHeldError):
        release_payout(payout_id=payout.pk, now=LATER)
    with pytest.raises(PayoutNotHoldableError):
        hold_payout(payout_id=payout.pk, actor_id=operator.pk, reason="Too late", now=LATER)


def test_what_is_not_available_any_more_is_not_sent_again(held: SandboxProcess, shop: Shop) -> None:
    run_payouts()
    payout, transfer = only_payout()
    finish(held, transfer, "failed")
    ask()
    from payouts.models import ReleaseSchedule
    from payouts.release.schedules import EarnedPart

    schedule = ReleaseSchedule.objects.get()
    take_back(EarnedPart(schedule.sub_order_id, shop.pk, schedule.number, "NGN"), 1)

    with pytest.raises(BalanceChangedError):
        retry_payout(payout_id=payout.pk, now=LATER)
    assert figures(shop) == {"available": EARNED - 1}


def test_many_shops_go_in_calls_of_as_many_as_the_provider_takes(
    paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    """Statements for each shop stay the same: one journal, and one report that is not final costs none of its own."""
    without_pauses(monkeypatch, most_at_once=4)
    for number in range(10):
        payable_shop(f"shop-{number}", number=f"012345678{number}")
    fund(paystack)

    with django_assert_max_num_queries(100):
        run_payouts()

    assert len(transfers_at(paystack)) == 10
    assert {each["status"] for each in transfers_at(paystack)} == {"pending"}
    assert off() == []


def test_an_account_that_the_provider_does_not_take_fails_alone(paystack: SandboxProcess) -> None:
    good, bad = payable_shop("good"), payable_shop("bad", number="0123456404")
    fund(paystack)

    run_payouts()

    payout = Payout.objects.get(shop=bad)
    assert (payout.status, payout.problem) == (PayoutStatus.FAILED, PayoutProblem.ACCOUNT)
    assert (figures(bad), figures(good)) == ({"available": EARNED}, {"in_transit": EARNED})


def test_runs_are_not_made_inside_another_transaction(held: SandboxProcess, shop: Shop) -> None:
    """Its commit would come after the last of all shops, and their sales would wait for it."""
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        create_runs(now=DUE)
    assert not PayoutRun.objects.exists()
