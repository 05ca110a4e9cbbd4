"""Runs pay shops what is available to them, once, whatever the provider says and in whatever order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from notifications.models import Email
from payouts.models import Payout, PayoutProblem, PayoutStatus, RunStatus, Transfer
from payouts.runs import send
from payouts.runs.create import create_runs
from payouts.runs.errors import (
    NoPayableAccountError,
    NothingToPayError,
    PayoutNotRetriableError,
)
from payouts.runs.hold import close_problem, retry_payout
from payouts.runs.poll_transfers import refresh_transfer
from payouts.runs.preview import Skipped, preview_payouts
from payouts.runs.send import send_runs
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Shop, ShopStatus
from tests.world.ledger import make_shop
from tests.world.own_shop import member
from tests.world.payouts import (
    EARNED,
    FEE,
    LATER,
    add_account,
    ask,
    earn,
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


def test_a_payout_from_its_run_to_the_bank(held: SandboxProcess, shop: Shop) -> None:
    """Its money is set aside, is on its way, and is gone with the fee, which the market bears."""
    owner = member(shop)
    assert [line.amount_minor for line in preview_payouts(now=DUE)] == [EARNED]
    assert figures(shop) == {"available": EARNED}, "a preview writes nothing"

    run = run_payouts()

    payout, transfer = only_payout()
    assert (payout.status, transfer.state) == (PayoutStatus.SENDING, "pending")
    assert figures(shop) == {"in_transit": EARNED}
    assert off() == [], "the provider confirms what has left"
    finish(held, transfer)
    ask()

    payout, transfer = only_payout()
    assert (payout.status, transfer.place, transfer.fees_minor) == (PayoutStatus.PAID, "gone", FEE)
    assert figures(shop) == {}
    assert off() == []
    send_runs(now=MUCH_LATER)
    run.refresh_from_db()
    assert run.status == RunStatus.DONE
    assert [(letter.to, letter.subject) for letter in Email.objects.all()] == [
        (owner.email, "₦8,100 was paid out to Indigo")
    ]
    with pytest.raises(NothingToPayError):
        create_runs(now=MUCH_LATER)


def test_shops_that_are_not_paid_and_why(settings: LazySettings, shop: Shop) -> None:
    add_account(make_and_earn("cooling"), usable_from=DUE + timedelta(hours=1))
    make_and_earn("without-account")
    add_account(make_and_earn("too-little", settings.PAYOUT_MINIMUM_MINOR - 1))
    suspended = make_and_earn("suspended")
    add_account(suspended)
    Shop.objects.filter(pk=suspended.pk).update(status=ShopStatus.SUSPENDED)

    assert {line.shop.slug: line.skipped for line in preview_payouts(now=DUE)} == {
        "indigo": None,
        "cooling": Skipped.COOLING_OFF,
        "without-account": Skipped.NO_ACCOUNT,
        "too-little": Skipped.BELOW_MINIMUM,
        "suspended": Skipped.SHOP_STATUS,
    }
    [run] = create_runs(now=DUE)
    assert (run.payout_count, run.total_minor) == (1, EARNED)
    assert {line.shop.slug: line.skipped for line in preview_payouts(now=DUE, shop_id=shop.pk)} == {}


def make_and_earn(slug: str, amount_minor: int = EARNED) -> Shop:
    shop = make_shop(slug)
    earn(shop, amount_minor)
    return shop


@pytest.mark.parametrize("from_shops", [False, True])
def test_case_17_what_a_shop_owes_is_netted_first(
    from_shops: bool, held: SandboxProcess, shop: Shop, settings: LazySettings
) -> None:
    """A refund after the payout is owed, and kept back from the next one; so is a fee that the shop bears."""
    settings.PAYOUT_FEES_FROM_SHOPS = from_shops
    part = delivered_and_paid_out(held, shop)
    fee = FEE if from_shops else 0
    assert figures(shop) == ({"receivable": fee} if fee else {})
    take_back(part, 300_000)
    assert figures(shop) == {"receivable": 300_000 + fee}

    earn(shop, 1_000_000)
    earned_minor = 1_000_000 - 300_000 - fee  # a release pays what is owed before all else
    assert figures(shop) == {"available": earned_minor}
    run_payouts(now=MUCH_LATER)

    assert Payout.objects.order_by("-id")[0].amount_minor == earned_minor
    assert figures(shop) == {"in_transit": earned_minor}


def delivered_and_paid_out(held: SandboxProcess, shop: Shop) -> Any:
    from payouts.models import ReleaseSchedule
    from payouts.release.schedules import EarnedPart

    schedule = ReleaseSchedule.objects.get()
    run_payouts()
    finish(held, only_payout()[1])
    ask()
    return EarnedPart(schedule.sub_order_id, shop.pk, schedule.number, schedule.currency)


def test_what_is_owed_beside_what_is_available_is_kept_back(held: SandboxProcess, shop: Shop) -> None:
    """A fee that the shop bears is owed while other money may be available already."""
    from payouts.models import AccountKind, JournalKind
    from payouts.services.accounts import AccountKey
    from payouts.services.journals import JournalDraft, Leg, post, prepare_journal

    legs = [Leg(AccountKey(AccountKind.SHOP_RECEIVABLE, shop.pk), 5_000), Leg(AccountKey(AccountKind.PSP_FEES), -5_000)]
    post(prepare_journal(draft=JournalDraft(JournalKind.REFUND, "x", "x", "NGN", DUE), legs=legs, now=DUE))

    run_payouts()

    payout, transfer = only_payout()
    assert (payout.amount_minor, payout.netted_minor) == (EARNED - 5_000, 5_000)
    assert figures(shop) == {"in_transit": EARNED - 5_000}
    assert transfers_at(held)[0]["amount"] == transfer.amount_minor


@pytest.mark.parametrize("acts", [True, False])
def test_case_18_a_lost_answer_is_never_paid_twice(acts: bool, held: SandboxProcess, shop: Shop) -> None:
    """The provider may have acted or not, and says at first that it knows nothing: the same reference settles it."""
    held.add_fault("server_error", acts=acts, match={"path": "/transfer/bulk"})
    run_payouts()
    assert only_payout()[1].state == "asked"
    held.add_fault("not_found", match={"path": "/transfer/verify"})

    ask()
    ask(now=LATER + timedelta(minutes=10))

    [sent] = transfers_at(held)
    transfer = only_payout()[1]
    assert (sent["reference"], sent["amount"]) == (transfer.reference, EARNED)
    assert transfer.state == "pending"
    finish(held, transfer)
    ask(now=LATER + timedelta(hours=1))
    assert figures(shop) == {}
    assert off() == []


def test_case_18_a_worker_that_dies_between_commit_and_call(
    held: SandboxProcess, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed half-way and started again: nothing was sent, and it is sent once."""

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(send, "_call", die)
        with pytest.raises(KeyboardInterrupt):
            run_payouts()
    assert only_payout()[1].state == "asked"
    assert transfers_at(held) == []

    send_runs(now=LATER)
    ask()

    assert [each["reference"] for each in transfers_at(held)] == [only_payout()[1].reference]


@pytest.mark.parametrize("end", ["failed", "reversed", "abandoned", "blocked", "rejected"])
def test_what_came_to_nothing_is_available_again_and_sent_anew_with_another_reference(
    end: str, held: SandboxProcess, shop: Shop
) -> None:
    run_payouts()
    first = only_payout()[1]
    with pytest.raises(PayoutNotRetriableError):
        retry_payout(payout_id=first.payout_id, now=LATER)

    finish(held, first, end)
    ask()

    payout, first = only_payout()
    assert payout.status == (PayoutStatus.REVERSED if end == "reversed" else PayoutStatus.FAILED)
    assert payout.problem in {PayoutProblem.FAILED, PayoutProblem.REVERSED}
    assert figures(shop) == {"available": EARNED}
    assert off() == []
    retry_payout(payout_id=payout.pk, now=LATER)
    send_runs(now=LATER)
    payout, second = only_payout()
    assert (second.attempt, payout.status, payout.problem) == (2, PayoutStatus.SENDING, "")
    assert second.reference != first.reference
    finish(held, second)
    ask(now=LATER + timedelta(hours=1))
    assert (Payout.objects.get().status, figures(shop), off()) == (PayoutStatus.PAID, {}, [])


@pytest.mark.parametrize("from_shops", [False, True])
def test_case_19_reversed_after_success_gives_money_and_fee_back(
    from_shops: bool, held: SandboxProcess, shop: Shop, settings: LazySettings
) -> None:
    """The fee goes back to who bore it, though others bear it by then."""
    settings.PAYOUT_FEES_FROM_SHOPS = from_shops
    run_payouts()
    transfer = only_payout()[1]
    finish(held, transfer)
    ask()
    assert figures(shop) == ({"receivable": FEE} if from_shops else {})
    settings.PAYOUT_FEES_FROM_SHOPS = not from_shops

    finish(held, transfer, "reversed")
    refresh_transfer(provider="paystack", reference=transfer.reference, now=LATER)

    payout, transfer = only_payout()
    assert (payout.status, payout.problem, transfer.place) == (PayoutStatus.REVERSED, PayoutProblem.REVERSED, "back")
    assert figures(shop) == {"available": EARNED}
    assert off() == []
    assert retry_payout(payout_id=payout.pk, now=LATER).status == PayoutStatus.PREPARED


@pytest.mark.parametrize("retried", [False, True])
def test_case_19_a_late_success_is_booked_and_left_to_a_person(retried: bool, held: SandboxProcess, shop: Shop) -> None:
    """Told of a failure that was none; another attempt that was not sent yet is not sent any more."""
    run_payouts()
    transfer = only_payout()[1]
    held.add_fault("odd_answer", fields={"status": "reversed"}, match={"path": "/transfer/verify"})
    ask()
    assert figures(shop) == {"available": EARNED}
    if retried:
        retry_payout(payout_id=transfer.payout_id, now=LATER)

    finish(held, transfer)
    refresh_transfer(provider="paystack", reference=transfer.reference, now=LATER)

    payout = Payout.objects.get()
    assert (payout.status, payout.problem) == (PayoutStatus.PAID, PayoutProblem.PAID_LATE)
    assert Transfer.objects.get(attempt=1).place == "late"
    assert figures(shop) == {}
    assert off() == []
    send_runs(now=MUCH_LATER)
    assert len(transfers_at(held)) == 1
    assert close_problem(payout_id=payout.pk, now=LATER).problem == ""


def test_a_late_success_after_the_money_was_spent_is_owed(held: SandboxProcess, shop: Shop) -> None:
    run_payouts()
    transfer = only_payout()[1]
    held.add_fault("odd_answer", fields={"status": "failed"}, match={"path": "/transfer/verify"})
    ask()
    retry_payout(payout_id=transfer.payout_id, now=LATER)
    fund(held, 2 * EARNED)
    send_runs(now=LATER)

    finish(held, transfer)
    refresh_transfer(provider="paystack", reference=transfer.reference, now=LATER)

    assert Payout.objects.get().problem == PayoutProblem.PAID_LATE
    assert figures(shop) == {"in_transit": EARNED, "receivable": EARNED}
    assert off(with_provider=False) == []


def test_case_20_a_line_of_a_bulk_call_is_rejected_and_the_others_go(
    paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    shops = [payable_shop(f"shop-{number}", number=f"012345678{number}") for number in range(3)]
    fund(paystack)
    [run] = create_runs(now=DUE)
    bad = Transfer.objects.get(payout__shop=shops[1])
    paystack.add_fault("reject_line", match={"reference": bad.reference})

    send_runs(now=DUE)

    statuses = {payout.shop_id: payout.status for payout in Payout.objects.all()}
    assert [statuses[shop.pk] for shop in shops] == ["sending", "failed", "sending"]
    assert [figures(shop) for shop in shops] == [{"in_transit": EARNED}, {"available": EARNED}, {"in_transit": EARNED}]
    assert off() == []
    assert run.payout_count == 3


@pytest.mark.parametrize(
    ("fault", "problem"),
    [("too_low", "balance_too_low"), ("otp_on", "otp_required"), ("refused", "Entity not found")],
)
def test_case_20_a_refused_call_sends_nothing_and_is_tried_again(
    fault: str, problem: str, paystack: SandboxProcess, shop: Shop
) -> None:
    """Balance too low, OTP unexpectedly on: the run waits, says why, and goes on once it was put right."""
    if fault == "otp_on":
        paystack.add_fault("otp_on", times=None)
    if fault != "too_low":
        fund(paystack)
    if fault == "refused":
        paystack.add_fault("not_found", status=400, match={"path": "/transfer/bulk"})

    run = run_payouts()

    run.refresh_from_db()
    payout, transfer = only_payout()
    assert (run.status, run.problem) == (RunStatus.SENDING, problem)
    assert (payout.status, transfer.state) == (PayoutStatus.PREPARED, "prepared")
    assert figures(shop) == {"in_transit": EARNED}
    if fault != "refused":
        assert transfers_at(paystack) == []
    paystack.call("DELETE", "/sandbox/faults")
    if fault == "too_low":
        fund(paystack)
    send_runs(now=LATER)
    run.refresh_from_db()
    assert run.problem == ""
    assert only_payout()[1].reference == transfer.reference
    assert only_payout()[1].state == "pending"


def test_case_20_otp_of_one_transfer_waits_for_a_person(held: SandboxProcess, shop: Shop) -> None:
    held.add_fault("transfer_outcome", outcome="otp")
    run_payouts()
    payout, transfer = only_payout()
    assert (payout.problem, transfer.state) == (PayoutProblem.OTP, "otp")

    finish(held, transfer, "abandoned")
    ask()

    assert figures(shop) == {"available": EARNED}
    assert only_payout()[0].problem == PayoutProblem.FAILED


@pytest.mark.parametrize("moment", ["before", "under way"])
def test_case_20_bank_details_that_change_during_a_payout(moment: str, held: SandboxProcess, shop: Shop) -> None:
    """What was not sent yet is not sent to the old account, nor to the new one, which cools off; the rest goes on."""
    [_] = create_runs(now=DUE)
    if moment == "under way":
        send_runs(now=DUE)
    old = Payout.objects.get().bank_account
    add_account(shop, "9876543210", usable_from=DUE + timedelta(days=2))

    send_runs(now=LATER)

    payout, _ = only_payout()
    if moment == "before":
        assert (payout.status, figures(shop), transfers_at(held)) == (PayoutStatus.CANCELLED, {"available": EARNED}, [])
        with pytest.raises(NoPayableAccountError):
            retry_payout(payout_id=payout.pk, now=LATER)
        retry_payout(payout_id=payout.pk, now=DUE + timedelta(days=2))
        send_runs(now=DUE + timedelta(days=2))
        [sent] = transfers_at(held)
        assert sent["recipient"]["details"]["account_number"] == "9876543210"
    else:
        assert payout.bank_account == old
        assert transfers_at(held)[0]["recipient"]["details"]["account_number"] == old.number
