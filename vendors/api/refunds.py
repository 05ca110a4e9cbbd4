"""Giving money of a shop's order back, over the API."""

from typing import ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.api.examples import DETAILS, VARIANT
from checkout.capabilities import REFUND_ORDERS
from checkout.errors import NotRefundableError, RefundTooLargeError, UnitsNotLeftError
from checkout.models import ReversedBy
from checkout.orders.shop_orders import get_sub_order
from checkout.reversals.refund_part import refund_part
from checkout.reversals.reverse import Actor
from checkout.serializers.refunds import RefundInput, refund_of_input
from kit.api.idempotent import takes_key
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals
from kit.api.validation import checked
from kit.errors import NotFoundError
from vendors.access import StaffApi, shop_of
from vendors.api import examples
from vendors.api.orders import TAGS, order_answer
from vendors.serializers.orders import VendorOrderDetailOutput


class RefundApi(StaffApi):
    """A refund of an order."""

    capabilities: ClassVar = {"POST": REFUND_ORDERS}

    @takes_key()
    @extend_schema(
        operation_id="vendor_order_refund_create",
        summary="Give money of an order back",
        tags=TAGS,
        request=RefundInput,
        responses={
            200: VendorOrderDetailOutput,
            400: INVALID,
            **refusals(NotFoundError, NotRefundableError, UnitsNotLeftError, RefundTooLargeError, details=DETAILS),
        },
        examples=[
            OpenApiExample(
                "A unit that arrived broken, and a part of the delivery",
                request_only=True,
                value={
                    "reason": "One of the two arrived torn.",
                    "lines": [{"line_id": VARIANT, "quantity": 1}],
                    "delivery_minor": 50_000,
                },
            ),
            OpenApiExample("Goodwill", request_only=True, value={"reason": "It came late.", "amount_minor": 100_000}),
            answer("The order", examples.ORDER),
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        """Give money of a paid order back at any time: for units, of the delivery, as goodwill, or all of these.

        Nothing comes back to your stock: cancel units that are not sent yet instead. You bear it, and get the
        commission on it back. All refunds of an order together are never more than was paid (409,
        `refund_too_large`; `errors.left_minor` is what is left). Units that go back after goodwill was given go back
        at what is left of their price. The buyer gets a letter with the reason.
        """
        shop, asked = shop_of(request), checked(RefundInput, request.data)
        part = get_sub_order(shop_id=shop.pk, number=number)
        by = Actor(ReversedBy.SHOP, signed_in_user(request).pk)
        refund_part(refund_of_input(part, asked, by=by), now=timezone.now())
        return order_answer(request, number)
