"""Commission of a part: the rule of each line, and the amounts that are frozen with the sub-order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from catalogue.discovery.selectors.categories import category_tree
from checkout.pricing.adjustments import AdjustmentKind, Funder
from checkout.pricing.allocation import allocate
from checkout.pricing.commission_tax import NO_TAX, CommissionTax, tax_on_commission
from checkout.pricing.quote import QuotedPart
from checkout.pricing.quoted_lines import QuotedLine
from payouts.commission import ChargedUnits, Choice, Rule, Ruleset, Sold, charge, rate_rule
from payouts.commission.rules import ALL_BPS, Seller
from tenants.shops.selectors import ShopFacts


@dataclass(frozen=True, slots=True)
class CommissionLine:
    """Units of a line with the base of their commission, and the rule that was chosen for them."""

    variant_id: UUID
    units: int
    base_minor: int
    choice: Choice
    category_id: int | None = None


@dataclass(frozen=True, slots=True)
class PartCommission:
    """Commission of a part by line, and the tax on it.

    Args:
        version: of the rules that it was chosen by.
    """

    version: int
    lines: tuple[CommissionLine, ...]
    amounts: tuple[int, ...]
    tax: CommissionTax = NO_TAX

    @property
    def total_minor(self) -> int:
        """Return the commission on the part."""
        return sum(self.amounts)

    @property
    def tax_minor(self) -> int:
        """Return the tax on the commission."""
        return self.tax.of(self.total_minor)

    @property
    def bps(self) -> int:
        """Return the rate of all lines; where they differ, or pay fixed amounts, the effective one rounded down."""
        first = self.lines[0].choice.rule.terms
        if first.is_rate and all(line.choice.rule.terms == first for line in self.lines[1:]):
            return first.percent_bps
        base = sum(line.base_minor for line in self.lines)
        return self.total_minor * ALL_BPS // base if base else 0

    def as_json(self) -> dict[str, Any]:
        """Return the commission in the form that is kept with the sub-order."""
        rules = {rule.key: rule for line in self.lines for rule in (line.choice.rule, *line.choice.over)}
        return {
            "version": self.version,
            "tax": self.tax.as_json(self.tax_minor),
            "rules": {key: rule.as_frozen() for key, rule in rules.items()},
            "lines": [
                {
                    "variant_id": str(line.variant_id),
                    "category_id": line.category_id,
                    "rule": line.choice.rule.key,
                    "over": [rule.key for rule in line.choice.over],
                    "units": line.units,
                    "base_minor": line.base_minor,
                    "amount_minor": amount,
                }
                for line, amount in zip(self.lines, self.amounts, strict=True)
            ],
        }


def charge_part(part: QuotedPart, ruleset: Ruleset, *, now: datetime) -> PartCommission:
    """Return the commission on a part that is bought now; a pure function, but for the categories."""
    rate = rate_of(part.shop)
    only = None if ruleset.rules else Choice(rate)  # of nearly all purchases
    bases = _bases(part)
    lines = tuple(
        CommissionLine(
            variant_id=line.line.variant_id,
            units=line.line.quantity,
            base_minor=bases[line.line.variant_id],
            choice=only or ruleset.choose(_sold(part.shop, line, rate, ruleset), now=now),
            category_id=line.offer.category_id if line.offer else None,
        )
        for line in part.counted
    )
    tax = tax_on_commission(country=part.shop.country, on=now.date())
    return charge_lines(lines, version=ruleset.version, tax=tax)


def charge_lines(lines: Sequence[CommissionLine], *, version: int, tax: CommissionTax = NO_TAX) -> PartCommission:
    """Return the commission on lines whose rules are chosen, and the tax on it."""
    charged = [ChargedUnits(line.units, line.base_minor, line.choice.rule.terms) for line in lines]
    return PartCommission(version, tuple(lines), tuple(charge(charged, tax_bps=tax.bps)), tax)


def rate_of(shop: ShopFacts) -> Rule:
    """Return the shop's own rate as a rule, or the market's."""
    return rate_rule(Seller.SHOP_RATE if shop.has_own_commission else Seller.MARKET_RATE, shop.commission_bps)


def covering_categories(category_id: int | None, named: frozenset[int]) -> tuple[int, ...]:
    """Return those of some categories that cover one, the nearest first.

    A category that was merged into another covers what that one does, and comes behind it.

    Args:
        named: those that rules are for.
    """
    if category_id is None or not named:
        return ()
    tree = category_tree()
    path = [node.id for node in tree.path_to(category_id)][::-1]
    became = {each: node.id for each in sorted(named) if (node := tree.by_id.get(each)) is not None}
    found = [each for place in path for each in (place, *(old for old, now in became.items() if now == place != old))]
    return tuple(each for each in (found or [category_id]) if each in named)


def _sold(shop: ShopFacts, line: QuotedLine, rate: Rule, ruleset: Ruleset) -> Sold:
    if line.offer is None:
        raise ValueError("A line without an offer is never counted.")
    categories = covering_categories(line.offer.category_id, ruleset.categories)
    return Sold(shop.id, shop.currency, line.offer.product_id, rate, categories)


def _bases(part: QuotedPart) -> Mapping[UUID, int]:
    """Return each line's items less the discounts that the shop itself gives on it."""
    bases = {line.line.variant_id: line.total_minor for line in part.counted}
    for each in part.adjustments:
        if each.kind is not AdjustmentKind.DISCOUNT or each.funded_by is not Funder.SHOP:
            continue
        if each.variant_id is not None:
            bases[each.variant_id] += each.amount_minor
            continue
        for key, share in allocate(each.amount_minor, dict(bases)).items():
            bases[key] += share
    return bases
