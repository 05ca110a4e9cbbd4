"""Commission rules, plans and trials as the operators' API tells them."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from accounts.serializers import ShopBriefOutput
from kit.api.lists import FeedOutput
from kit.sentences.stored import in_words
from payouts.commission.selectors import status_of
from payouts.models import CommissionRule, RuleStatus

RULE_ID = "0199b4a2-11aa-7b21-8d52-6e1f7a3c9b04"
RULE: dict[str, Any] = {
    "id": RULE_ID,
    "name": "Fabrics",
    "status": "draft",
    "version": 1,
    "shop": None,
    "plan_id": None,
    "category_id": 14,
    "product_id": None,
    "currency": "NGN",
    "percent_bps": 1_200,
    "fixed_minor": 5_000,
    "floor_minor": None,
    "cap_minor": None,
    "starts_at": "2025-12-01T00:00:00.000Z",
    "ends_at": None,
    "switched_on_at": None,
    "created_at": "2025-11-20T13:05:00.000Z",
    "changed_at": "2025-11-20T13:05:00.000Z",
}
TRIAL: dict[str, Any] = {
    "rule_id": RULE_ID,
    "rule_version": 1,
    "since_at": "2025-10-21T13:05:00.000Z",
    "until_at": "2025-11-20T13:05:00.000Z",
    "orders": 412,
    "done": 412,
    "is_complete": True,
    "problem": "",
    "totals": [
        {
            "currency": "NGN",
            "orders": 430,
            "changed": 61,
            "before_minor": 18_200_000,
            "after_minor": 20_450_000,
            "difference_minor": 2_250_000,
        }
    ],
    "shops": [
        {
            "shop": {"slug": "indigo-fabrics", "name": "Indigo Fabrics"},
            "currency": "NGN",
            "orders": 61,
            "changed": 61,
            "before_minor": 4_100_000,
            "after_minor": 6_350_000,
            "difference_minor": 2_250_000,
        }
    ],
}
PLAN_ID = "0199b4a2-22bb-7c32-9e63-7f2a8b4d0c15"
PLAN: dict[str, Any] = {"id": PLAN_ID, "name": "Plus"}


class CommissionRuleOutput(serializers.Serializer[Any]):
    """A rule; amounts are of one unit, in minor units of its currency."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    status = serializers.SerializerMethodField(help_text="At this moment.")
    version = serializers.IntegerField(help_text="Counts its changes; orders keep that of the moment they were placed.")
    shop = ShopBriefOutput(allow_null=True, help_text="Null: all shops.")
    plan_id = serializers.UUIDField(allow_null=True, help_text="For shops that are on this plan.")
    category_id = serializers.IntegerField(allow_null=True, help_text="Including all subcategories.")
    product_id = serializers.UUIDField(allow_null=True)
    currency = serializers.CharField(allow_blank=True, help_text="Empty: every currency, for a percentage alone.")
    percent_bps = serializers.IntegerField(help_text="1200 is 12 % of the items.")
    fixed_minor = serializers.IntegerField(help_text="Beside the percentage.")
    floor_minor = serializers.IntegerField(allow_null=True, help_text="The least.")
    cap_minor = serializers.IntegerField(allow_null=True, help_text="The most.")
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    switched_on_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()

    def get_status(self, rule: CommissionRule) -> RuleStatus:
        """Return the status at this moment."""
        return status_of(rule, now=timezone.now())


class CommissionRuleFeedOutput(FeedOutput):
    """Rules, the newest first."""

    results = CommissionRuleOutput(many=True)


class TrialTotalOutput(serializers.Serializer[Any]):
    """Figures of a currency: the shops' orders, and their commission before and after."""

    currency = serializers.CharField()
    orders = serializers.IntegerField(help_text="Parts of orders, one for each shop.")
    changed = serializers.IntegerField(help_text="Those in which the rule would have held for a line.")
    before_minor = serializers.IntegerField(help_text="As it was charged, without what was given back since.")
    after_minor = serializers.IntegerField(help_text="With the rule.")
    difference_minor = serializers.IntegerField()


class TrialShopOutput(TrialTotalOutput):
    """Figures of a shop."""

    shop = ShopBriefOutput()


class CommissionTrialOutput(serializers.Serializer[Any]):
    """A rule tried on orders that were placed."""

    rule_id = serializers.UUIDField()
    rule_version = serializers.IntegerField()
    since_at = serializers.DateTimeField()
    until_at = serializers.DateTimeField()
    orders = serializers.IntegerField(source="order_count")
    done = serializers.IntegerField(source="done_count", help_text="Orders that are computed so far.")
    is_complete = serializers.SerializerMethodField()
    problem = serializers.SerializerMethodField(help_text="Why it could not be computed; else empty.")
    totals = TrialTotalOutput(many=True, help_text="By currency; of what is computed so far.")
    shops = TrialShopOutput(many=True, help_text="Shops with a change, the largest first; 200 at most.")

    def get_is_complete(self, shown: Any) -> bool:
        """Return whether it has ended."""
        return shown.ended_at is not None and not shown.last_error

    def get_problem(self, shown: Any) -> str:
        """Return the reason of its end, where it was given up."""
        return in_words(shown.last_error) if shown.ended_at is not None else ""


class PlanOutput(serializers.Serializer[Any]):
    """A plan of the market."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class ShopPlanOutput(serializers.Serializer[Any]):
    """The plan that a shop is on."""

    slug = serializers.CharField()
    plan = PlanOutput(allow_null=True, help_text="Null: none.")
