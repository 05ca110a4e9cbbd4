"""Statements of a shop's money as programs read them."""

from typing import Any

from rest_framework import serializers


class PlacesOutput(serializers.Serializer[Any]):
    """Amounts of a shop by place."""

    pending_minor = serializers.IntegerField()
    available_minor = serializers.IntegerField()
    reserved_minor = serializers.IntegerField()
    in_transit_minor = serializers.IntegerField()
    owed_minor = serializers.IntegerField(help_text="What the shop owes, below zero.")


class CausesOutput(serializers.Serializer[Any]):
    """Changes of a shop's money by cause; above zero is in the shop's favour."""

    sale_minor = serializers.IntegerField(help_text="What was sold, with the market's discounts.")
    commission_minor = serializers.IntegerField()
    commission_tax_minor = serializers.IntegerField(help_text="The market's tax on its commission.")
    refund_minor = serializers.IntegerField()
    fee_minor = serializers.IntegerField(help_text="Of transfers, where shops bear them.")
    adjustment_minor = serializers.IntegerField(help_text="Reserves, and what no other cause names.")
    payout_minor = serializers.IntegerField()
    change_minor = serializers.IntegerField(help_text="The sum of the others.")


class StatementLineOutput(serializers.Serializer[Any]):
    """A line of a statement."""

    posted_at = serializers.DateTimeField(source="line.posted_at")
    kind = serializers.CharField(source="line.kind", help_text="Of the journal that booked it.")
    order_number = serializers.CharField(
        source="number", allow_blank=True, help_text="The shop's part of the order; empty where it is about none."
    )
    return_id = serializers.UUIDField(allow_null=True)
    payout_id = serializers.UUIDField(source="line.payout_id", allow_null=True)
    explanation = serializers.CharField(source="words")
    causes = CausesOutput()
    balance_minor = serializers.IntegerField(help_text="After it.")


class StatementOutput(serializers.Serializer[Any]):
    """A statement: its lines lead from the opening balance to the closing one."""

    number = serializers.CharField(help_text="Of the statement, as its PDF names it.")
    kind = serializers.ChoiceField(
        choices=["payout", "month"],
        help_text="`payout` is about what is available less what is owed, `month` about all of the shop's money.",
    )
    month = serializers.CharField(allow_null=True, help_text="Such as `2026-03`; null for a payout.")
    payout_id = serializers.UUIDField(allow_null=True)
    currency = serializers.CharField()
    opening_minor = serializers.IntegerField()
    totals = CausesOutput(source="totals.causes")
    paid_minor = serializers.IntegerField(
        source="totals.paid_minor", help_text="Of a payout's statement: what this payout takes, below zero; else 0."
    )
    closing_minor = serializers.IntegerField()
    opening = PlacesOutput(source="totals.opening")
    closing = PlacesOutput(source="totals.closing")
    count = serializers.IntegerField(source="totals.lines", help_text="The number of all its lines.")
    next = serializers.URLField(allow_null=True, help_text="The lines that follow.")
    previous = serializers.URLField(allow_null=True)
    lines = StatementLineOutput(many=True)


class MonthBalanceOutput(serializers.Serializer[Any]):
    """A month in which a shop's money moved."""

    month = serializers.CharField(help_text="Such as `2026-03`.")
    currency = serializers.CharField()
    opening_minor = serializers.IntegerField()
    change_minor = serializers.IntegerField()
    closing_minor = serializers.IntegerField(help_text="Of the month that is not over: the balance now.")
    is_over = serializers.BooleanField()
