"""The demo's commission rules: for a category, for a shop, for the shops of a plan, and a draft to try."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from catalogue.discovery.selectors.categories import categories_by_slug
from checkout.commission.announcing import announce_rules
from demo.model import CURRENCY
from payouts.commission.announcements import announce_rule
from payouts.commission.changing import draft_rule, switch_rule_on
from payouts.commission.inputs import RuleInput
from payouts.commission.plans import add_plan, put_on_plan
from tenants.models import Shop

MADE_DAYS_AGO = 20
OF_SHOP, ON_PLAN = "aba-leather", "savanna-pantry"
PLAN = "Plus"


def load_commission(shops: Mapping[str, Shop], *, now: datetime) -> None:
    """Make a plan and the rules, and tell their shops; those that are on hold for all orders of the demo."""
    made = now - timedelta(days=MADE_DAYS_AGO)
    categories = categories_by_slug(["electronics", "fashion"])
    plus = add_plan(name=PLAN, now=made)
    put_on_plan(shop_id=shops[ON_PLAN].pk, plan_id=plus.pk, actor_id=None, now=made)
    for rule in (
        RuleInput(
            name="Electronics",
            category_id=categories["electronics"],
            currency=CURRENCY,
            percent_bps=500,
            fixed_minor=50_00,
            cap_minor=5_000_00,
        ),
        RuleInput(name="First year of Aba Leather", shop_id=shops[OF_SHOP].pk, percent_bps=650),
        RuleInput(name="Plus", plan_id=plus.pk, percent_bps=700),
    ):
        drafted = draft_rule(data=rule, actor_id=None, now=made)
        with transaction.atomic():
            on, _ = switch_rule_on(rule_id=drafted.pk, actor_id=None, now=made)
            announce_rule(rule=on, now=made)
    announce_rules(now=made + timedelta(hours=1))
    draft_rule(
        data=RuleInput(name="Fashion, next season", category_id=categories["fashion"], percent_bps=950),
        actor_id=None,
        now=now,
    )
