"""Any history of a shop's money: the ledger comes to what people would add up, to the unit.

`MONEY_HISTORIES=5000 uv run pytest -n0 tests/payouts/histories` goes through as many; a failure names its seed.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from kit.work import jobs
from payouts.audit.ledger import LEDGER_CHECKS
from payouts.audit.payouts import PAYOUT_CHECKS
from payouts.audit.release import RELEASE_CHECKS
from payouts.release.round import run_round
from payouts.runs import money
from payouts.selectors import balances_of
from payouts.services import reversals
from payouts.services.accounts import open_shop_accounts
from payouts.services.journals import Leg
from payouts.services.posting import FEES
from payouts.statements.statement import months_of
from tenants.models import Shop, ShopStatus
from tests.payouts.histories.history import Figures, History
from tests.payouts.histories.transfers import hear_of, make_runs
from tests.world.books import make_operator
from tests.world.clock import NOW
from tests.world.databases import throwaway_database
from tests.world.ledger import assert_books_hold, rows
from tests.world.payouts import add_account

SEED = 20_261_130
COUNT = int(os.environ.get("MONEY_HISTORIES", "200"))
AT_ONCE, DAYS = 250, 6  # histories beside each other, and how long each goes on
BROKEN = ("a reversal leaves the commission", "the market bears a shop's fee", "another account pays")
CURRENCIES = ("NGN", "NGN", "GHS")
OF_PROVIDERS = """
SELECT a.code, e.currency, sum(total) FROM (
    SELECT journal_id, currency, sum(amount_minor) AS total FROM payouts_entry GROUP BY journal_id, currency
) e JOIN payouts_entry c ON c.journal_id = e.journal_id
  JOIN payouts_account a ON a.id = c.account_id AND a.code LIKE 'clearing:%%'
 GROUP BY a.code, e.currency HAVING sum(total) <> 0
"""
SUMS = """
SELECT a.code, a.currency, sum(e.amount_minor) FROM payouts_entry e JOIN payouts_account a ON a.id = e.account_id
 GROUP BY a.code, a.currency
"""


@pytest.fixture(autouse=True)
def _settings(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pay small amounts and large ones, and leave the sending to the histories."""
    monkeypatch.setattr(jobs, "_wake", lambda _: None)
    settings.PAYOUT_MINIMUM_MINOR = 1
    settings.PAYOUT_SECOND_APPROVAL_MINOR = 10**15


def histories_of(seed: int, count: int, sums: dict[str, Figures]) -> dict[int, History]:
    """Open shops, each with a history to come."""
    operator, made = make_operator_once(), {}
    for number in range(count):
        chance = random.Random(f"{seed}:{number}")
        currency = chance.choice(CURRENCIES)
        slug = f"shop-{seed}-{number}"
        shop = Shop.objects.create(
            schema_name=f"shop_{slug.replace('-', '_')}",
            slug=slug,
            name=slug,
            status=ShopStatus.LIVE,
            currency=currency,
            created_at=NOW,
            status_at=NOW,
        )
        open_shop_accounts(shop_id=shop.pk, currency=currency)
        add_account(shop)
        made[shop.pk] = History(shop, chance, sums.setdefault(currency, Figures()), operator)
        made[shop.pk].begin(NOW)
    return made


def make_operator_once() -> int:
    from accounts.models import User

    found = User.objects.filter(is_operator=True).first() or make_operator()
    return int(found.pk)


def live(histories: dict[int, History], settings: LazySettings, seed: int) -> None:
    """Let all of them go on side by side, day by day."""
    chance = random.Random(seed)
    for day in range(DAYS):
        now = NOW + timedelta(days=day)
        settings.PAYOUT_FEES_FROM_SHOPS = chance.random() < 0.5
        for history in chance.sample(list(histories.values()), len(histories)):
            history.live(now)
        run_round(now=now + timedelta(hours=1))
        make_runs(now + timedelta(hours=2))
        hear_of(histories, chance, now + timedelta(hours=3))
    later = NOW + timedelta(days=DAYS)
    for history in histories.values():
        history.let_go(later)
    run_round(now=later + timedelta(days=30))


def faults(histories: dict[int, History], sums: dict[str, Figures]) -> Iterator[str]:
    """Yield what the ledger has come to, where it is not what was added up."""
    for shop_id, found in balances_of(shop_ids=list(histories)).items():
        if found.total_minor != histories[shop_id].owed:
            yield f"{histories[shop_id].shop.slug} is owed {found.total_minor}, not {histories[shop_id].owed}"
    booked = {(code, currency): int(total) for code, currency, total in rows(SUMS)}
    for currency, figures in sums.items():
        yield from _faults_of_currency(currency, figures, {code: n for (code, c), n in booked.items() if c == currency})
    for check in (*LEDGER_CHECKS, *RELEASE_CHECKS, *PAYOUT_CHECKS):
        found_by = check.find((), ())
        yield from (f"{check.name}: {finding}" for finding in found_by.findings if check.name != "schemas")


def _faults_of_currency(currency: str, figures: Figures, booked: dict[str, int]) -> Iterator[str]:
    held = sum(total for code, total in booked.items() if code.startswith("clearing:"))
    shops = -sum(total for code, total in booked.items() if code.startswith("shop_"))
    expected = {
        "held by providers": (
            held,
            figures.captured - figures.charged_fees - figures.given_back - figures.paid_out - figures.transfer_fees,
        ),
        "commission": (-booked.get("commission", 0), figures.commission),
        "promotions": (booked.get("platform_promotions", 0), figures.promotions),
        "owed to buyers": (-booked.get("refunds_payable", 0), figures.owed_back),
        "captured": (
            figures.captured,
            shops
            + figures.paid_out
            + figures.fees_of_shops
            + figures.commission
            + figures.owed_back
            + figures.given_back
            - figures.promotions,
        ),
    }
    yield from (
        f"{name} in {currency}: {found}, not {wanted}" for name, (found, wanted) in expected.items() if found != wanted
    )


def test_the_ledger_comes_to_what_was_added_up(live_database: str, settings: LazySettings) -> None:
    for first in range(0, COUNT, AT_ONCE):
        with throwaway_database():
            hold_together(SEED + first, min(AT_ONCE, COUNT - first), settings)


def hold_together(seed: int, count: int, settings: LazySettings) -> None:
    """Check that some histories side by side come to what was added up."""
    sums: dict[str, Figures] = {}
    histories = histories_of(seed, count, sums)
    live(histories, settings, seed)
    assert list(faults(histories, sums)) == [], f"seed {seed}"
    assert_books_hold()
    assert rows(OF_PROVIDERS) == []
    for history in list(histories.values())[:20]:
        months = months_of(shop=history.shop, now=NOW + timedelta(days=60))
        assert [month.closing_minor for month in months[:1]] in ([], [history.owed])
    assert all(figures.paid_out and figures.given_back and figures.promotions for figures in sums.values())


@pytest.mark.parametrize("broken", BROKEN)
def test_a_posting_that_balances_and_is_wrong_is_found(
    broken: str, live_database: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: journals that sum to zero, and say something else than what has happened."""
    if broken == "a reversal leaves the commission":
        taken = reversals._legs_of_shop

        def shop_alone(back: Any, currency: str) -> list[Leg]:
            object.__setattr__(back, "payable_minor", back.payable_minor + back.commission_minor)
            object.__setattr__(back, "commission_minor", 0)
            return taken(back, currency)

        monkeypatch.setattr(reversals, "_legs_of_shop", shop_alone)
    elif broken == "the market bears a shop's fee":
        monkeypatch.setattr(money, "_fee_bearer", lambda *_: FEES)
    else:
        monkeypatch.setattr(money, "_held", lambda _: money.OUTSIDE)
    sums: dict[str, Figures] = {}
    histories = histories_of(SEED, 12, sums)
    live(histories, settings, SEED)
    assert_books_hold()
    assert list(faults(histories, sums))
