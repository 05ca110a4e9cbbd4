"""Yearly tax statements as programs read them."""

from typing import Any

from rest_framework import serializers

from checkout.serializers.statements import CausesOutput

CAUSES: dict[str, Any] = {
    "sale_minor": 3_950_000,
    "commission_minor": -316_000,
    "commission_tax_minor": -23_700,
    "refund_minor": 0,
    "fee_minor": 0,
    "adjustment_minor": 0,
    "payout_minor": -3_000_000,
    "change_minor": 610_300,
}
YEAR: dict[str, Any] = {
    "number": "SY-7-2025-KES",
    "year": 2025,
    "currency": "KES",
    "months": [{"month": "2025-11", "causes": CAUSES}],
    "total": CAUSES,
    "withholding": {
        "country": "KE",
        "name": "Withholding tax on income from digital marketplaces, of residents",
        "rate_bps": 500,
        "starts_on": "2024-12-27",
        "source": "Tax Laws (Amendment) Act 2024",
        "by_rule_minor": 197_500,
        "withheld_minor": 0,
    },
}


class YearMonthOutput(serializers.Serializer[Any]):
    """A month of a year."""

    month = serializers.CharField(help_text="Such as `2026-03`.")
    causes = CausesOutput()


class WithholdingOutput(serializers.Serializer[Any]):
    """Withholding by the rule of the shop's country."""

    country = serializers.CharField()
    name = serializers.CharField(allow_blank=True, help_text="Of the rule; empty where none is known.")
    rate_bps = serializers.IntegerField(allow_null=True, help_text="In hundredths of a percent.")
    starts_on = serializers.DateField(allow_null=True, help_text="The first day of the rule.")
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    by_rule_minor = serializers.IntegerField(help_text="What the rule makes of the sales less refunds.")
    withheld_minor = serializers.IntegerField(help_text="What the market has withheld: nothing.")


class YearOutput(serializers.Serializer[Any]):
    """A year of a shop's money; months in which nothing moved are left out."""

    number = serializers.CharField(help_text="Of the statement, as its PDF names it.")
    year = serializers.IntegerField()
    currency = serializers.CharField()
    months = YearMonthOutput(many=True)
    total = CausesOutput()
    withholding = WithholdingOutput()
