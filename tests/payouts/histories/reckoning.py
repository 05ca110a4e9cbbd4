"""A reckoning of the market's money beside the ledger: sales, what is taken back of them, and banks' claims.

Its rules are those of docs/ledger.md and docs/disputes.md; it imports nothing of the product.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

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
class Sale:
    """An order as its money goes: its parts, what was captured of it, what goes back, and who claims it."""

    parts: list[Part]
    provider: str
    captured: int
    surplus: int
    given_back: int = 0
    waiting: int = 0
    claims: list[Claim] = field(default_factory=list)

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
        self._owe(sale, sale.surplus)

    def take_back(self, sale: Sale, part: Part, amount: int, *, is_all: bool) -> None:
        """Take an amount of a part back, for its buyer."""
        share = part.share(amount, is_all=is_all)
        self._lose(part, share)
        part.purse.take(part, share.payable)
        self._owe(sale, amount)

    def refund(self, sale: Sale, amount: int) -> None:
        """Give back what is owed to a buyer."""
        self["refunds_payable"] -= amount
        self[f"clearing:{sale.provider}"] -= amount
        sale.waiting -= amount

    def claim(self, sale: Sale, claimed: int) -> Claim:
        """Hold the shops' shares of what a bank claims, as far as something is left that no other claim holds."""
        left = {part: part.kept - sum(_held(claim, part) for claim in sale.undecided) for part in sale.parts}
        amount = max(min(claimed, sale.left, sum(left.values())), 0)
        amounts = shared(amount, {part.id: minor for part, minor in left.items() if minor})
        claim = Claim({}, {}, claimed)
        for part in sale.parts:
            if share := amounts.get(part.id):
                held = claim.shares[part] = part.share(share, is_all=share == part.kept)
                claim.pending[part] = part.purse.take(part, held.payable)
                part.holds.add(claim)
                self["dispute_reserve"] += held.payable
        sale.claims.append(claim)
        return claim

    def decide(self, sale: Sale, claim: Claim, taken: int) -> None:
        """End a claim: what was taken leaves the provider, by shares, and what is left of them goes back."""
        amounts = shared(min(taken, claim.amount), {part.id: share.amount for part, share in claim.shares.items()})
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
        claim.lost, claim.taken, claim.is_undecided = sum(amounts.values()), taken, False
        self["dispute_losses"] += taken - claim.lost
        self[f"clearing:{sale.provider}"] -= taken

    def pay_out(self, provider: str, amount: int, fee: int, *, from_shop: bool) -> None:
        """Write what a transfer has taken, or with amounts below zero what it has brought back."""
        self.paid_out += amount
        self["psp_fees"] += 0 if from_shop else fee
        self.fees_of_shops += fee if from_shop else 0
        self[f"clearing:{provider}"] -= amount + fee

    def _owe(self, sale: Sale, amount: int) -> None:
        self["refunds_payable"] += amount
        sale.given_back += amount
        sale.waiting += amount

    def _lose(self, part: Part, share: Share) -> None:
        part.lose(share)
        self["commission"] -= share.commission
        self["commission_tax"] -= share.tax
        self["platform_promotions"] -= share.promotion


def _held(claim: Claim, part: Part) -> int:
    return claim.shares[part].amount if part in claim.shares else 0
