"""Input and output of the checkout and order API."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.serializers import PostalAddressFields, ShopBriefOutput
from checkout.models import DeliveredBy, Order, SubOrder
from checkout.models.coupons import LONGEST_CODE
from checkout.moves.move import Side
from checkout.pricing.coupons.facts import MOST_CODES
from checkout.serializers.amounts import AdjustmentOutput
from checkout.serializers.carts import CURRENCIES
from checkout.serializers.deadlines import DEADLINE_FIELDS, DeadlineOutput
from checkout.serializers.delivery import DELIVERY, ChosenDeliveryOutput
from checkout.serializers.moves import OrderMovesField, PartMovesField
from checkout.serializers.refunds import RefundOutput, SoldAmountsOutput
from checkout.serializers.returns import ReturnOutput
from checkout.serializers.shipments import ShipmentOutput
from checkout.serializers.texts import TEXTS, TextsOutput
from kit.api.input import InputSerializer
from kit.api.lists import FeedOutput
from kit.money.columns import AMOUNT_COLUMNS
from kit.text.pair_fields import PairsOutput
from kit.text.rules import OPTIONAL_EMAIL
from kit.text.serializers import EmailField, LineField, OptionalText
from kit.web.front_ends import LONGEST_ADDRESS, may_return_to


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
                "We don't redirect buyers to this address. Ask the market's operator to list its origin, or leave "
                "it out."
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
    shipping_address = AddressInput(required=False, allow_null=True, help_text="Left out: `address_id` says where.")
    address_id = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="An address of the caller's address book."
    )
    billing_address = AddressInput(required=False, allow_null=True, help_text="Left out: the shipping address.")
    billing_address_id = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="As `address_id`, for the bill."
    )
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
    texts = TEXTS
    coupons = serializers.ListField(
        child=LineField(max_length=2 * LONGEST_CODE),
        max_length=MOST_CODES,
        required=False,
        help_text="Codes, each of which has to count. Left out or empty: the coupons of the cart.",
    )
    delivery = DELIVERY
    return_url = ReturnUrl(
        max_length=LONGEST_ADDRESS, help_text="Where the buyer returns to after paying, at one of FRONT_END_ORIGINS."
    )


class SubOrderLineOutput(serializers.Serializer[Any]):
    """A line as it was when the order was placed."""

    # REST framework takes fields off the class, so this hides nothing of it.
    id = serializers.UUIDField(source="variant_id", help_text="Of the line in its order.")
    variant_id = serializers.UUIDField()
    product_id = serializers.UUIDField()
    sku = serializers.CharField()
    title = serializers.CharField()
    options = PairsOutput()
    quantity = serializers.IntegerField()
    cancelled_quantity = serializers.IntegerField(
        source="cancelled", help_text="Units of it that were cancelled after they were paid."
    )
    sent_quantity = serializers.IntegerField(source="sent", help_text="Units of it that are in parcels.")
    refunded_quantity = serializers.IntegerField(
        source="refunded", help_text="Units of it that were paid back without being cancelled."
    )
    unit_price_minor = serializers.IntegerField()
    total_minor = serializers.IntegerField()


class PartAddressOutput(serializers.Serializer[Any]):
    """Address of a part that goes elsewhere than the rest of its order."""

    name = serializers.CharField()
    line1 = serializers.CharField()
    line2 = serializers.CharField(allow_blank=True)
    city = serializers.CharField()
    state = serializers.CharField(allow_blank=True)
    subdivision = serializers.CharField(allow_blank=True)
    country = serializers.CharField()
    postcode = serializers.CharField(allow_blank=True)
    phone = serializers.CharField()


class TrackingOutput(serializers.Serializer[Any]):
    """Tracking of the last parcel."""

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


class SubOrderOutput(DeadlineOutput, serializers.ModelSerializer[SubOrder]):
    """One shop's part of an order."""

    shop = ShopBriefOutput()
    amounts = SoldAmountsOutput(source="*")
    adjustments = AdjustmentOutput(many=True)
    tax = serializers.SerializerMethodField()
    delivery = ChosenDeliveryOutput(
        source="chosen_delivery", allow_null=True, help_text="Null on orders from before it was kept."
    )
    lines = SubOrderLineOutput(many=True, source="counted_lines")
    refunded_minor = serializers.IntegerField(
        read_only=True, help_text="Of the total, what goes back to the buyer for units, delivery and goodwill."
    )
    shipping_address = PartAddressOutput(
        source="own_address", allow_null=True, help_text="Where it goes, if not to the order's `shipping_address`."
    )
    tracking = TrackingOutput(
        source="parcel", allow_null=True, help_text="Of its last parcel; null before one is shipped."
    )
    shipments = ShipmentOutput(many=True, source="sent_parcels", help_text="Its parcels, in the order they left.")
    delivered_by = serializers.SerializerMethodField(
        help_text="By whose word it has arrived (`timer`: its time was over); null before, and where it was not kept."
    )
    times = serializers.DictField(
        child=serializers.DateTimeField(), help_text="When it came to each status, as far as that was kept."
    )

    class Meta:
        model = SubOrder
        fields: tuple[str, ...] = (
            "number",
            "shop",
            "status",
            *DEADLINE_FIELDS,
            *AMOUNT_COLUMNS,
            "amounts",
            "adjustments",
            "tax",
            "delivery",
            "lines",
            "refunded_minor",
            "shipping_address",
            "tracking",
            "delivered_by",
            "shipments",
            "times",
        )

    @extend_schema_field(serializers.ChoiceField(choices=DeliveredBy.choices, allow_null=True))
    def get_delivered_by(self, part: SubOrder) -> str | None:
        """Return the side; None before it has arrived."""
        return part.delivered_by or None

    @extend_schema_field(PartTaxOutput(allow_null=True))
    def get_tax(self, part: SubOrder) -> dict[str, Any] | None:
        """Return the tax; None where the shop charges none."""
        return part.tax or None


class BuyersSubOrderOutput(SubOrderOutput):
    """One shop's part of an order, as its buyer sees it."""

    pickup_code = serializers.SerializerMethodField(
        help_text="For a parcel that goes to a pick-up station; null before it is shipped, and after it was handed out."
    )

    unread_messages = serializers.SerializerMethodField(help_text="What its shop has written and the buyer not read.")
    allowed_moves = PartMovesField(by=Side.BUYER)

    class Meta(SubOrderOutput.Meta):
        fields = (*SubOrderOutput.Meta.fields, "pickup_code", "unread_messages", "allowed_moves")

    def get_unread_messages(self, part: SubOrder) -> int:
        """Return the number, of those that were counted with the order."""
        counted: dict[UUID, int] = self.context.get("unread_messages", {})
        return counted.get(part.pk, 0)

    def get_pickup_code(self, part: SubOrder) -> str | None:
        """Return the code, of those that were read with the order."""
        codes: dict[UUID, str] = self.context.get("pickup_codes", {})
        return codes.get(part.pk)


class OrderOutput(serializers.ModelSerializer[Order]):
    """An order with its parts."""

    amounts = SoldAmountsOutput(source="*")
    adjustments = AdjustmentOutput(many=True, help_text="Those of all parts.")
    sub_orders = BuyersSubOrderOutput(many=True)
    exchange_return_id = serializers.UUIDField(
        source="exchange_of_id",
        allow_null=True,
        help_text="The return for which it is sent instead of money, if it is.",
    )
    credit_minor = serializers.IntegerField(
        read_only=True, help_text="Of the total, what money of that return pays; the rest is to be paid."
    )
    payment_url = serializers.SerializerMethodField(help_text="Where to pay; empty when there is nothing to pay.")
    refunds = serializers.SerializerMethodField(help_text="What is given back, the oldest first.")
    returns = serializers.SerializerMethodField(help_text="What its buyer wants to send back, the oldest first.")
    shipping_address = AddressInput()
    billing_address = AddressInput()
    allowed_moves = OrderMovesField(by=Side.BUYER)
    texts = TextsOutput()

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
            "texts",
            "placed_at",
            "expires_at",
            "paid_at",
            "sub_orders",
            "exchange_return_id",
            "credit_minor",
            "payment_url",
            "allowed_moves",
            "refunds",
            "returns",
        ]

    @extend_schema_field(ReturnOutput(many=True))
    def get_returns(self, order: Order) -> Any:
        """Return the returns, of those that were read with the order."""
        return ReturnOutput(self.context.get("returns", {}).get(order.pk, ()), many=True).data

    @extend_schema_field(RefundOutput(many=True))
    def get_refunds(self, order: Order) -> Any:
        """Return the refunds, of those that were read with the order."""
        return RefundOutput(self.context.get("refunds", {}).get(order.pk, ()), many=True).data

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
