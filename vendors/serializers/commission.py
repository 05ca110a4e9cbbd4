"""The shop's commission: its rate and the rules that are for it."""

from typing import Any

from rest_framework import serializers

from payouts.models import RuleStatus

SHOP_COMMISSION: dict[str, Any] = {
    "commission_bps": 800,
    "has_own_rate": False,
    "rules": [
        {
            "id": "0199b4a2-11aa-7b21-8d52-6e1f7a3c9b04",
            "name": "Fabrics",
            "status": "planned",
            "shops": "all",
            "goods": "category",
            "category_id": 12,
            "product_id": None,
            "currency": "NGN",
            "percent_bps": 1_200,
            "fixed_minor": 5_000,
            "floor_minor": None,
            "cap_minor": None,
            "starts_at": "2025-12-01T00:00:00.000Z",
            "ends_at": None,
        }
    ],
}


class ShopRuleOutput(serializers.Serializer[Any]):
    """A rule that is for the shop; amounts are of one unit."""

    id = serializers.UUIDField(source="row.pk")
    name = serializers.CharField(source="row.name")
    status = serializers.ChoiceField(choices=[each for each in RuleStatus.choices if each[0] != RuleStatus.DRAFT])
    shops = serializers.ChoiceField(source="rule.seller", choices=("shop", "plan", "all"), help_text="For whom it is.")
    goods = serializers.ChoiceField(
        source="rule.goods", choices=("product", "category", "all"), help_text="For which goods it is."
    )
    category_id = serializers.IntegerField(
        source="row.category_id", allow_null=True, help_text="Including all subcategories."
    )
    product_id = serializers.UUIDField(source="row.product_id", allow_null=True)
    currency = serializers.CharField(source="row.currency", allow_blank=True, help_text="Empty: every currency.")
    percent_bps = serializers.IntegerField(source="row.percent_bps", help_text="1200 is 12 % of the items.")
    fixed_minor = serializers.IntegerField(source="row.fixed_minor", help_text="Beside the percentage.")
    floor_minor = serializers.IntegerField(source="row.floor_minor", allow_null=True, help_text="The least.")
    cap_minor = serializers.IntegerField(source="row.cap_minor", allow_null=True, help_text="The most.")
    starts_at = serializers.DateTimeField(source="row.starts_at")
    ends_at = serializers.DateTimeField(source="row.ends_at", allow_null=True)


class ShopCommissionOutput(serializers.Serializer[Any]):
    """The shop's commission."""

    commission_bps = serializers.IntegerField(help_text="Of what no rule is for: the shop's own rate, or the market's.")
    has_own_rate = serializers.BooleanField(help_text="It comes before rules for plans and for all shops.")
    rules = ShopRuleOutput(many=True, help_text="The first to count first; ended ones last.")
