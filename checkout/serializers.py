"""Input and output of the cart and checkout API."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.serializers import PostalAddressFields, ShopBriefOutput
from checkout.cart.store import MAX_LINES, MAX_QUANTITY
from checkout.models import Order, SubOrder
from checkout.models.coupons import LONGEST_CODE
from checkout.pricing.coupons.facts import MOST_CODES
from checkout.pricing.coupons.reasons import Reason
from checkout.pricing.quoted_lines import LineProblem
from kit.api.input import InputSerializer, ListInput, Query
from kit.api.lists import FeedOutput
from kit.money import SYMBOLS
from kit.money.columns import AMOUNT_COLUMNS
from kit.text.pair_fields import PairsOutput
from kit.text.rules import OPTIONAL_EMAIL
from kit.text.serializers import EmailField, LineField
from kit.web.front_ends import LONGEST_ADDRESS, may_return_to

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


class CartGroupOutput(AmountsOutput):
    """The part of a cart that one shop would fulfil."""

    shop = ShopBriefOutput()
    returns_on = serializers.DateField(
        source="shop.returns_on", allow_null=True, help_text="When a shop on holiday sells again, if it said so."
    )
    lines = CartLineOutput(many=True)
    adjustments = AdjustmentOutput(many=True)


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


class OptionalText(LineField):
    """Text that may be empty, null or left out, which all come to the same."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "allow_blank": True, "allow_null": True, "default": "", **options})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Take nothing as an empty text."""
        return super().run_validation("" if data is None else data)


class OptionalEmail(OptionalText, EmailField):
    """An e-mail address, or nothing."""

    rule = OPTIONAL_EMAIL


class ReturnUrl(OptionalText):
    """An address at a front end of ours, or nothing."""

    def to_internal_value(self, data: Any) -> str:
        """Return the address.

        Raises:
            ValidationError: it is not at an origin that the market lists.
        """
        address = super().to_internal_value(data)
        if address and not may_return_to(address):
            message = gettext(
                "Buyers are not sent to this address. Have the market's operator list its origin, or leave it out."
            )
            raise serializers.ValidationError(message, code="unlisted_origin")
        return address


class AddressInput(PostalAddressFields):
    """Delivery address of an order."""

    line2 = OptionalText(max_length=200)
    postcode = OptionalText(max_length=20)


class CheckoutInput(InputSerializer):
    """An order for what is in the cart, or for what it holds in one currency."""

    email = OptionalEmail(help_text="Needed from guests; the receipt goes there.")
    shipping_address = AddressInput()
    billing_address = AddressInput(required=False, allow_null=True, help_text="Left out: the shipping address.")
    vat_number = LineField(
        max_length=40,
        required=False,
        allow_blank=True,
        help_text="Of a business that buys, in the country of the billing address; it is on the shops' invoices.",
    )
    expected_total_minor = serializers.IntegerField(
        required=False, allow_null=True, min_value=0, help_text="The total that was shown; another one is refused."
    )
    currency = serializers.ChoiceField(
        choices=CURRENCIES,
        required=False,
        allow_null=True,
        help_text="Only what is priced in it is ordered, and the rest stays. Needed where a cart holds several.",
    )
    coupons = serializers.ListField(
        child=LineField(max_length=2 * LONGEST_CODE),
        max_length=MOST_CODES,
        required=False,
        help_text="Codes, each of which has to count. Left out or empty: the coupons of the cart.",
    )
    return_url = ReturnUrl(
        max_length=LONGEST_ADDRESS, help_text="Where the buyer returns to after paying, at one of FRONT_END_ORIGINS."
    )


class SubOrderLineOutput(serializers.Serializer[Any]):
    """A line as it was when the order was placed."""

    variant_id = serializers.UUIDField()
    product_id = serializers.UUIDField()
    sku = serializers.CharField()
    title = serializers.CharField()
    options = PairsOutput()
    quantity = serializers.IntegerField()
    unit_price_minor = serializers.IntegerField()
    total_minor = serializers.IntegerField()


class TrackingOutput(serializers.Serializer[Any]):
    """A parcel on its way."""

    carrier = serializers.CharField(allow_blank=True)
    tracking_number = serializers.CharField(allow_blank=True)


class TaxRateOutput(serializers.Serializer[Any]):
    """A rate of tax in a part of an order."""

    label = serializers.CharField()  # type: ignore[assignment]
    rate_bps = serializers.IntegerField(help_text="In hundredths of a percent.")
    base_minor = serializers.IntegerField(help_text="The price before tax that it was computed of.")
    tax_minor = serializers.IntegerField()


class PartTaxOutput(serializers.Serializer[Any]):
    """Tax of a part as an invoice tells it."""

    country = serializers.CharField(help_text="Where the shop is registered.")
    number = serializers.CharField(help_text="The shop's number there.")
    rates = TaxRateOutput(many=True)


class SubOrderOutput(serializers.ModelSerializer[SubOrder]):
    """One shop's part of an order."""

    shop = ShopBriefOutput()
    amounts = AmountSetOutput(source="*")
    adjustments = AdjustmentOutput(many=True)
    tax = serializers.SerializerMethodField()
    lines = SubOrderLineOutput(many=True)
    tracking = TrackingOutput(source="parcel", allow_null=True, help_text="Null before it is shipped.")
    times = serializers.DictField(
        child=serializers.DateTimeField(), help_text="When it came to each status, as far as that was kept."
    )

    class Meta:
        model = SubOrder
        fields: tuple[str, ...] = (
            "number",
            "shop",
            "status",
            *AMOUNT_COLUMNS,
            "amounts",
            "adjustments",
            "tax",
            "lines",
            "tracking",
            "times",
        )

    @extend_schema_field(PartTaxOutput(allow_null=True))
    def get_tax(self, part: SubOrder) -> dict[str, Any] | None:
        """Return the tax; None where the shop charges none."""
        return part.tax or None


class OrderOutput(serializers.ModelSerializer[Order]):
    """An order with its parts."""

    amounts = AmountSetOutput(source="*")
    adjustments = AdjustmentOutput(many=True, help_text="Those of all parts.")
    sub_orders = SubOrderOutput(many=True)
    payment_url = serializers.SerializerMethodField(help_text="Where to pay; empty when there is nothing to pay.")
    shipping_address = AddressInput()
    billing_address = AddressInput()

    class Meta:
        model = Order
        fields = [
            "number",
            "status",
            *AMOUNT_COLUMNS,
            "amounts",
            "adjustments",
            "email",
            "shipping_address",
            "billing_address",
            "vat_number",
            "placed_at",
            "expires_at",
            "paid_at",
            "sub_orders",
            "payment_url",
        ]

    def get_payment_url(self, order: Order) -> str:
        """Return the open payment's page."""
        return str(self.context.get("payment_urls", {}).get(order.pk, ""))


class OrderFeedOutput(FeedOutput):
    """Some of a person's orders."""

    results = OrderOutput(many=True)


class PlacedOrderOutput(OrderOutput):
    """A new order; a guest keeps the access key to see it again."""

    class Meta(OrderOutput.Meta):
        fields = [*OrderOutput.Meta.fields, "access_key"]
