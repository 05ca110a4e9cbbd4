"""Payouts of one shop from several workers at once: its money is set aside once, and a transfer is settled once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from io import BytesIO
from uuid import UUID

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from gateway.transfers import TransferReport, TransferState
from kit.errors import DomainError
from payouts.models import Journal, JournalKind, Payout, Rhythm, Transfer, UnapprovedDay
from payouts.runs import by_hand, create, hold, request, settle, unapproved
from payouts.runs.by_hand import HandPaymentInput
from payouts.runs.create import create_runs
from payouts.runs.errors import NothingToPayError
from payouts.runs.send import send_runs
from payouts.runs.settle import settle_transfer
from payouts.services.schedules import Schedule, change_schedule
from payouts.services.shop_money import ShopMoney
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Shop
from tests.world.books import make_operator
from tests.world.payouts import EARNED, FEE, figures, fund, off, payable_shop, run_payouts, transfers_at
from tests.world.races import after_all, all_at_once
from tests.world.releases import DUE

AT_ONCE = 4


@pytest.fixture
def shop(live_database: str) -> Shop:
    return payable_shop("indigo")


def make(_: int) -> str:
    try:
        create_runs(now=DUE)
    except NothingToPayError:
        return "nothing"
    except IntegrityError as error:
        return "refused" if "balance_not_negative" in str(error) or "payout_one_open_each" in str(error) else str(error)
    return "made"


def test_runs_at_once_set_a_balance_aside_once(shop: Shop) -> None:
    assert all_at_once(make, AT_ONCE) == {"made": 1, "nothing": AT_ONCE - 1}
    assert Payout.objects.count() == 1
    assert figures(shop) == {"in_transit": EARNED}
    assert off(with_provider=False) == []


def test_without_the_lock_the_database_refuses_the_second(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""

    def unlocked(*, shop_ids: Collection[int], currency: str) -> dict[int, ShopMoney]:
        return {}

    monkeypatch.setattr(create, "lock_money_of_shops", unlocked)
    monkeypatch.setattr(create, "_payable_now", after_all(create._payable_now, 2))
    assert all_at_once(make, 2) == {"made": 1, "refused": 1}
    assert figures(shop) == {"in_transit": EARNED}


def test_workers_at_once_send_a_transfer_once(shop: Shop, paystack: SandboxProcess) -> None:
    fund(paystack)
    create_runs(now=DUE)
    all_at_once(lambda _: send_runs(now=DUE), AT_ONCE)
    assert len(transfers_at(paystack)) == 1


def report(transfer: Transfer, state: TransferState) -> TransferReport:
    return TransferReport(
        transfer.reference, state, EARNED, "NGN", transfer.recipient, FEE, provider_id="TRF_1", is_live=False
    )


def test_a_result_is_booked_once_however_many_report_it(shop: Shop, paystack: SandboxProcess) -> None:
    fund(paystack)
    run_payouts()
    transfer = Transfer.objects.get()

    def settle_it(_: int) -> str:
        settle_transfer(transfer_id=transfer.pk, report=report(transfer, TransferState.SUCCESS), now=DUE)
        return "done"

    assert all_at_once(settle_it, AT_ONCE) == {"done": AT_ONCE}
    assert Journal.objects.filter(kind=JournalKind.PAYOUT_SENT).count() == 1
    assert figures(shop) == {}


def test_without_the_lock_a_result_would_be_booked_twice(
    shop: Shop, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the two disagree about the place of the money, and the database refuses the second."""
    fund(paystack)
    run_payouts()
    transfer = Transfer.objects.get()

    def read(*, payout_id: UUID) -> Payout:
        return Payout.objects.select_related("shop", "bank_account", "run").get(pk=payout_id)

    monkeypatch.setattr(settle, "lock_payout", read)
    monkeypatch.setattr(settle, "_is_about", after_all(settle._is_about, 2))
    states = (TransferState.SUCCESS, TransferState.FAILED)

    def settle_it(number: int) -> str:
        try:
            settle_transfer(transfer_id=transfer.pk, report=report(transfer, states[number]), now=DUE)
        except IntegrityError:
            return "refused"
        return "done"

    assert all_at_once(settle_it, 2) == {"done": 1, "refused": 1}


def two_runs(monkeypatch: pytest.MonkeyPatch) -> list[Shop]:
    """Two shops, each of which may be paid without a second person, but not both."""
    monkeypatch.setattr(settings, "PAYOUT_SECOND_APPROVAL_MINOR", EARNED)
    return [payable_shop("indigo"), payable_shop("copper", number="9876543210")]


def run_states(shops: list[Shop]) -> Counter[str]:
    return all_at_once(lambda number: create_runs(now=DUE, shop_id=shops[number].pk)[0].status, 2)


def test_runs_at_once_are_counted_in_the_same_day(live_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_states(two_runs(monkeypatch)) == {"sending": 1, "waiting": 1}


def test_without_the_lock_both_runs_go_without_a_second_person(
    live_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""

    def unlocked(*, currency: str, now: datetime) -> UnapprovedDay:
        return UnapprovedDay(currency=currency, counted_at=now)

    monkeypatch.setattr(unapproved, "lock_unapproved_day", unlocked)
    monkeypatch.setattr(UnapprovedDay, "save", lambda *_, **__: None)
    monkeypatch.setattr(unapproved, "unapproved_since", after_all(unapproved.unapproved_since, 2))
    assert run_states(two_runs(monkeypatch)) == {"sending": 2}


def failed_payout(paystack: SandboxProcess) -> Payout:
    fund(paystack)
    run_payouts()
    transfer = Transfer.objects.get()
    settle_transfer(transfer_id=transfer.pk, report=report(transfer, TransferState.FAILED), now=DUE)
    fund(paystack, 10 * EARNED)  # the provider has not heard of the failure, and can send once more
    return Payout.objects.get()


def retried_or_marked(payout: Payout, operator_id: int, number: int) -> str:
    """Send a payout again, at once, or record that it was paid by hand."""
    data = HandPaymentInput("NIP-1", DUE.date(), "The provider does not reach this bank.")
    try:
        if number:
            hold.retry_payout(payout_id=payout.pk, now=DUE)
            send_runs(now=DUE)
            return "retried"
        with transaction.atomic():  # as the console does, whose log is written with it
            by_hand.record_hand_payment(
                payout_id=payout.pk,
                data=data,
                upload=BytesIO(b"%PDF-1.4\n%%EOF"),
                file_name="receipt.pdf",
                actor_id=operator_id,
                now=DUE,
            )
    except (DomainError, IntegrityError) as refusal:
        return type(refusal).__name__
    return "marked"


def test_a_payout_is_sent_again_or_paid_by_hand_and_never_both(shop: Shop, paystack: SandboxProcess) -> None:
    payout, operator = failed_payout(paystack), make_operator()
    done = all_at_once(lambda number: retried_or_marked(payout, operator.pk, number), 2)
    sent_again = len(transfers_at(paystack)) - 1
    assert sent_again + done["marked"] == 1
    assert Transfer.objects.filter(place__in=["set_aside", "gone"]).count() == 1
    assert off(with_provider=False) == []


def test_without_the_lock_the_database_alone_keeps_it_from_both(
    shop: Shop, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: both go on, and the second transfer that would pay is refused."""
    payout, operator = failed_payout(paystack), make_operator()

    def read(payout_id: UUID) -> Payout:
        return Payout.objects.select_related("shop", "bank_account", "run").get(pk=payout_id)

    monkeypatch.setattr(hold, "lock_with_run", after_all(read, 2))
    monkeypatch.setattr(by_hand, "lock_with_run", hold.lock_with_run)
    done = all_at_once(lambda number: retried_or_marked(payout, operator.pk, number), 2)
    assert sum(done[name] for name in ("retried", "marked")) == 1
    assert done.keys() & {"IntegrityError", "BalanceChangedError"}


def test_a_success_that_comes_beside_a_payment_by_hand_is_booked(shop: Shop, paystack: SandboxProcess) -> None:
    """In either order the shop owes what it has got twice, or the payment by hand is refused."""
    payout, operator = failed_payout(paystack), make_operator()
    transfer = Transfer.objects.get()

    def act(number: int) -> str:
        if number:
            settle_transfer(transfer_id=transfer.pk, report=report(transfer, TransferState.SUCCESS), now=DUE)
            return "settled"
        return retried_or_marked(payout, operator.pk, 0)

    done = all_at_once(act, 2)
    assert done["settled"] == 1
    assert figures(shop) == ({"receivable": EARNED} if done["marked"] else {})


def ask_for_it(shop: Shop, actor_id: int) -> str:
    try:
        request.request_payout(shop=shop, actor_id=actor_id, now=DUE)
    except DomainError as refusal:
        return refusal.code
    except IntegrityError as error:
        return "refused" if "balance_not_negative" in str(error) or "payout_one_open_each" in str(error) else str(error)
    return "made"


def asked_at_once(shop: Shop) -> Counter[str]:
    actor = make_operator()
    change_schedule(shop=shop, schedule=Schedule(Rhythm.ON_REQUEST), actor_id=actor.pk, now=DUE)
    return all_at_once(lambda _: ask_for_it(shop, actor.pk), 2)


def test_of_two_requests_at_once_one_is_paid(shop: Shop) -> None:
    done = asked_at_once(shop)
    assert done["made"] == 1
    assert done["payout_open"] + done["below_minimum"] == 1
    assert (figures(shop), off(with_provider=False)) == ({"in_transit": EARNED}, [])


def test_without_the_lock_the_database_refuses_the_second_request(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(request, "lock_shop_money", lambda **_: ShopMoney())
    monkeypatch.setattr(request, "_line", after_all(request._line, 2))
    assert asked_at_once(shop) == {"made": 1, "refused": 1}
    assert figures(shop) == {"in_transit": EARNED}
