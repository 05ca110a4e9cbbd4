"""The commission on a part of an order, explained."""

from typing import Any

from rest_framework import serializers

COMMISSION: dict[str, Any] = {
    "number": "KS-7F3K9QXD2M-1",
    "currency": "NGN",
    "commission_minor": 227_000,
    "reversed_commission_minor": 0,
    "commission_tax_minor": 17_025,
    "reversed_commission_tax_minor": 0,
    "sentences": [
        "The rules are those of 20 November 2025, when the order was placed. Later changes don’t affect it.",
        "Commission is charged on the items less the shop’s own discounts, never on delivery or added tax.",
    ],
    "lines": [
        {
            "line_id": "0199b4a2-7a1e-7c33-9d65-2f0c3a8e41d7",
            "title": "Wax print, six yards",
            "quantity": 1,
            "base_minor": 1_850_000,
            "rule": {
                "id": "0199b4a2-11aa-7b21-8d52-6e1f7a3c9b04",
                "name": "Fabrics",
                "version": 2,
                "shops": "all",
                "goods": "category",
                "currency": "NGN",
                "percent_bps": 1_200,
                "fixed_minor": 5_000,
                "floor_minor": None,
                "cap_minor": None,
            },
            "before": ["the market’s rate"],
            "commission_minor": 227_000,
            "sentences": [
                "The rule “Fabrics” applies: it is for the category of the product.",
                "It comes before the market’s rate: what is agreed for fewer shops comes first.",
                "12 % of ₦18,500 is ₦2,220.",
                "₦50 is added for the unit.",
                "The commission on this line is ₦2,270.",
            ],
        }
    ],
}
SHOPS = ("shop", "shop_rate", "plan", "all", "market_rate", "earlier")


class AppliedRuleOutput(serializers.Serializer[Any]):
    """A rule as it was when the order was placed; amounts are of one unit."""

    id = serializers.CharField(source="key", help_text="Of the rule; `shop` or `market`: one of the two rates.")
    name = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField(help_text="Of the rule at that time.")
    shops = serializers.ChoiceField(source="seller", choices=SHOPS, help_text="For whom it is, or which rate.")
    goods = serializers.ChoiceField(choices=("product", "category", "all"), help_text="For which goods it is.")
    currency = serializers.CharField(allow_blank=True, help_text="Empty: every currency.")
    percent_bps = serializers.IntegerField(source="terms.percent_bps", help_text="1200 is 12 % of the base.")
    fixed_minor = serializers.IntegerField(source="terms.fixed_minor")
    floor_minor = serializers.IntegerField(source="terms.floor_minor", allow_null=True)
    cap_minor = serializers.IntegerField(source="terms.cap_minor", allow_null=True)


class ExplainedLineOutput(serializers.Serializer[Any]):
    """Commission on a line; of orders from before rules there are a base, a rule and a figure of the whole alone."""

    line_id = serializers.UUIDField(source="variant_id")
    title = serializers.CharField()
    quantity = serializers.IntegerField(source="units")
    base_minor = serializers.IntegerField(allow_null=True, help_text="The items less what the shop itself gives away.")
    rule = AppliedRuleOutput(allow_null=True)
    before = serializers.ListField(
        source="over_names", child=serializers.CharField(), help_text="The rules that it comes before, in their order."
    )
    commission_minor = serializers.IntegerField(source="amount_minor", allow_null=True)
    sentences = serializers.ListField(child=serializers.CharField(), help_text="The explanation in whole sentences.")


class PartCommissionOutput(serializers.Serializer[Any]):
    """The commission on a shop's part of an order."""

    number = serializers.CharField()
    currency = serializers.CharField()
    commission_minor = serializers.IntegerField()
    reversed_commission_minor = serializers.IntegerField(
        source="reversed_minor", help_text="What was given back of it, with what the buyer got back."
    )
    commission_tax_minor = serializers.IntegerField(source="tax_minor", help_text="The market's tax on it.")
    reversed_commission_tax_minor = serializers.IntegerField(
        source="reversed_tax_minor", help_text="What was given back of that."
    )
    sentences = serializers.ListField(child=serializers.CharField(), help_text="What holds for all lines.")
    lines = ExplainedLineOutput(many=True)
