"""One shop's history of money: what happens to it by chance, and what it must come to, added up beside the ledger."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kit.ids import uuid7
from payouts.release.holds import close_hold
from payouts.release.schedules import EarnedPart, schedule_release
from payouts.release.terms import OwnTerms, change_terms
from payouts.services.journals import Posting, post
from payouts.services.posting import SaleShare, post_refund, prepare_free_sale, prepare_sale
from payouts.services.reversals import TakenBack, post_reversal
from tenants.models import Shop
from tests.world.releases import hold

PROVIDERS = ("paystack", "paystack", "pebble")
SHARES = (0, 1, 99, 800, 3_333)  # of the market in a sale, in basis points
PRICES = (1, 99, 10_000, 1_850_050)
MOST_MINOR = 10**8
TWICE = 0.1  # of what is told, so much is told again


@dataclass
class Figures:
    """Sums of a currency, as people would add them up."""

    captured: int = 0
    charged_fees: int = 0
    transfer_fees: int = 0
    promotions: int = 0
    commission: int = 0
    owed_back: int = 0
    given_back: int = 0
    paid_out: int = 0
    fees_of_shops: int = 0


@dataclass
class Sold:
    """A part that was sold, and what is left of its shares."""

    part: EarnedPart
    provider: str
    payable: int
    commission: int
    promotion: int
    is_delivered: bool = False
    is_held: bool = False


@dataclass
class History:
    """A shop, its sales, and what it is owed."""

    shop: Shop
    chance: random.Random
    sums: Figures
    operator_id: int
    owed: int = 0
    sold: list[Sold] = field(default_factory=list)
    refunds: list[tuple[UUID, str, int]] = field(default_factory=list)
    """Refunds that the provider has not made yet: id, provider and amount."""

    def begin(self, now: datetime) -> None:
        """Agree on terms: a reserve of some days, or none."""
        terms = OwnTerms(None, self.chance.choice([0, 0, 500, 10_000]), self.chance.randint(1, 6))
        change_terms(shop_id=self.shop.pk, terms=terms, actor_id=self.operator_id, now=now)

    def live(self, now: datetime) -> None:
        """Do some of what a day may bring."""
        acts = self.chance.choices(
            [self.sell, self.deliver, self.take_back, self.refund, self.keep], weights=[5, 5, 3, 4, 1], k=2
        )
        for act in acts:
            act(now)

    def sell(self, now: datetime) -> None:
        """Sell something, with a coupon of the market or without, paid in full, too much, or by the coupon alone."""
        chance = self.chance
        price = chance.choice([*PRICES, chance.randint(1, MOST_MINOR)])
        commission = price * chance.choice(SHARES) // 10_000
        promotion = chance.choice([0, 0, 0, chance.randint(0, price), price])
        surplus = chance.choice([0, 0, 0, 0, chance.randint(1, 500)])
        share = SaleShare(self.shop.pk, uuid7(), price - commission, commission, promotion)
        provider, captured = chance.choice(PROVIDERS), price - promotion + surplus
        fees = min(captured, captured * 15 // 1_000 + 100)
        posting: Posting | None
        if captured:
            posting = prepare_sale(
                provider=provider,
                reference=f"ks-{share.sub_order_id}",
                currency=self.shop.currency,
                captured_minor=captured,
                fees_minor=fees,
                shares=[share],
                refundable_minor=surplus,
                occurred_at=now,
                now=now,
            )
        else:
            posting = prepare_free_sale(
                number=f"KS-{share.sub_order_id}", currency=self.shop.currency, shares=[share], now=now
            )
        assert posting is not None
        assert post(posting) is not None
        if chance.random() < TWICE:
            assert post(posting) is None, "told twice, it is booked once"
        number = f"KS-{share.sub_order_id.hex[-12:]}-1"
        part = EarnedPart(share.sub_order_id, self.shop.pk, number, self.shop.currency)
        self.sold.append(Sold(part, provider, share.payable_minor, commission, promotion))
        self.sums.captured += captured
        self.sums.charged_fees += fees
        self.sums.promotions += promotion
        self.sums.commission += commission
        self.owed += share.payable_minor
        self._owe_back(provider, surplus)

    def deliver(self, now: datetime) -> None:
        """A part arrives; some days later its money is available."""
        waiting = [sold for sold in self.sold if not sold.is_delivered]
        if waiting:
            sold = self.chance.choice(waiting)
            sold.is_delivered = True
            schedule_release(part=sold.part, delivered_at=now, hold_days=self.chance.randint(0, 3))

    def take_back(self, now: datetime) -> None:
        """Some or all of a part is taken back, wherever its money is by then; the last part takes the remainder."""
        left = [sold for sold in self.sold if sold.payable + sold.commission]
        if not left:
            return
        sold, bps = self.chance.choice(left), self.chance.choice([10_000, 10_000, self.chance.randint(1, 9_999)])
        whole = sold.payable + sold.commission
        taken = whole * bps // 10_000
        commission, promotion = sold.commission * taken // whole, sold.promotion * taken // whole
        back = TakenBack(self.shop.pk, sold.part.sub_order_id, taken - commission, commission, promotion)
        with transaction.atomic():
            post_reversal(
                reversal_id=uuid7(),
                number=sold.part.number,
                currency=self.shop.currency,
                taken=back,
                occurred_at=now,
                now=now,
            )
        sold.payable -= taken - commission
        sold.commission -= commission
        sold.promotion -= promotion
        self.owed -= taken - commission
        self.sums.commission -= commission
        self.sums.promotions -= promotion
        self._owe_back(sold.provider, taken - promotion)

    def refund(self, now: datetime) -> None:
        """The provider has given something back to a buyer."""
        if self.refunds:
            refund_id, provider, amount = self.refunds.pop(self.chance.randrange(len(self.refunds)))
            for _ in range(1 + (self.chance.random() < TWICE)):
                post_refund(
                    provider=provider,
                    refund_id=refund_id,
                    amount_minor=amount,
                    currency=self.shop.currency,
                    occurred_at=now,
                    now=now,
                )
            self.sums.owed_back -= amount
            self.sums.given_back += amount

    def keep(self, now: datetime) -> None:
        """Hold the money of a part, or let it go."""
        if self.sold:
            sold = self.chance.choice(self.sold)
            source = f"return:{sold.part.sub_order_id}"
            if sold.is_held:
                close_hold(source=source, now=now)
            else:
                hold(sold.part, source, now=now)
            sold.is_held = not sold.is_held

    def let_go(self, now: datetime) -> None:
        """Let go of all that is held."""
        for sold in self.sold:
            if sold.is_held:
                close_hold(source=f"return:{sold.part.sub_order_id}", now=now)
                sold.is_held = False

    def _owe_back(self, provider: str, amount: int) -> None:
        if amount:
            self.refunds.append((uuid7(), provider, amount))
            self.sums.owed_back += amount
