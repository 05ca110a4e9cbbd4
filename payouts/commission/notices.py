"""Letters to the owners of a shop that a rule names: before it begins or ends, or as it does."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from payouts.commission.describing import describe_terms
from payouts.models import CommissionRule
from tenants.shops.addresses import shop_url
from tenants.shops.owner_notices import Notice, send_to_owners


def tell_shop_of_rule(rule: CommissionRule, *, goods: Callable[[], str], now: datetime) -> None:
    """Tell the owners of the shop that a rule names from when on it holds, and what it takes.

    Args:
        goods: names its product or category, in the language that is active.
    """
    if rule.shop is None or rule.starts_at is None:
        return
    shop, starts_at = rule.shop, rule.starts_at

    def notice() -> Notice:
        title = gettext("The commission of %(shop)s changes on %(day)s") % {"shop": shop.name, "day": _day(starts_at)}
        lines = [
            gettext("From %(moment)s on the rule “%(name)s” holds for orders that buyers place then.")
            % {"moment": _moment(starts_at), "name": rule.name},
            gettext("It is for %(goods)s.") % {"goods": goods()}
            if _is_narrow(rule)
            else gettext("It is for all products."),
            *describe_terms(rule),
            gettext("Orders that were placed before keep the commission that they had."),
        ]
        if rule.ends_at is not None:
            lines.insert(1, gettext("It ends on %(moment)s.") % {"moment": _moment(rule.ends_at)})
        return Notice(title, " ".join(lines))

    _send(rule, notice, key=f"commission-rule-{rule.pk.hex}", now=now)


def tell_shop_of_end(rule: CommissionRule, *, now: datetime) -> None:
    """Tell the owners of the shop that a rule names when it ends."""
    if rule.shop is None or rule.ends_at is None:
        return
    shop, ends_at = rule.shop, rule.ends_at

    def notice() -> Notice:
        title = gettext("A rule of commission of %(shop)s ends on %(day)s") % {"shop": shop.name, "day": _day(ends_at)}
        body = gettext(
            "The rule “%(name)s” ends on %(moment)s. Orders that are placed from then on have the rule or the rate "
            "that comes next; each order’s page explains its commission."
        )
        return Notice(title, body % {"name": rule.name, "moment": _moment(ends_at)})

    _send(rule, notice, key=f"commission-end-{rule.pk.hex}-{rule.version}", now=now)


def _is_narrow(rule: CommissionRule) -> bool:
    return rule.product_id is not None or rule.category_id is not None


def _send(rule: CommissionRule, notice: Callable[[], Notice], *, key: str, now: datetime) -> None:
    assert rule.shop is not None
    send_to_owners(
        rule.shop,
        notice,
        kind="shop.commission",
        url=shop_url(rule.shop, "/dashboard/balance/"),
        action=gettext_lazy("See your balance"),
        key=key,
        now=now,
    )


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y")


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H:i T")
