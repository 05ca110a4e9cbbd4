"""A rule tried on orders that were placed: what their commission would be, by the function that purchases use."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from checkout.models import SubOrder
from checkout.pricing.commission import charge_lines, covering_categories
from checkout.pricing.commission_tax import NO_TAX
from checkout.pricing.frozen_commission import FrozenCommission, choices_of
from checkout.reversals.frozen import FrozenPart
from payouts.commission import Choice, Rule
from payouts.commission.rules import Goods, Seller, precedence


@dataclass(frozen=True, slots=True)
class TriedPart:
    """Commission on a part as it was charged, and as the rule would have made it."""

    before_minor: int
    after_minor: int
    is_changed: bool


def try_on_part(
    part: SubOrder, rule: Rule, *, plans: Mapping[int, str], own_rates: frozenset[int], categories: Mapping[UUID, int]
) -> TriedPart:
    """Return the commission on a part with a rule as if it had been on when the order was placed.

    Lines for which another rule comes first keep theirs; what was given back since does not count. Where nothing
    changes, the figure is the one that was charged.

    Args:
        plans: the plan of each shop.
        own_rates: shops that have a rate of their own, by which older parts were charged.
        categories: of products, for parts from before lines kept theirs.
    """
    kept = choices_of(part)
    products = {UUID(line["variant_id"]): UUID(line["product_id"]) for line in part.lines}
    bases = _bases(part)
    lines, is_changed = [], False
    for variant_id, line in kept.items():
        product_id = products[variant_id]
        category_id = line.category_id if part.commission else categories.get(product_id)
        wins = _is_for(rule, part, product_id, plans) and _comes_first(
            rule, line.choice.rule, category_id, has_own_rate=part.shop_id in own_rates
        )
        is_changed = is_changed or wins
        choice = Choice(rule) if wins else line.choice
        lines.append(replace(line, base_minor=bases[variant_id], choice=choice, category_id=category_id))
    if not is_changed:
        return TriedPart(part.commission_minor, part.commission_minor, is_changed=False)
    frozen = FrozenCommission.of(part)
    tax = frozen.tax if frozen and frozen.tax else NO_TAX
    after = charge_lines(lines, version=0, tax=tax).total_minor
    return TriedPart(part.commission_minor, after, is_changed=True)


def _bases(part: SubOrder) -> dict[UUID, int]:
    """Return each line's items less what the shop itself gave away."""
    frozen = FrozenPart.of(part)
    return {key: line.net_minor + line.platform_minor for key, line in frozen.lines.items()}


def _is_for(rule: Rule, part: SubOrder, product_id: UUID, plans: Mapping[int, str]) -> bool:
    """Return whether a rule is for a line, but for its category."""
    if rule.currency not in {"", part.currency} or rule.product_id not in {None, str(product_id)}:
        return False
    if rule.seller is Seller.SHOP:
        return rule.shop_id == part.shop_id
    return rule.seller is not Seller.PLAN or plans.get(part.shop_id) == rule.plan_id


def _comes_first(rule: Rule, other: Rule, category_id: int | None, *, has_own_rate: bool) -> bool:
    """Return whether a rule covers a line's category, and comes before the rule that the line had, or replaces it."""
    named = frozenset(each for each in (rule.category_id, other.category_id) if each is not None)
    covering = covering_categories(category_id, named)
    if rule.goods is Goods.CATEGORY and rule.category_id not in covering:
        return False
    if other.seller is Seller.EARLIER:
        other = replace(other, seller=Seller.SHOP_RATE if has_own_rate else Seller.MARKET_RATE)
    return precedence(rule, covering) <= precedence(other, covering)
