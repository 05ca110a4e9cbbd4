"""Fees of transfers that come back, where the shop has borne them."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from payouts.models import Journal, JournalKind
from payouts.runs.poll_transfers import refresh_transfer
from payouts.statements.statement import months_of
from paystack_sandbox.testing import SandboxProcess
from tests.world.payouts import (
    EARNED,
    FEE,
    LATER,
    ask,
    earn,
    figures,
    finish,
    fund,
    off,
    only_payout,
    payable_shop,
    run_payouts,
    without_pauses,
)

pytestmark = pytest.mark.django_db


def test_a_fee_that_was_netted_before_the_return_is_available_again(
    paystack: SandboxProcess, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shop owes it no more: its debts cannot become less, so the fee is money of its own."""
    without_pauses(monkeypatch)
    settings.PAYOUT_FEES_FROM_SHOPS = True
    shop = payable_shop("indigo")
    fund(paystack)
    run_payouts()
    transfer = only_payout()[1]
    finish(paystack, transfer)
    ask()
    earn(shop, 1_000_000)
    assert figures(shop) == {"available": 1_000_000 - FEE}

    finish(paystack, transfer, "reversed")
    refresh_transfer(provider="paystack", reference=transfer.reference, now=LATER)

    assert figures(shop) == {"available": 1_000_000 + EARNED}
    assert off(with_provider=False) == []
    assert Journal.objects.get(kind=JournalKind.CORRECTION).source == f"{transfer.reference}.3"
    assert months_of(shop=shop, now=LATER)[0].closing_minor == 1_000_000 + EARNED
