"""Any history of money: each shop and the market come to what people would add up, to the unit.

`MONEY_HISTORIES=5000 uv run pytest -n0 tests/payouts/histories` goes through as many; a failure names its seed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest
from django.conf import LazySettings

from kit.work import jobs
from payouts.disputes import money as disputed
from payouts.disputes import moving
from payouts.models import AccountKind, Dispute, DisputeSetOff, DisputeStatus, Journal, JournalKind
from payouts.runs import money
from payouts.services import posting, reversals
from payouts.services.accounts import AccountKey
from payouts.services.journals import Leg, Posting, post
from payouts.services.posting import COMMISSION, FEES
from payouts.statements.statement import months_of
from tests.payouts.histories.market import open_market
from tests.world.clock import NOW
from tests.world.databases import throwaway_database
from tests.world.ledger import assert_books_hold, rows

SEED = 20_261_130
COUNT = int(os.environ.get("MONEY_HISTORIES", "40"))
AT_ONCE = 250  # histories beside each other
OF_PROVIDERS = """
SELECT a.code, e.currency, sum(total) FROM (
    SELECT journal_id, currency, sum(amount_minor) AS total FROM payouts_entry GROUP BY journal_id, currency
) e JOIN payouts_entry c ON c.journal_id = e.journal_id
  JOIN payouts_account a ON a.id = c.account_id AND a.code LIKE 'clearing:%%'
 GROUP BY a.code, e.currency HAVING sum(total) <> 0
"""
HAPPENED = ("platform_promotions", "commission_tax", "dispute_reserve", "dispute_losses", "refunds_payable")


@pytest.fixture(autouse=True)
def _settings(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pay small amounts and large ones, tax the commission, and leave the sending to the histories."""
    monkeypatch.setattr(jobs, "_wake", lambda _: None)
    settings.PAYOUT_MINIMUM_MINOR = 1
    settings.PAYOUT_SECOND_APPROVAL_MINOR = 10**15
    settings.COMMISSION_TAX_NUMBERS = {"NG": "12345678-0001", "GH": "C0001234567"}
    settings.PEBBLE_URL, settings.PEBBLE_KEY = "http://127.0.0.1:9", "test"
    pebble = "tests.gateway.conformance.pebble.from_settings"
    settings.PAYMENT_PROVIDERS = settings.PAYMENT_PROVIDERS | {"pebble": pebble}


def test_the_ledger_comes_to_what_was_added_up(live_database: str, settings: LazySettings) -> None:
    for first in range(0, COUNT, AT_ONCE):
        with throwaway_database():
            hold_together(SEED + first, min(AT_ONCE, COUNT - first), settings)


def hold_together(seed: int, count: int, settings: LazySettings) -> None:
    """Check that some histories side by side come to what was added up, and that all of it has happened in them."""
    market = open_market(seed, count)
    assert list(market.live(settings)) == [], f"seed {seed}"
    assert list(market.faults()) == [], f"seed {seed}"
    assert_books_hold()
    assert rows(OF_PROVIDERS) == []
    for history in market.histories[:8]:
        for shop, purse in history.shops:
            months = months_of(shop=shop, now=NOW + timedelta(days=60))
            assert [month.closing_minor for month in months[:1]] in ([], [purse.total])
    assert all(books.paid_out for books in market.books.values())
    assert all(any(books[code] for books in market.books.values()) for code in HAPPENED)
    assert DisputeSetOff.objects.filter(undone_at=None).exists()
    assert DisputeSetOff.objects.exclude(undone_at=None).exists()
    assert set(DisputeStatus) == set(Dispute.objects.values_list("status", flat=True))


def leave(name: str) -> Callable[[pytest.MonkeyPatch], None]:
    """Have an amount of reversals left with the market, and the shop bear it."""

    def broken(patch: pytest.MonkeyPatch) -> None:
        taken = reversals._legs_of_shop

        def shop_alone(back: Any, currency: str) -> list[Leg]:
            object.__setattr__(back, "payable_minor", back.payable_minor + getattr(back, name))
            object.__setattr__(back, name, 0)
            return taken(back, currency)

        patch.setattr(reversals, "_legs_of_shop", shop_alone)

    return broken


def hold_twice(patch: pytest.MonkeyPatch) -> None:
    """Have the money of a dispute held again, as a debt of the shop."""

    def twice(posting: Posting) -> Journal | None:
        if posting.draft.kind == JournalKind.DISPUTE:
            reserved = [leg for leg in posting.legs if leg.account == disputed.RESERVE]
            shop_id = next(leg.account.shop_id for leg in posting.legs if leg.account.shop_id)
            owed = AccountKey(AccountKind.SHOP_RECEIVABLE, shop_id)
            legs = (*reserved, *(replace(leg, account=owed, amount_minor=-leg.amount_minor) for leg in reserved))
            draft = replace(posting.draft, source=f"{posting.draft.source}.2")
            assert post(replace(posting, draft=draft, legs=legs))
        return post(posting)

    patch.setattr(disputed, "post", twice)


def keep_what_is_won(patch: pytest.MonkeyPatch) -> None:
    """Have the market keep what a shop has won."""
    given_back = disputed._given_back

    def kept(*of: Any) -> list[Leg]:
        return [replace(leg, account=COMMISSION) for leg in given_back(*of)]

    patch.setattr(disputed, "_given_back", kept)


BROKEN: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "a reversal leaves the commission": leave("commission_minor"),
    "a reversal leaves the tax on it": leave("commission_tax_minor"),
    "the tax lost with a dispute is taken of the commission": lambda patch: patch.setattr(
        disputed, "COMMISSION_TAX", COMMISSION
    ),
    "a dispute is booked twice": hold_twice,
    "the market keeps what a shop has won": keep_what_is_won,
    "a refund that the bank has paid costs the commission": lambda patch: patch.setattr(posting, "LOSSES", COMMISSION),
    "a decided dispute holds the release": lambda patch: patch.setattr(moving, "close_hold", lambda **_: False),
    "the market bears a shop's fee": lambda patch: patch.setattr(money, "_fee_bearer", lambda *_: FEES),
    "another account pays": lambda patch: patch.setattr(money, "_held", lambda _: money.OUTSIDE),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_posting_that_balances_and_is_wrong_is_found(
    broken: str, live_database: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: journals that sum to zero, and say something else than what has happened."""
    BROKEN[broken](monkeypatch)
    market = open_market(SEED, 16)
    assert next(chain(market.live(settings), market.faults()), ""), broken
    assert_books_hold()
