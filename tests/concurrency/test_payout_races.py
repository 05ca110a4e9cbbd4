"""Payouts of one shop from several workers at once: its money is set aside once, and a transfer is settled once."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import pytest
from django.db import IntegrityError

from gateway.transfers import TransferReport, TransferState
from payouts.models import Journal, JournalKind, Payout, Transfer
from payouts.runs import create, settle
from payouts.runs.create import create_runs
from payouts.runs.errors import NothingToPayError
from payouts.runs.send import send_runs
from payouts.runs.settle import settle_transfer
from payouts.services.shop_money import ShopMoney
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Shop
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
