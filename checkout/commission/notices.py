"""Notices to a shop's owners about commission rules that begin, end, or were withdrawn before they began."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from payouts.commission.describing import describe_terms
from payouts.models import CommissionRule
from tenants.models import Shop
from tenants.shops.owner_notices import Notice

Goods = Callable[[CommissionRule], str]


@dataclass(frozen=True, slots=True)
class Change:
    """A rule that a shop is notified of."""

    rule: CommissionRule
    is_end: bool = False

    @property
    def is_withdrawn(self) -> bool:
        """Return whether the rule ends before it begins."""
        return self.is_end and never_applies(self.rule)


def never_applies(rule: CommissionRule) -> bool:
    """Return whether a rule was ended by its begin, so that no order ever has it."""
    return rule.starts_at is not None and rule.ends_at is not None and rule.ends_at <= rule.starts_at


def write_notice(shop: Shop, changes: Sequence[Change], goods: Goods) -> Notice:
    """Return the notice about some changes, in the language that is active: one paragraph for each.

    Args:
        goods: names the product or category of a rule.
    """
    paragraphs = tuple(" ".join(_sentences(change, goods)) for change in changes)
    if len(changes) == 1:
        return Notice(_title(shop, changes[0]), paragraphs[0])
    title = ngettext(
        "%(count)s commission rule changes for %(shop)s", "%(count)s commission rules change for %(shop)s",
        len(changes),
    )  # fmt: skip
    body = gettext("Your commission page shows what each of them charges, and from when.")
    return Notice(title % {"count": len(changes), "shop": shop.name}, body, paragraphs)


def _title(shop: Shop, change: Change) -> str:
    rule = change.rule
    if change.is_withdrawn:
        return gettext("A planned commission rule for %(shop)s is withdrawn") % {"shop": shop.name}
    if change.is_end:
        text = gettext("A commission rule for %(shop)s ends on %(day)s")
        return text % {"shop": shop.name, "day": _day(rule.ends_at)}
    return gettext("The commission of %(shop)s changes on %(day)s") % {"shop": shop.name, "day": _day(rule.starts_at)}


def _sentences(change: Change, goods: Goods) -> list[str]:
    rule = change.rule
    if change.is_withdrawn:
        text = gettext(
            "The rule “%(name)s” was withdrawn before it began. It applied to no order, and nothing changes."
        )
        return [text % {"name": rule.name}]
    if change.is_end:
        text = gettext(
            "The rule “%(name)s” ends on %(moment)s. For orders placed from then on the next rule or rate applies; "
            "each order’s page explains its commission."
        )
        return [text % {"name": rule.name, "moment": _moment(rule.ends_at)}]
    begins = gettext("From %(moment)s the rule “%(name)s” applies to new orders.")
    ends = [gettext("It ends on %(moment)s.") % {"moment": _moment(rule.ends_at)}] if rule.ends_at else []
    return [
        begins % {"moment": _moment(rule.starts_at), "name": rule.name},
        *ends,
        *_for_whom(rule),
        gettext("It applies to %(goods)s.") % {"goods": goods(rule)}
        if _is_narrow(rule)
        else gettext("It applies to all products."),
        *describe_terms(rule),
        gettext("Orders placed before that keep their commission."),
    ]


def _for_whom(rule: CommissionRule) -> list[str]:
    if rule.shop_id is not None:
        return []
    if rule.plan is not None:
        return [gettext("It applies to all shops on the plan %(plan)s.") % {"plan": rule.plan.name}]
    return [gettext("It applies to all shops of the market except those with their own terms.")]


def _is_narrow(rule: CommissionRule) -> bool:
    return rule.product_id is not None or rule.category_id is not None


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y")


def _moment(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i T")
