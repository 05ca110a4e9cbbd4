"""Output of the calls that read invoices and credit notes."""

from typing import Any

from rest_framework import serializers

from checkout.models import DocumentKind
from checkout.serializers.amounts import AmountSetOutput


class IssuedLineOutput(serializers.Serializer[Any]):
    """A line of an invoice or a credit note."""

    title = serializers.CharField()
    sku = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price_minor = serializers.IntegerField()
    discount_minor = serializers.IntegerField(help_text="Of the whole line; 0 on a credit note, which has it as a sum.")
    total_minor = serializers.IntegerField(help_text="Before the discount.")
    tax = serializers.ListField(child=serializers.CharField(), help_text="The rates, such as `VAT 7.5%`.")


class IssuedDocumentOutput(serializers.Serializer[Any]):
    """An invoice or a credit note: what it says was frozen when it was issued."""

    kind = serializers.ChoiceField(choices=DocumentKind.choices)
    number = serializers.CharField(help_text="Of the shop; each kind is counted by itself, without gaps.")
    sub_order_number = serializers.CharField(source="sub_order.number", help_text="The shop's part of the order.")
    invoice_number = serializers.CharField(
        source="content.invoice", default=None, allow_null=True, help_text="Of a credit note: the invoice it is for."
    )
    language = serializers.CharField()
    issued_at = serializers.DateTimeField()
    amounts = AmountSetOutput(source="content.amounts")
    goodwill_minor = serializers.IntegerField(
        source="content.goodwill_minor",
        help_text="Of a credit note, beside its amounts; below zero where it is in them.",
    )
    total_minor = serializers.IntegerField(
        source="content.total_minor",
        help_text="The amount that was paid, or that goes back.",
    )
    lines = IssuedLineOutput(many=True, source="content.lines")
