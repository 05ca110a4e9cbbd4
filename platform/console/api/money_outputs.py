"""Orders, payments and refunds as operators see them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.serializers import ShopBriefOutput
from checkout.api.payments import PaymentOutput
from checkout.models import Order, ReversedBy, SubOrder
from checkout.moves.move import Side
from checkout.returning.selectors import returns_of_orders
from checkout.serializers.deadlines import DEADLINE_FIELDS, DeadlineOutput
from checkout.serializers.moves import OrderMovesField, PartMovesField
from checkout.serializers.orders import AddressInput, SubOrderOutput
from checkout.serializers.refunds import RefundOutput, SoldAmountsOutput
from checkout.serializers.returns import ReturnOutput
from kit.api.in_words import InWordsField
from kit.api.lists import FeedOutput
from kit.money.columns import AMOUNT_COLUMNS

MONEY = (
    *("commission_bps", "commission_minor", "reversed_commission_minor"),
    *("commission_tax_minor", "reversed_commission_tax_minor", "payable_minor", "status_at"),
)


class OperatorSubOrderOutput(DeadlineOutput, serializers.ModelSerializer[SubOrder]):
    """A shop's part of an order, with the market's share."""

    shop = ShopBriefOutput()
    amounts = SoldAmountsOutput(source="*")
    payable_minor = serializers.IntegerField(help_text="What the shop gets of it, once it is paid.")

    class Meta:
        model = SubOrder
        fields: tuple[str, ...] = (
            *("number", "shop", "status", *DEADLINE_FIELDS),
            *(*AMOUNT_COLUMNS, "amounts", "refunded_minor", *MONEY),
        )


class OperatorSubOrderDetailOutput(SubOrderOutput):
    """A shop's part of an order, with its lines and the market's share."""

    payable_minor = serializers.IntegerField(help_text="What the shop gets of it, once it is paid.")
    allowed_moves = PartMovesField(by=Side.OPERATOR)

    class Meta(SubOrderOutput.Meta):
        fields = (*SubOrderOutput.Meta.fields, *MONEY, "allowed_moves")


class OperatorOrderOutput(serializers.ModelSerializer[Order]):
    """An order in a list."""

    buyer_id = serializers.IntegerField(allow_null=True, help_text="Null for a guest.")
    amounts = SoldAmountsOutput(source="*")
    sub_orders = OperatorSubOrderOutput(many=True)

    class Meta:
        model = Order
        fields: tuple[str, ...] = (
            *("number", "status", *AMOUNT_COLUMNS, "amounts", "email", "buyer_id"),
            *("placed_at", "expires_at", "paid_at", "ended_at", "sub_orders"),
        )


class OperatorPaymentOutput(PaymentOutput):
    """An attempt to pay, with what the provider says."""

    order_number = serializers.CharField(source="order.number")
    fees_minor = serializers.IntegerField(allow_null=True, help_text="The provider's fee, as verified.")
    provider_id = serializers.CharField(allow_blank=True, help_text="The provider's own number of it.")
    note = InWordsField(help_text="Why it needs a look, or what the provider said.")
    checked_at = serializers.DateTimeField(allow_null=True, help_text="When the provider was last asked.")
    dealt_with_at = serializers.DateTimeField(allow_null=True, help_text="When an operator took it off the list.")


class OperatorOrderDetailOutput(OperatorOrderOutput):
    """An order with everything that belongs to it."""

    shipping_address = AddressInput()
    billing_address = AddressInput()
    sub_orders = OperatorSubOrderDetailOutput(many=True)  # type: ignore[assignment]
    payments = OperatorPaymentOutput(many=True)
    allowed_moves = OrderMovesField(by=Side.OPERATOR)
    refunds = serializers.SerializerMethodField(help_text="Those of all payments, the oldest first.")
    returns = serializers.SerializerMethodField(help_text="What its buyer wants to send back, the oldest first.")

    class Meta(OperatorOrderOutput.Meta):
        fields = (
            *OperatorOrderOutput.Meta.fields,
            *("shipping_address", "billing_address", "vat_number", "payments", "allowed_moves", "refunds", "returns"),
        )

    @extend_schema_field(ReturnOutput(many=True))
    def get_returns(self, order: Order) -> Any:
        """Return the returns of the order."""
        found = returns_of_orders([order.pk]).get(order.pk, ())
        return ReturnOutput(found, many=True, context={"side": ReversedBy.OPERATOR}).data

    @extend_schema_field(RefundOutput(many=True))
    def get_refunds(self, order: Order) -> Any:
        """Return the refunds of the payments that were read with the order."""
        refunds = [refund for payment in order.payments.all() for refund in payment.refunds.all()]
        return RefundOutput(sorted(refunds, key=lambda each: each.pk), many=True).data


class OperatorRefundOutput(RefundOutput):
    """Money that is given back, with how far it is."""

    order_number = serializers.CharField(source="payment.order.number")
    payment_reference = serializers.CharField(source="payment.reference")
    provider_id = serializers.CharField(allow_blank=True, help_text="The provider's own number of it.")
    note = InWordsField(help_text="What the provider said.")
    sent_at = serializers.DateTimeField(allow_null=True)
    checked_at = serializers.DateTimeField(allow_null=True, help_text="When the provider was last asked.")


class OperatorOrderFeedOutput(FeedOutput):
    """Some orders."""

    results = OperatorOrderOutput(many=True)


class OperatorPaymentFeedOutput(FeedOutput):
    """Some payments."""

    results = OperatorPaymentOutput(many=True)


class OperatorRefundFeedOutput(FeedOutput):
    """Some refunds."""

    results = OperatorRefundOutput(many=True)
