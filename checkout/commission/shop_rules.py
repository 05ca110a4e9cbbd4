"""Commission that a shop pays: its rate, and the rules that are for it, as its own people see them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from checkout.commission.goods import name_goods
from kit.db.roles import as_platform
from kit.text.numbers import percentage
from payouts.commission.compiling import rule_from
from payouts.commission.describing import describe_terms
from payouts.commission.rules import Rule, Seller
from payouts.commission.selectors import rules_for_shop, status_of
from payouts.models import CommissionRule, RuleStatus
from tenants.models import Shop
from tenants.shops.selectors import facts_of


@dataclass(frozen=True, slots=True)
class ShopRule:
    """A rule that is for a shop.

    Args:
        shops, goods: for whom and for what it is, in words.
        is_behind: the shop's own rate comes before it for all that it sells.
    """

    row: CommissionRule
    rule: Rule
    status: RuleStatus
    shops: str
    goods: str
    terms: tuple[str, ...]
    is_behind: bool


@dataclass(frozen=True, slots=True)
class ShopCommission:
    """Commission of a shop.

    Args:
        commission_bps: its own rate, or the market's, for what no rule is for.
    """

    commission_bps: int
    has_own_rate: bool
    rules: tuple[ShopRule, ...]

    @property
    def rate(self) -> str:
        """Return the rate in percent."""
        return percentage(self.commission_bps)


@as_platform()  # rules are the market's; a shop may know those that are for it
def shop_commission(*, shop: Shop, now: datetime) -> ShopCommission:
    """Return a shop's rate and the rules that are for it, the first to be looked at first."""
    facts = facts_of(shop)
    rows = rules_for_shop(shop_id=shop.pk, currency=shop.currency, now=now)
    goods = name_goods(rows)
    shown = []
    for row in rows:
        rule = rule_from(row)
        terms, is_behind = tuple(describe_terms(row)), facts.has_own_commission and rule.seller is not Seller.SHOP
        shown.append(ShopRule(row, rule, status_of(row, now=now), _shops(row), goods(row), terms, is_behind))
    return ShopCommission(facts.commission_bps, facts.has_own_commission, tuple(shown))


def _shops(row: CommissionRule) -> str:
    if row.shop_id is not None:
        return gettext("Your shop")
    if row.plan is not None:
        return gettext("Shops on the plan %(plan)s") % {"plan": row.plan.name}
    return gettext("All shops")
