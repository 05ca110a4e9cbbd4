"""Output of the call that orders again."""

from typing import Any

from rest_framework import serializers

from accounts.serializers import ShopBriefOutput
from checkout.cart.reordering import NOT_LET_IN
from checkout.pricing.quoted_lines import LineProblem
from checkout.serializers.carts import CartOutput
from kit.text.pair_fields import PairsOutput

PROBLEMS = [*(problem.value for problem in LineProblem if problem != LineProblem.NOT_DELIVERED), NOT_LET_IN]


class ReorderedLineOutput(serializers.Serializer[Any]):
    """A line of an earlier order as it can be had today."""

    variant_id = serializers.UUIDField()
    product_id = serializers.UUIDField(source="line.product_id")
    sku = serializers.CharField(source="line.sku")
    title = serializers.CharField(source="line.title")
    options = PairsOutput(source="line.options")
    shop = ShopBriefOutput()
    ordered_quantity = serializers.IntegerField(source="line.quantity")
    quantity = serializers.IntegerField(source="held", help_text="Units of it that the cart holds now.")
    currency = serializers.CharField()
    price_minor = serializers.IntegerField(
        source="unit_price_minor", allow_null=True, help_text="Today's; null where it is not sold."
    )
    old_price_minor = serializers.IntegerField(
        source="old_unit_price_minor", allow_null=True, help_text="The price that it was ordered at, if it changed."
    )
    problem = serializers.ChoiceField(
        choices=PROBLEMS,
        allow_null=True,
        help_text="Why fewer than were ordered can be had; null where all can. `not_let_in`: it has a waiting room.",
    )
    message = serializers.CharField(allow_blank=True, help_text="What is different from then, in words.")


class ReorderOutput(serializers.Serializer[Any]):
    """An earlier order put into the cart as far as it can be had, and the cart."""

    lines = ReorderedLineOutput(many=True)
    cart = CartOutput()
