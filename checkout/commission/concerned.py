"""Shops that a commission rule concerns: it is for them, and something that they sell has it at some moment."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from catalogue.discovery.selectors.published import categories_of_shops
from checkout.pricing.commission import covering_categories, rate_of
from payouts.commission import Rule, Ruleset, Sold
from payouts.commission.announcements import plans_of
from payouts.commission.compiling import rule_from
from payouts.commission.memory import read_ruleset
from payouts.models import CommissionRule
from tenants.models import Shop
from tenants.shops.selectors import facts_of

ANY_PRODUCT = UUID(int=0)
JUST_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Concerned:
    """Facts by which rules concern some shops, read in as many statements as for one shop.

    Args:
        categories: of each shop, those categories of rules that cover some of its products.
    """

    ruleset: Ruleset
    categories: Mapping[int, frozenset[int]]

    @classmethod
    def read(cls, shops: Sequence[Shop], rows: Iterable[CommissionRule]) -> Self:
        """Read the facts of some shops, with the rules that are on now and those that are given."""
        shop_ids, ruleset = [shop.pk for shop in shops], read_ruleset()
        rules = {rule.key: rule for rule in (*ruleset.rules, *(rule_from(row) for row in rows))}
        known = Ruleset(ruleset.version, tuple(rules.values()), plans_of(shop_ids=shop_ids))
        sold = categories_of_shops(shop_ids) if known.categories else {}
        return cls(known, {shop_id: _covered(sold.get(shop_id, ()), known) for shop_id in shop_ids})

    def by_begin(self, shop: Shop, row: CommissionRule) -> bool:
        """Return whether a rule will be the first for some of a shop's goods, from its begin on or later."""
        rule = rule_from(row)
        return self._is_for(rule, shop) and self._comes_first(rule, shop, _moments(rule, self.ruleset))

    def by_end(self, shop: Shop, row: CommissionRule) -> bool:
        """Return whether a rule is the first for some of a shop's goods when it ends."""
        rule = rule_from(row)
        at = [rule.ends_at - JUST_BEFORE] if rule.ends_at else []
        return self._is_for(rule, shop) and self._comes_first(rule, shop, at)

    def _is_for(self, rule: Rule, shop: Shop) -> bool:
        if rule.shop_id is not None:
            return bool(rule.shop_id == shop.pk)
        if rule.plan_id is not None and self.ruleset.plans.get(shop.pk) != rule.plan_id:
            return False
        is_sold = rule.category_id is None or rule.category_id in self.categories[shop.pk]
        return is_sold and rule.currency in {"", shop.currency}

    def _comes_first(self, rule: Rule, shop: Shop, moments: Iterable[datetime]) -> bool:
        if rule.shop_id is not None:
            return True
        categories = covering_categories(rule.category_id, self.ruleset.categories)
        sold = Sold(shop.pk, shop.currency, ANY_PRODUCT, rate_of(facts_of(shop)), categories)
        return any(self.ruleset.choose(sold, now=moment).rule.key == rule.key for moment in moments)


def _covered(sold: Collection[int], ruleset: Ruleset) -> frozenset[int]:
    return frozenset(each for category in sold for each in covering_categories(category, ruleset.categories))


def _moments(rule: Rule, ruleset: Ruleset) -> list[datetime]:
    """Return its begin, and the moments in its time at which another rule ends that may have come before it."""
    if rule.starts_at is None:
        return []
    ends = (each.ends_at for each in ruleset.rules if each.key != rule.key)
    return [rule.starts_at, *(end for end in ends if end is not None and end > rule.starts_at and rule.holds(end))]
