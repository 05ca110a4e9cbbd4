"""A transfer that the provider never got is sent again, but for a shop that must not be paid so any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from gateway.transfers import TransferReport, TransferState
from payouts.models import PayoutProblem, PayoutStatus
from payouts.runs.hold import retry_payout
from payouts.runs.send import send_runs
from payouts.runs.settle import settle_transfer
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Shop, ShopStatus
from tests.world.payouts import (
    EARNED,
    LATER,
    add_account,
    ask,
    figures,
    fund,
    off,
    only_payout,
    payable_shop,
    run_payouts,
    transfers_at,
    without_pauses,
)
from tests.world.releases import DUE

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop whose transfer was asked for, and never arrived at the provider."""
    without_pauses(monkeypatch)
    shop = payable_shop("indigo")
    fund(paystack)
    paystack.add_fault("server_error", acts=False, match={"path": "/transfer/bulk"})
    run_payouts()
    assert transfers_at(paystack) == []
    return shop


def suspended(shop: Shop) -> None:
    Shop.objects.filter(pk=shop.pk).update(status=ShopStatus.SUSPENDED)


def moved_to_another_bank(shop: Shop) -> None:
    add_account(shop, "9876543210", usable_from=DUE)


@pytest.mark.parametrize(("change", "why"), [(suspended, "present state"), (moved_to_another_bank, "bank account")])
def test_it_is_not_sent_again_and_ends_when_the_provider_is_sure(
    change: Callable[[Shop], None], why: str, shop: Shop, paystack: SandboxProcess
) -> None:
    change(shop)

    ask(now=LATER)
    assert figures(shop) == {"in_transit": EARNED}, "it may be on its way still"
    ask(now=LATER + timedelta(hours=1))

    payout, transfer = only_payout()
    assert transfers_at(paystack) == []
    assert (payout.status, payout.problem, transfer.place) == (PayoutStatus.FAILED, PayoutProblem.FAILED, "back")
    assert why in payout.note
    assert figures(shop) == {"available": EARNED}
    assert off() == []


def test_it_goes_to_the_bank_account_that_the_shop_has_now(shop: Shop, paystack: SandboxProcess) -> None:
    moved_to_another_bank(shop)
    ask(now=LATER + timedelta(hours=1))
    retry_payout(payout_id=only_payout()[0].pk, now=LATER + timedelta(hours=1))
    send_runs(now=LATER + timedelta(hours=1))
    [sent] = transfers_at(paystack)
    assert sent["recipient"]["details"]["account_number"] == "9876543210"
    assert off() == []


def test_one_that_arrived_all_the_same_is_booked_as_paid_late(shop: Shop) -> None:
    moved_to_another_bank(shop)
    ask(now=LATER + timedelta(hours=1))
    _, transfer = only_payout()
    names: dict[str, Any] = {"provider_id": "TRF_1", "is_live": False, "recipient": transfer.recipient}
    paid = TransferReport(transfer.reference, TransferState.SUCCESS, EARNED, "NGN", fees_minor=0, **names)
    settle_transfer(transfer_id=transfer.pk, report=paid, now=LATER + timedelta(hours=2))
    assert only_payout()[0].problem == PayoutProblem.PAID_LATE
    assert off(with_provider=False) == []
