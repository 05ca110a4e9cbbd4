"""Payments of an order over the API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from checkout.api.examples import CART_TOKEN, ORDER_KEY, PAYMENT, READ_REFUSALS
from checkout.api.orders import TAGS, OneOrderApi
from checkout.models import PaymentStatus
from checkout.orders.payments import payments_of
from checkout.serializers.refunds import RefundOutput
from kit.api.refusals import answer


class PaymentOutput(serializers.Serializer[Any]):
    """An attempt to pay, and what of it is given back."""

    reference = serializers.CharField(help_text="Ours, as the provider has it.")
    provider = serializers.CharField()
    status = serializers.ChoiceField(choices=PaymentStatus.choices)
    amount_minor = serializers.IntegerField(help_text="What was asked for.")
    currency = serializers.CharField()
    captured_minor = serializers.IntegerField(allow_null=True, help_text="What was paid; null where nothing was.")
    channel = serializers.CharField(allow_blank=True, help_text="Such as card, once it is known.")
    created_at = serializers.DateTimeField()
    captured_at = serializers.DateTimeField(allow_null=True)
    refunds = RefundOutput(many=True)


class OrderPaymentsApi(OneOrderApi):
    """Payments of an order."""

    @extend_schema(
        operation_id="order_payments_list",
        summary="List an order's payments and refunds",
        tags=TAGS,
        parameters=[ORDER_KEY, CART_TOKEN],
        responses={200: PaymentOutput(many=True), **READ_REFUSALS},
        examples=[answer("One that was paid, with a refund", [PAYMENT])],
    )
    def get(self, request: Request, number: str) -> Response:
        """Return the attempts to pay one of your orders, or a guest's by its key, the newest first."""
        payments = payments_of(order_id=self.order_of(request, number).pk)
        return Response(PaymentOutput(payments, many=True).data)
