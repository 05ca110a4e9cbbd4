"""Amounts of a cart or an order, and the adjustments that they are summed from."""

from typing import Any

from rest_framework import serializers


class AdjustmentOutput(serializers.Serializer[Any]):
    """A signed amount that is added to the items' price."""

    kind = serializers.CharField(help_text="discount, delivery, delivery_discount or tax.")
    # REST framework takes fields off the class, so these hide nothing of it.
    source = serializers.CharField(help_text="What caused it, such as flat.")  # type: ignore[assignment]
    label = serializers.CharField()  # type: ignore[assignment]
    funded_by = serializers.CharField(help_text="buyer, shop or platform.")
    amount_minor = serializers.IntegerField(help_text="Below zero where it is taken off.")
    variant_id = serializers.UUIDField(allow_null=True, help_text="The same as `line`.")
    line = serializers.UUIDField(
        source="variant_id", allow_null=True, help_text="The variant of the line that it applies to; null: all of them."
    )


class AmountSetOutput(serializers.Serializer[Any]):
    """Amounts in minor units of one currency.

    total = items − discount + delivery − delivery discount, and + tax where prices do not include it.
    """

    currency = serializers.CharField()
    items_minor = serializers.IntegerField()
    discount_minor = serializers.IntegerField(help_text="What is taken off the items.")
    delivery_minor = serializers.IntegerField(source="shipping_minor")
    delivery_discount_minor = serializers.IntegerField(help_text="What is taken off the delivery.")
    tax_minor = serializers.IntegerField(
        help_text="Of several parts, the tax that is added; where none is, the tax that their prices include."
    )
    prices_include_tax = serializers.BooleanField(help_text="Whether the tax is a part of the total, not on top of it.")
    total_minor = serializers.IntegerField()


class AmountsOutput(serializers.Serializer[Any]):
    """Amounts in minor units of one currency.

    total = items − discount + shipping − delivery discount, and + tax where prices do not include it. `amounts` has the
    same figures.
    """

    currency = serializers.CharField(source="amounts.currency")
    items_minor = serializers.IntegerField(source="amounts.items_minor")
    discount_minor = serializers.IntegerField(source="amounts.discount_minor", help_text="What is taken off the items.")
    shipping_minor = serializers.IntegerField(source="amounts.shipping_minor")
    delivery_discount_minor = serializers.IntegerField(
        source="amounts.delivery_discount_minor", help_text="What is taken off the delivery."
    )
    tax_minor = serializers.IntegerField(source="amounts.tax_minor")
    prices_include_tax = serializers.BooleanField(
        source="amounts.prices_include_tax", help_text="Whether the tax is a part of the total, not on top of it."
    )
    total_minor = serializers.IntegerField(source="amounts.total_minor")
    amounts = AmountSetOutput()
