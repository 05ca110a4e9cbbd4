"""Random histories of sales, releases, reversals, payouts and disputes: the books hold to the unit after each day."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from gateway.disputes import DisputeReport, DisputeState
from kit.ids import uuid7
from payouts.audit.disputes import DISPUTE_CHECKS
from payouts.audit.release import RELEASE_CHECKS
from payouts.disputes.money import DisputedShare, LostShare
from payouts.disputes.moving import DisputedPayment, end_dispute, open_dispute
from payouts.models import AccountKind, Dispute, DisputeStatus, JournalKind
from payouts.release.round import run_round
from payouts.release.schedules import EarnedPart, schedule_release
from payouts.release.terms import OwnTerms, change_terms
from payouts.selectors import balances_of, shop_balances
from payouts.services.accounts import AccountKey
from payouts.services.journals import JournalDraft, Leg, post, prepare_journal
from tenants.models import Shop
from tests.world.books import make_operator
from tests.world.clock import NOW
from tests.world.ledger import assert_books_hold, make_shop, rows
from tests.world.releases import sold_at_once, take_back

pytestmark = pytest.mark.django_db
SEED = 20_261_201
SHOPS, ORDERS, DAYS = 3, 90, 20


class Story:
    """One sub-order's: what the shop has of it still, and the dispute that is open."""

    def __init__(self, part: EarnedPart, payable_minor: int) -> None:
        self.part, self.left_minor, self.taken_minor = part, payable_minor, 0
        self.dispute: Dispute | None = None

    def live(self, day: int, chance: random.Random) -> None:
        """Do one thing that can come next, or nothing."""
        now = NOW + timedelta(days=day)
        if self.dispute is not None:
            if chance.random() < 0.3:
                self._decide(chance, day)
        elif self.left_minor and chance.random() < 0.15:
            amount = chance.choice([self.left_minor, chance.randint(1, self.left_minor)])
            self.dispute = self._open(amount, day)
        elif self.left_minor and chance.random() < 0.05:
            amount = chance.randint(1, self.left_minor)
            self.left_minor -= amount
            take_back(self.part, amount, now=now)

    def _open(self, amount: int, day: int) -> Dispute:
        now = NOW + timedelta(days=day)
        reference = f"ks-{self.part.sub_order_id.hex[:20]}"
        payment = DisputedPayment("paystack", uuid7(), reference, self.part.number, "NGN")
        report = DisputeReport(uuid7().hex[:40], reference, amount, "NGN", DisputeState.AWAITING_ANSWER)
        return open_dispute(
            payment=payment, report=report, shares=[DisputedShare(self.part, amount, amount, 0)], now=now
        )

    def _decide(self, chance: random.Random, day: int) -> None:
        assert self.dispute is not None
        dispute, self.dispute = self.dispute, None
        amount = chance.choice([0, 0, dispute.amount_minor, chance.randint(1, dispute.amount_minor)])
        status = DisputeStatus.LOST if amount else DisputeStatus.WON
        lost = {self.part.sub_order_id: LostShare(amount, amount, 0, 0, uuid7())} if amount else {}
        end_dispute(dispute, status=status, resolution="", lost_minor=amount, lost=lost, now=NOW + timedelta(days=day))
        self.left_minor -= amount
        self.taken_minor += amount


def pay_out(shop: Shop, number: int, chance: random.Random) -> int:
    """Let some of what is available leave, as a payout does; return the amount."""
    available = shop_balances(shop_id=shop.pk).available_minor
    amount = chance.randint(0, available)
    if not amount:
        return 0
    legs = [
        Leg(AccountKey(AccountKind.SHOP_AVAILABLE, shop.pk), amount),
        Leg(AccountKey(AccountKind.PAID_OUTSIDE), -amount),
    ]
    draft = JournalDraft(JournalKind.CORRECTION, f"{shop.pk}.{number}", "Paid out", "NGN", NOW)
    post(prepare_journal(draft=draft, legs=legs, now=NOW))
    return amount


def begun(shops: list[Shop], chance: random.Random, operator_id: int) -> list[Story]:
    """Sell in each shop, and say when the orders arrive."""
    stories: list[Story] = []
    for shop in shops:
        terms = OwnTerms(None, chance.choice([0, 500, 3_333]), chance.randint(1, 10))
        change_terms(shop_id=shop.pk, terms=terms, actor_id=operator_id, now=NOW)
        amounts = [chance.choice([1, 99, chance.randint(1, 10**9)]) for _ in range(ORDERS // SHOPS)]
        parts = sold_at_once(shop, amounts)
        stories += [Story(part, amount) for part, amount in zip(parts, amounts, strict=True)]
    for story in stories:
        days = chance.randint(0, 5)
        schedule_release(part=story.part, delivered_at=NOW + timedelta(days=chance.randint(0, 8)), hold_days=days)
    return stories


def test_what_shops_have_is_what_they_earned_less_what_was_lost_and_paid_out() -> None:
    chance, operator = random.Random(SEED), make_operator()
    shops = [make_shop(f"shop-{number}") for number in range(SHOPS)]
    stories = begun(shops, chance, operator.pk)
    paid = dict.fromkeys([shop.pk for shop in shops], 0)

    for day in range(DAYS):
        for story in chance.sample(stories, len(stories)):
            story.live(day, chance)
        run_round(now=NOW + timedelta(days=day, hours=12))
        for shop in shops:
            paid[shop.pk] += pay_out(shop, day, chance)
        assert_sound(shops)

    for story in stories:
        if story.dispute is not None:
            story._decide(chance, DAYS)
    run_round(now=NOW + timedelta(days=DAYS + 30))
    assert_sound(shops)
    assert rows(
        "SELECT coalesce(sum(amount_minor), 0) FROM payouts_entry e JOIN payouts_account a"
        " ON a.id = e.account_id WHERE a.code = 'dispute_reserve'"
    ) == [(0,)]
    for shop in shops:
        found = shop_balances(shop_id=shop.pk)
        earned = sum(story.left_minor for story in stories if story.part.shop_id == shop.pk)
        assert found.total_minor == earned - paid[shop.pk], SEED
    assert Dispute.objects.filter(status="lost").count() > 5
    assert Dispute.objects.filter(status="won").count() > 5


def assert_sound(shops: list[Shop]) -> None:
    """Check the books, that nothing is negative, and that a shop owes only where it has nothing."""
    assert_books_hold()
    for found in balances_of(shop_ids=[shop.pk for shop in shops]).values():
        assert min(found.pending_minor, found.available_minor, found.reserved_minor, found.receivable_minor) >= 0, SEED
        assert not found.receivable_minor or found.available_minor == 0, SEED
    assert not [each.name for each in (*RELEASE_CHECKS, *DISPUTE_CHECKS) if each.find((), ()).total], SEED
