"""Input and output of the cart API."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from accounts.serializers import ShopBriefOutput
from checkout.cart.store import MAX_LINES, MAX_QUANTITY
from checkout.models.coupons import LONGEST_CODE
from checkout.pricing.coupons.facts import MOST_CODES
from checkout.pricing.coupons.reasons import Reason
from checkout.pricing.quoted_lines import LineProblem
from checkout.serializers.amounts import AdjustmentOutput, AmountSetOutput, AmountsOutput
from checkout.serializers.delivery import DELIVERY, DestinationInput, PartDeliveryOutput
from kit.api.input import InputSerializer, ListInput, Query
from kit.money import SYMBOLS
from kit.text.serializers import LineField

# Those that the market knows, and whatever else the settings let shops sell in.
CURRENCIES = sorted({*SYMBOLS, *settings.SHOP_CURRENCIES})


class CartQuery(Query):
    """The part of a cart that a request is about."""

    currency = serializers.ChoiceField(
        choices=CURRENCIES, required=False, help_text="Only what is priced in it, as a checkout of it would order."
    )


class CartItemInput(InputSerializer):
    """A variant to put in the cart."""

    variant_id = serializers.UUIDField(help_text="From a listing.")
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY, default=1)


class CartQuantityInput(InputSerializer):
    """The quantity of a variant that the cart should hold."""

    quantity = serializers.IntegerField(min_value=0, max_value=MAX_QUANTITY, help_text="0 takes it out.")


class CartLineInput(CartQuantityInput):
    """A variant, and the quantity of it that the cart should hold."""

    variant_id = serializers.UUIDField(help_text="From a listing.")


class CartLinesInput(ListInput):
    """The variants of which the cart should hold other quantities."""

    child = CartLineInput()
    named_by = "variant_id"
    most = MAX_LINES


class CartLineOutput(serializers.Serializer[Any]):
    """A line of the cart at today's price."""

    variant_id = serializers.UUIDField(source="line.variant_id")
    product_id = serializers.UUIDField(
        source="offer.product_id", default=None, allow_null=True, help_text="Null where it is gone."
    )
    sku = serializers.CharField(source="offer.sku", default="")
    title = serializers.CharField(source="offer.title", default="")
    options = serializers.DictField(source="offer.options", default=dict, child=serializers.CharField())
    quantity = serializers.IntegerField(source="line.quantity")
    unit_price_minor = serializers.IntegerField(source="offer.price_minor", default=None, allow_null=True)
    old_unit_price_minor = serializers.IntegerField(
        source="old_price_minor", allow_null=True, help_text="The price when it was added, if it changed."
    )
    available = serializers.IntegerField(source="offer.available", default=0)
    total_minor = serializers.IntegerField()
    problem = serializers.ChoiceField(
        choices=[problem.value for problem in LineProblem],
        allow_null=True,
        help_text="Why it can't be bought as asked for; null where it can. `shop_away`: see `returns_on`.",
    )


class OfferHintOutput(serializers.Serializer[Any]):
    """Goods that are missing to what an automatic offer gives next."""

    name = serializers.CharField()
    missing = serializers.IntegerField(help_text="In minor units of an offer by total, else in pieces.")
    message = serializers.CharField(help_text="In words.")


class CartGroupOutput(AmountsOutput):
    """The part of a cart that one shop would fulfil."""

    shop = ShopBriefOutput()
    returns_on = serializers.DateField(
        source="shop.returns_on", allow_null=True, help_text="When a shop on holiday sells again, if it said so."
    )
    lines = CartLineOutput(many=True)
    adjustments = AdjustmentOutput(many=True)
    delivery = PartDeliveryOutput()
    offer_hints = OfferHintOutput(many=True, help_text="What is missing to more of the shop's automatic offers.")


class CartTotalOutput(AmountsOutput):
    """The amounts of what a cart holds in one currency; each of them is ordered on its own."""

    shops = ShopBriefOutput(many=True, help_text="The shops that it is of.")
    can_be_paid = serializers.BooleanField(help_text="Whether payments in this currency are taken at present.")
    can_check_out = serializers.BooleanField(help_text="Whether a checkout of this `currency` is taken as it stands.")


class SavedOutput(serializers.Serializer[Any]):
    """Saving of a coupon in one currency."""

    currency = serializers.CharField()
    saved_minor = serializers.IntegerField()


class TriedCouponOutput(serializers.Serializer[Any]):
    """Outcome of a code: its saving, or the reason why it doesn't count."""

    code = serializers.CharField()
    counts = serializers.BooleanField()
    saved = SavedOutput(many=True)
    reason = serializers.ChoiceField(
        choices=[reason.value for reason in Reason],
        allow_null=True,
        help_text="Why it doesn't count; null where it does.",
    )
    message = serializers.CharField(allow_blank=True, help_text="The reason in words.")


class ChangeOutput(serializers.Serializer[Any]):
    """A change of a cart since it was last shown to its buyer."""

    kind = serializers.ChoiceField(choices=["price", "availability", "adjustment"])
    message = serializers.CharField(help_text="In words.")
    variant_id = serializers.UUIDField(allow_null=True, help_text="Of the line that has changed, if it is one.")
    was_minor = serializers.IntegerField(allow_null=True, help_text="Null where there was no such amount.")
    now_minor = serializers.IntegerField(allow_null=True, help_text="Null where there is no such amount any more.")


class CartOutput(serializers.Serializer[Any]):
    """A cart, grouped by shop; its own amounts are null where the shops' currencies differ, see `totals`."""

    groups = CartGroupOutput(many=True, source="parts")
    amounts = AmountSetOutput(source="shown_amounts", allow_null=True, help_text="Null where the currencies differ.")
    adjustments = AdjustmentOutput(many=True, help_text="Those of all groups.")
    currency = serializers.CharField(source="shown_amounts.currency", default=None, allow_null=True)
    items_minor = serializers.IntegerField(source="shown_amounts.items_minor", default=None, allow_null=True)
    discount_minor = serializers.IntegerField(source="shown_amounts.discount_minor", default=None, allow_null=True)
    shipping_minor = serializers.IntegerField(source="shown_amounts.shipping_minor", default=None, allow_null=True)
    delivery_discount_minor = serializers.IntegerField(
        source="shown_amounts.delivery_discount_minor", default=None, allow_null=True
    )
    tax_minor = serializers.IntegerField(source="shown_amounts.tax_minor", default=None, allow_null=True)
    prices_include_tax = serializers.BooleanField(
        source="shown_amounts.prices_include_tax", default=None, allow_null=True
    )
    total_minor = serializers.IntegerField(source="shown_amounts.total_minor", default=None, allow_null=True)
    totals = CartTotalOutput(many=True, source="checkouts", help_text="The amounts of each currency.")
    coupons = TriedCouponOutput(many=True, source="coupon_outcomes", help_text="What came of each code that is in it.")
    units = serializers.IntegerField()
    can_check_out = serializers.BooleanField(
        help_text="Whether all of it is taken by one checkout; in several currencies see `totals`."
    )
    changes = ChangeOutput(
        many=True,
        default=list,
        help_text="Since the cart was last read or shown, beside what its buyer has changed; empty after other calls.",
    )


class QuoteInput(InputSerializer):
    """A destination and the choices of a buyer, for a quote of what the cart holds."""

    shipping_address = DestinationInput(required=False, allow_null=True, help_text="Left out: `address_id` says where.")
    address_id = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="Of the caller's address book, as a checkout takes it."
    )
    delivery = DELIVERY
    coupons = serializers.ListField(
        child=LineField(max_length=2 * LONGEST_CODE),
        max_length=MOST_CODES,
        required=False,
        help_text="Codes. Left out or empty: the coupons of the cart.",
    )
    currency = serializers.ChoiceField(choices=CURRENCIES, required=False, allow_null=True)
