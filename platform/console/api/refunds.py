"""Giving money of any order back, over the operators' API."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.api.examples import DETAILS, NUMBER
from checkout.errors import NotRefundableError, RefundTooLargeError, UnitsNotLeftError
from checkout.models import ReversedBy
from checkout.orders.operations import get_any_order, get_part
from checkout.reversals.reverse import Actor
from checkout.serializers.refunds import OperatorRefundInput, refund_of_input
from console.access import OperatorApi
from console.api import examples
from console.api.money import TAGS
from console.api.money_outputs import OperatorOrderDetailOutput
from console.services.orders import refund_part_of_order
from kit.api.idempotent import takes_key
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals, sent
from kit.api.validation import checked
from kit.errors import NotFoundError


class OperatorOrderRefundApi(OperatorApi):
    """A refund of an order."""

    @takes_key()
    @extend_schema(
        operation_id="operator_order_refund_create",
        summary="Give money of an order back",
        tags=TAGS,
        request=OperatorRefundInput,
        responses={
            200: OperatorOrderDetailOutput,
            400: INVALID,
            **refusals(NotFoundError, NotRefundableError, UnitsNotLeftError, RefundTooLargeError, details=DETAILS),
        },
        examples=[
            sent(
                "Goodwill",
                {"sub_order": f"{NUMBER}-1", "amount_minor": 100_000, "reason": "It came three weeks late."},
            ),
            answer("The order", examples.ORDER_DETAIL),
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        """Give money of one shop's part back: for units, of the delivery, as goodwill, or all of these.

        The shop bears it, and gets the commission on it back. Buyer and shop get a letter, and the reason is kept. All
        refunds of a part together are never more than was paid (409, `refund_too_large`).
        """
        asked = checked(OperatorRefundInput, request.data)
        part = get_part(get_any_order(number=number), number=asked["sub_order"])
        actor_id = signed_in_user(request).pk
        refund = refund_of_input(part, asked, by=Actor(ReversedBy.OPERATOR, actor_id))
        refund_part_of_order(refund=refund, number=number, actor_id=actor_id, now=timezone.now())
        return Response(OperatorOrderDetailOutput(get_any_order(number=number)).data)
