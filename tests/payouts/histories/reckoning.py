"""A reckoning of the market's money beside the ledger: sales, what is taken back of them, and banks' claims.

Its rules are those of docs/ledger.md and docs/disputes.md; it imports nothing of the product.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.payouts.histories.purses import NOTHING, Part, Share, shared


@dataclass(eq=False)
class Claim:
    """A bank's claim: its share of each part, and what of it was taken of pending money."""

    shares: dict[Part, Share]
    pending: dict[Part, int]
    claimed: int
    report: Any = None  # as its provider has told of it
    lost: int = 0
    taken: int = 0
    is_undecided: bool = True

    @property
    def all_shares(self) -> list[Share]:
        """Return the shares of all parts."""
        return list(self.shares.values())

    @property
    def amount(self) -> int:
        """Return the sum of its shares."""
        return sum(share.amount for share in self.all_shares)


@dataclass(eq=False)
class Owed:
    """Money that is owed to a buyer: what of it the bank has paid, and whether the provider may be about to pay it."""

    amount: int
    part: Part | None = None
    key: UUID | None = None  # of the reversal that it is of, which holds the part's release; a surplus has none
    by_bank: int = 0
    is_under_way: bool = False
    is_over: bool = False

    @property
    def is_by_bank(self) -> bool:
        """Return whether the bank has paid all of it."""
        return self.by_bank == self.amount

    def let_go(self) -> None:
        """Let the release of its part go once nothing of it is owed."""
        if self.part and not self.left:
            self.part.holds.discard(self.key)

    @property
    def left(self) -> int:
        """Return what is still owed of it."""
        return 0 if self.is_over else self.amount - self.by_bank


@dataclass(eq=False)
class Sale:
    """An order as its money goes: its parts, what was captured of it, what goes back, and who claims it."""

    parts: list[Part]
    provider: str
    captured: int
    surplus: int
    given_back: int = 0
    owed: list[Owed] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)

    @property
    def waiting(self) -> list[Owed]:
        """Return what is still owed of it, the oldest first."""
        return [each for each in self.owed if each.left]

    @property
    def unborne(self) -> int:
        """Return what decided claims have taken that no part has lost, and that nothing owed was paid by."""
        taken = sum(claim.taken - claim.lost for claim in self.claims if not claim.is_undecided)
        return taken - sum(each.by_bank for each in self.owed)

    @property
    def undecided(self) -> list[Claim]:
        """Return the claims that nobody has decided yet."""
        return [claim for claim in self.claims if claim.is_undecided]

    @property
    def left(self) -> int:
        """Return what was captured and is neither given back, nor claimed, nor lost."""
        held = sum(claim.amount for claim in self.undecided)
        return self.captured - self.given_back - held - sum(claim.lost for claim in self.claims)


class Books(Counter[str]):
    """The market's accounts of a currency by code, each above zero on its normal side, and what no account tells."""

    def __init__(self) -> None:
        super().__init__()
        self.paid_out, self.fees_of_shops = 0, 0

    def sell(self, sale: Sale, fees: int) -> None:
        """Book a sale; what was paid beyond it is owed to its buyer."""
        self[f"clearing:{sale.provider}"] += sale.captured - fees
        self["psp_fees"] += fees
        for part in sale.parts:
            self["commission"] += part.commission
            self["commission_tax"] += part.tax
            self["platform_promotions"] += part.promotion
        self._owe(sale, Owed(sale.surplus))

    def take_back(self, sale: Sale, part: Part, amount: int, key: UUID, *, is_all: bool) -> None:
        """Take an amount of a part back, for its buyer; until the buyer has it, the part is held."""
        share = part.share(amount, is_all=is_all)
        self._lose(part, share)
        part.purse.take(part, share.payable)
        self._owe(sale, Owed(amount, part, key))
        if amount:
            part.holds.add(key)

    def refund(self, sale: Sale, owed: Owed) -> None:
        """Give back what is left of what is owed to a buyer."""
        self["refunds_payable"] -= owed.left
        self[f"clearing:{sale.provider}"] -= owed.left
        owed.is_over = True
        owed.let_go()

    def is_not_paid(self, sale: Sale, owed: Owed) -> None:
        """Write that the provider does not pay what is owed: what banks have taken and nobody has borne pays it."""
        owed.is_under_way = False
        if not sale.undecided:
            self._pay(owed, min(owed.left, sale.unborne))

    def pay_too(self, sale: Sale, owed: Owed) -> None:
        """Give back what the buyer's bank had paid already: the market has lost it."""
        self["dispute_losses"] += owed.by_bank
        self[f"clearing:{sale.provider}"] -= owed.by_bank
        owed.by_bank, owed.is_over = 0, True

    def claim(self, sale: Sale, claimed: int) -> Claim:
        """Hold the shops' shares of what a bank claims, as far as something is left that no other claim holds."""
        claim = Claim({}, {}, claimed)
        self._hold(sale, claim, min(claimed, sale.left))
        sale.claims.append(claim)
        return claim

    def decide(self, sale: Sale, claim: Claim, taken: int) -> None:
        """End a claim: what was taken leaves the provider, and pays what is owed and not on its way.

        The rest is lost by shares, with what other claims have taken and no shop has borne. What it held beyond that
        goes to the claims that hold less than they claim, the oldest first, and back to the shops.
        """
        claim.taken, claim.is_undecided = taken, False
        missing = sale.unborne - self._pay_owed(sale, sale.unborne)
        amounts = shared(min(missing, claim.amount), {part.id: each.amount for part, each in claim.shares.items()})
        for part, held in claim.shares.items():
            amount = amounts.get(part.id, 0)
            lost = part.share(amount, is_all=amount == part.kept) if amount else NOTHING
            self["dispute_reserve"] -= held.payable
            self._lose(part, lost)
            back = held.payable - lost.payable
            if back < 0:
                part.purse.take(part, -back)
            else:
                pending = min(back, claim.pending[part])
                part.pending += pending
                part.purse.give(back - pending)
            part.holds.discard(claim)
        claim.lost = sum(amounts.values())
        self["dispute_losses"] += taken - claim.lost
        self[f"clearing:{sale.provider}"] -= taken
        for other in sale.undecided:
            self._hold(sale, other, min(other.claimed - other.amount, sale.left))

    def pay_out(self, provider: str, amount: int, fee: int, *, from_shop: bool) -> None:
        """Write what a transfer has taken, or with amounts below zero what it has brought back."""
        self.paid_out += amount
        self["psp_fees"] += 0 if from_shop else fee
        self.fees_of_shops += fee if from_shop else 0
        self[f"clearing:{provider}"] -= amount + fee

    def _pay_owed(self, sale: Sale, taken: int) -> int:
        """Let what banks have taken pay what is owed and not on its way, the oldest first; return what it has paid."""
        paid = 0
        for owed in sale.waiting:
            if not owed.is_under_way:
                share = min(owed.left, taken - paid)
                self._pay(owed, share)
                paid += share
        return paid

    def _pay(self, owed: Owed, amount: int) -> None:
        owed.by_bank += amount
        self["refunds_payable"] -= amount
        self["dispute_losses"] -= amount
        owed.let_go()

    def _hold(self, sale: Sale, claim: Claim, most: int) -> None:
        """Hold an amount for a claim, of each part by what no claim holds, and no more than its shop has of it."""
        held = {part: _held_of(sale, part) for part in sale.parts}
        left = {part.id: part.kept - held[part].amount for part in sale.parts if part.kept > held[part].amount}
        amounts = shared(max(min(most, sum(left.values())), 0), left)
        for part in sale.parts:
            if amount := amounts.get(part.id):
                share = part.share(amount, is_all=amount == part.kept)
                has = min(max(part.payable - held[part].payable, 0), amount + share.promotion)
                is_last = held[part].amount + amount == part.kept
                payable = has if is_last else min(share.payable, has)
                claim.shares[part] = claim.shares.get(part, NOTHING).and_held(amount, payable)
                claim.pending[part] = claim.pending.get(part, 0) + part.purse.take(part, payable)
                part.holds.add(claim)
                self["dispute_reserve"] += payable

    def _owe(self, sale: Sale, owed: Owed) -> None:
        self["refunds_payable"] += owed.amount
        sale.given_back += owed.amount
        if owed.amount:
            sale.owed.append(owed)

    def _lose(self, part: Part, share: Share) -> None:
        part.lose(share)
        self["commission"] -= share.commission
        self["commission_tax"] -= share.tax
        self["platform_promotions"] -= share.promotion


def _held_of(sale: Sale, part: Part) -> Share:
    """Return what undecided claims hold of a part together."""
    held = NOTHING
    for claim in sale.undecided:
        share = claim.shares.get(part, NOTHING)
        held = held.and_held(share.amount, share.payable)
    return held
