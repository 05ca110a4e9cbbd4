"""A commission rule as operators enter it."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext

from kit.errors import Fault, InvalidInputError
from kit.text import rules
from kit.text.inputs import cleaned
from payouts.commission.rules import ALL_BPS
from payouts.models import CommissionPlan, CommissionRule
from tenants.shops.selectors import shop_facts

MOST_MINOR = 10**12
YEARS = range(2000, 2101)  # as of coupons: pages show its moments in any zone, which have to be in the calendar too


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInput:
    """Columns of `CommissionRule` that a draft may change; amounts are of one unit."""

    name: Annotated[str, rules.name(80)]
    shop_id: int | None = None
    plan_id: UUID | None = None
    category_id: int | None = None
    product_id: UUID | None = None
    currency: str = ""
    percent_bps: int = 0
    fixed_minor: int = 0
    floor_minor: int | None = None
    cap_minor: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


FIELDS = tuple(field.name for field in fields(RuleInput))
Faults = dict[str, list[str]]


def rule_input_of(rule: CommissionRule) -> RuleInput:
    """Return a rule's values."""
    return RuleInput(**{name: getattr(rule, name) for name in FIELDS})


def checked_rule(data: RuleInput, *, stored: CommissionRule | None = None) -> RuleInput:
    """Return a rule with its name cleaned for storage.

    Whether category and product exist is not known here: the console checks it.

    Args:
        stored: the row that is changed; a name or moment that stays as it is there is not judged again.

    Raises:
        InvalidInputError: it can't be stored; `details` say why, by field.
    """
    data = cleaned(data, stored=stored)
    faults = _faults_of_target(data) | _faults_of_terms(data)
    for name in ("starts_at", "ends_at"):
        if stored is None or getattr(data, name) != getattr(stored, name):
            faults |= faults_of_moment(name, getattr(data, name))
    if data.starts_at is not None and data.ends_at is not None and data.ends_at <= data.starts_at:
        faults["ends_at"] = [Fault(gettext("Choose an end after the start."), "end_before_start")]
    if faults:
        raise InvalidInputError(next(iter(faults.values()))[0], details=faults)
    return data


def faults_of_moment(name: str, moment: datetime | None) -> Faults:
    """Return the fault of a start or an end that is far off."""
    if moment is None or moment.year in YEARS:
        return {}
    return {name: [Fault(gettext("Give a time from the year 2000 up to 2100."), "overflow")]}


def _faults_of_target(data: RuleInput) -> Faults:
    faults: Faults = {}
    if data.shop_id is not None and data.plan_id is not None:
        faults["plan_id"] = [Fault(gettext("Name a shop or a plan, not both."), "two_sellers")]
    if data.category_id is not None and data.product_id is not None:
        faults["category_id"] = [Fault(gettext("Name a category or a product, not both."), "two_goods")]
    if data.product_id is not None and data.shop_id is None:
        faults["slug"] = [Fault(gettext("Name the shop of the product too."), "shop_missing")]
    if data.plan_id is not None and not CommissionPlan.objects.filter(pk=data.plan_id).exists():
        faults["plan_id"] = [Fault(gettext("There is no such plan. Choose one from the list."), "unknown_plan")]
    if data.shop_id is not None and data.currency:
        shop = shop_facts([data.shop_id]).get(data.shop_id)
        if shop is not None and shop.currency != data.currency:
            message = gettext("This shop sells in %(currency)s. Choose that currency, or none.")
            faults["currency"] = [Fault(message % {"currency": shop.currency}, "other_currency")]
    return faults


def _faults_of_terms(data: RuleInput) -> Faults:
    faults: Faults = {}
    if not 0 <= data.percent_bps <= ALL_BPS:
        faults["percent_bps"] = [Fault(gettext("Give a percentage from 0 to 100."), "out_of_range")]
    amounts = {name: getattr(data, name) for name in ("fixed_minor", "floor_minor", "cap_minor")}
    for name, amount in amounts.items():
        if amount is not None and not 0 <= amount <= MOST_MINOR:
            faults[name] = [Fault(gettext("Give an amount of zero or more."), "out_of_range")]
    if not data.currency and any(amounts.values()):
        message = gettext("Choose the currency of the amounts.")
        faults["currency"] = [Fault(message, "currency_missing")]
    if data.floor_minor is not None and data.cap_minor is not None and data.floor_minor > data.cap_minor:
        faults["cap_minor"] = [Fault(gettext("The maximum can't be below the minimum."), "cap_below_floor")]
    return faults
