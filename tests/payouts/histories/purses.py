"""A reckoning of a shop's money beside the ledger, as people would keep it on paper.

It imports nothing of the product. Its rules are those of docs/payouts.md, docs/disputes.md, docs/commission.md and
docs/orders.md (What goes back).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

TAX_RATES = {"NG": 750, "GH": 2_000}  # the standard ones, in basis points, where the market is registered


def shared(amount: int, weights: Mapping[UUID, int]) -> dict[UUID, int]:
    """Split an amount by largest remainder, among equal ones to the lowest key; shares of nothing are left out."""
    whole = sum(weights.values())
    exact = {key: Fraction(amount * weight, whole) for key, weight in weights.items()} if amount else {}
    shares = {key: int(share) for key, share in exact.items()}
    by_remainder = sorted(exact, key=lambda key: (shares[key] - exact[key], key))
    for key in by_remainder[: amount - sum(shares.values())]:
        shares[key] += 1
    return {key: share for key, share in shares.items() if share}


def commission_on(price: int, bps: int, country: str) -> tuple[int, int]:
    """Return the commission on a price and the tax on it: never more than the price together."""
    tax_bps = TAX_RATES.get(country, 0)
    most = Fraction(price * 10_000, 10_000 + tax_bps)
    commission = int(min(Fraction(price * bps, 10_000), most))
    return commission, int(Fraction(commission * tax_bps, 10_000) + Fraction(1, 2))


@dataclass(frozen=True)
class Share:
    """An amount of the buyer's, and what shop, market and state have of it, with the market's gift in it."""

    amount: int
    payable: int
    commission: int
    tax: int
    promotion: int

    def and_held(self, amount: int, payable: int) -> Share:
        """Return it with more of the buyer's amount and of the shop's money; market and state hold nothing."""
        return replace(self, amount=self.amount + amount, payable=self.payable + payable)


NOTHING = Share(0, 0, 0, 0, 0)


@dataclass(eq=False)
class Part:
    """A part that was sold: what is left of what its buyer paid, and who has it."""

    id: UUID
    purse: Purse
    value: int
    whole_commission: int
    whole_tax: int
    promotion: int
    delivery: int
    kept: int = 0
    commission: int = 0
    tax: int = 0
    pending: int = 0
    holds: set[object] = field(default_factory=set)
    due_at: datetime | None = None
    is_released: bool = False

    def __post_init__(self) -> None:
        self.kept, self.commission, self.tax = self.value, self.whole_commission, self.whole_tax
        self.pending = self.payable
        self.purse.parts.append(self)

    @property
    def payable(self) -> int:
        """Return the shop's share of what is left."""
        return self.kept + self.promotion - self.commission - self.tax

    @property
    def has_gift_left(self) -> bool:
        """Return whether its units can be taken back still, though nothing of what its buyer paid is left."""
        return bool(self.promotion) and not self.kept and not self.delivery

    def share(self, amount: int, *, is_all: bool) -> Share:
        """Return the shares of an amount: of all that is left, or without units, taken off evenly.

        The market keeps its commission in proportion, rounded up, and the tax in proportion to that, rounded down; the
        shop never has more afterwards.
        """
        promotion, left = self.promotion if is_all else 0, self.kept - amount
        most, due = amount + promotion, 0 if is_all else -(-self.whole_commission * left // self.value)
        commission = min(max(self.commission - due, 0), most)
        keeps = self.commission - commission
        keeps_tax = self.whole_tax * keeps // self.whole_commission if self.whole_commission else 0
        keeps_tax = min(keeps_tax, max(left + self.promotion - promotion - keeps, 0))
        tax = min(max(self.tax - keeps_tax, 0), most - commission)
        return Share(amount, most - commission - tax, commission, tax, promotion)

    def lose(self, share: Share) -> None:
        """Take a share off."""
        self.kept -= share.amount
        self.commission -= share.commission
        self.tax -= share.tax
        self.promotion -= share.promotion


@dataclass
class Reserve:
    """A share of what a part released, kept for some days."""

    part: Part
    due_at: datetime
    left: int


@dataclass(eq=False)
class Purse:
    """A shop's money by place."""

    reserve_bps: int = 0
    reserve_days: int = 1
    parts: list[Part] = field(default_factory=list)
    reserves: list[Reserve] = field(default_factory=list)
    available: int = 0
    in_transit: int = 0
    owed: int = 0

    def figures(self) -> tuple[int, int, int, int, int]:
        """Return what is pending, available, reserved, in transit and owed."""
        pending, reserved = sum(part.pending for part in self.parts), sum(each.left for each in self.reserves)
        return pending, self.available, reserved, self.in_transit, self.owed

    @property
    def total(self) -> int:
        """Return all that is owed to the shop, less what it owes."""
        *places, owed = self.figures()
        return sum(places) - owed

    def take(self, part: Part, amount: int) -> int:
        """Take an amount, each place as far as it reaches; return the share of what was pending of the part."""
        pending = min(part.pending, amount)
        part.pending -= pending
        available = min(self.available, amount - pending)
        self.available -= available
        missing = amount - pending - available
        for reserve in sorted(self.reserves, key=lambda each: (each.part is not part, each.due_at, each.part.id)):
            share = min(reserve.left, missing)
            reserve.left -= share
            missing -= share
        self.owed += missing
        return pending

    def give(self, amount: int) -> None:
        """Add an amount that can be paid: what the shop owes comes first."""
        paid = min(self.owed, amount)
        self.owed -= paid
        self.available += amount - paid

    def set_aside(self) -> int:
        """Set aside what can be paid out, unless a payout is under way; return the amount."""
        amount = self.available - self.owed
        if self.in_transit or amount <= 0:
            return 0
        self.available = self.owed = 0
        self.in_transit = amount
        return amount

    def send_again(self, amount: int) -> None:
        """Set an amount aside that had come back."""
        self.available -= amount
        self.in_transit += amount

    def paid(self, amount: int, fee: int, *, is_late: bool) -> None:
        """Take what was paid out, of the available money where it had come back; its fee is owed."""
        if is_late:
            available = min(self.available, amount)
            self.available -= available
            self.owed += amount - available
        else:
            self.in_transit -= amount
        self.owed += fee

    def came_back(self, amount: int, fee: int, *, was_paid: bool) -> None:
        """Add what came back; a fee makes the debts less, and what of it is owed no more is available."""
        if not was_paid:
            self.in_transit -= amount
        less = min(fee, self.owed)
        self.owed -= less
        self.available += amount + fee - less

    def release(self, now: datetime) -> None:
        """Release what is due and held by nothing, then end the reserves that are due."""
        due = [part for part in self.parts if part.due_at and not part.is_released and not part.holds]
        for part in sorted(due, key=lambda each: (each.due_at, each.id)):
            if part.due_at is None or part.due_at > now:
                continue
            part.is_released = True
            kept = (part.pending - min(self.owed, part.pending)) * self.reserve_bps // 10_000
            self.give(part.pending - kept)
            self.reserves.append(Reserve(part, now + timedelta(days=self.reserve_days), kept))
            part.pending = 0
        for reserve in sorted(self.reserves, key=lambda each: (each.due_at, each.part.id)):
            if reserve.due_at <= now:
                self.give(reserve.left)
                self.reserves.remove(reserve)
