"""Commission as it was frozen with a part: the rule and the amount of each line."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from checkout.models import SubOrder
from checkout.pricing.commission import CommissionLine
from checkout.pricing.commission_tax import CommissionTax
from payouts.commission import Choice, Rule, rate_rule
from payouts.commission.rules import Seller


@dataclass(frozen=True, slots=True)
class FrozenCommission:
    """Lines with their amounts, in the order in which they were charged.

    Args:
        version: of the rules that they were chosen by.
        tax: on the commission; None on parts from before there was one.
    """

    version: int
    lines: tuple[CommissionLine, ...]
    amounts: tuple[int, ...]
    tax: CommissionTax | None = None

    @classmethod
    def of(cls, part: SubOrder) -> Self | None:
        """Return the commission of a part; None where it is from before lines kept theirs."""
        if not part.commission:
            return None
        rules = {key: Rule.from_frozen(key, kept) for key, kept in part.commission["rules"].items()}
        kept_lines = part.commission["lines"]
        lines = tuple(
            CommissionLine(
                variant_id=UUID(kept["variant_id"]),
                units=kept["units"],
                base_minor=kept["base_minor"],
                choice=Choice(rules[kept["rule"]], tuple(rules[key] for key in kept["over"])),
                category_id=kept["category_id"],
            )
            for kept in kept_lines
        )
        amounts, kept_tax = tuple(kept["amount_minor"] for kept in kept_lines), part.commission.get("tax")
        tax = CommissionTax.from_json(kept_tax) if kept_tax else None
        return cls(part.commission["version"], lines, amounts, tax)

    @property
    def by_variant(self) -> Mapping[UUID, int]:
        """Return the commission on all units of each variant."""
        found: defaultdict[UUID, int] = defaultdict(int)
        for line, amount in zip(self.lines, self.amounts, strict=True):
            found[line.variant_id] += amount
        return found


def choices_of(part: SubOrder) -> Mapping[UUID, CommissionLine]:
    """Return the line of each variant with the rule that was chosen for it; of older parts, their one rate."""
    if (frozen := FrozenCommission.of(part)) is not None:
        return {line.variant_id: line for line in frozen.lines}
    rate = Choice(rate_rule(Seller.EARLIER, part.commission_bps))
    return {
        UUID(line["variant_id"]): CommissionLine(
            UUID(line["variant_id"]), line["quantity"], line["total_minor"], rate, None
        )
        for line in part.lines
    }
