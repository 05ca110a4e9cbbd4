"""Random histories of sales, deliveries, holds, reversals, releases and reserves: the books hold after each day."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from payouts.audit.release import RELEASE_CHECKS
from payouts.models import Reserve
from payouts.release.holds import close_hold
from payouts.release.round import run_round
from payouts.release.schedules import EarnedPart, schedule_release
from payouts.release.terms import OwnTerms, change_terms
from payouts.selectors import balances_of, shop_balances, shop_entries
from tenants.models import Shop
from tests.world.books import make_operator
from tests.world.clock import NOW
from tests.world.ledger import assert_books_hold, make_shop, rows
from tests.world.releases import hold, sold_at_once, take_back

pytestmark = pytest.mark.django_db
SEED = 20_261_130
SHOPS, HISTORIES, DAYS = 6, 1_200, 25
SALE = 20  # sub-orders of one
ONCE = """
SELECT e.sub_order_id, j.kind, count(*) FROM payouts_entry e
  JOIN payouts_journal j ON j.id = e.journal_id JOIN payouts_account a ON a.id = e.account_id
 WHERE (j.kind, a.code) IN (('release', 'shop_pending'), ('reserve_end', 'shop_reserved'))
 GROUP BY e.sub_order_id, j.kind HAVING count(*) > 1
"""


class History:
    """One sub-order's: what it was sold for, and what was taken back of it so far."""

    def __init__(self, part: EarnedPart, payable_minor: int, chance: random.Random) -> None:
        self.part, self.left_minor = part, payable_minor
        self.delivery = chance.randint(0, 12)
        self.hold = chance.choice([None, None, (chance.randint(0, 15), chance.randint(15, DAYS - 1))])
        self.reversals = sorted(chance.randint(0, DAYS - 1) for _ in range(chance.choice([0, 0, 0, 1, 1, 2])))

    def live(self, day: int, chance: random.Random) -> None:
        """Do what its day brings, in any order."""
        now = NOW + timedelta(days=day)
        source = f"return:{self.part.sub_order_id}"
        if self.hold is not None and day == self.hold[0]:
            hold(self.part, source, now=now)
        for _ in range(self.reversals.count(day)):
            amount = chance.choice([self.left_minor, chance.randint(0, self.left_minor)])
            self.left_minor -= amount
            take_back(self.part, amount, now=now)
        if day == self.delivery:
            schedule_release(part=self.part, delivered_at=now, hold_days=chance.randint(0, 6))
        if self.hold is not None and day == self.hold[1]:
            close_hold(source=source, now=now)


def test_books_hold_and_all_is_released_once() -> None:
    chance = random.Random(SEED)
    operator = make_operator()
    shops = [make_shop(f"shop-{number}") for number in range(SHOPS)]
    for shop in shops:
        terms = OwnTerms(None, chance.choice([0, 0, 500, 3_333, 10_000]), chance.randint(1, 20))
        change_terms(shop_id=shop.pk, terms=terms, actor_id=operator.pk, now=NOW)
    histories = []
    for number in range(HISTORIES // SALE):
        amounts = [chance.choice([1, 99, 10_000, chance.randint(1, 10**9)]) for _ in range(SALE)]
        parts = sold_at_once(shops[number % SHOPS], amounts)
        histories += [History(part, amount, chance) for part, amount in zip(parts, amounts, strict=True)]

    for day in range(DAYS):
        for history in chance.sample(histories, len(histories)):
            history.live(day, chance)
        run_round(now=NOW + timedelta(days=day, hours=chance.randint(0, 23)))
        assert_sound(shops)

    run_round(now=NOW + timedelta(days=DAYS + 30))
    assert_sound(shops)
    assert rows("SELECT count(*) FROM payouts_releaseschedule WHERE released_at IS NULL") == [(0,)]
    assert not Reserve.objects.filter(ended_at=None).exists()
    left = Counter[int]()
    for history in histories:
        left[history.part.shop_id] += history.left_minor
    for shop in shops:
        found = shop_balances(shop_id=shop.pk)
        assert (found.pending_minor, found.reserved_minor, found.receivable_minor) == (0, 0, 0)
        assert found.available_minor == found.total_minor == left[shop.pk], SEED
        assert sum(entry.amount_minor for entry in shop_entries(shop_id=shop.pk, limit=10**6)) == found.total_minor


def assert_sound(shops: list[Shop]) -> None:
    """Check that nothing is negative, that a shop owes only where it has nothing, and that nothing moved twice."""
    assert_books_hold()
    assert rows(ONCE) == []
    for found in balances_of(shop_ids=[shop.pk for shop in shops]).values():
        assert min(found.pending_minor, found.available_minor, found.reserved_minor, found.receivable_minor) >= 0, SEED
        assert not found.receivable_minor or found.available_minor == found.reserved_minor == 0, SEED
    assert not [each for each in RELEASE_CHECKS if each.find((), ()).total], SEED
