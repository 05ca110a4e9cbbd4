"""The buyer's word that parcels have arrived, over the API."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from checkout.api.examples import CART_TOKEN, NUMBER, ORDER, ORDER_KEY
from checkout.api.orders import TAGS, OneOrderApi, order_holder, render_order
from checkout.fulfilling.receive_parts import receive_parts
from checkout.fulfilment.errors import WrongStepError
from checkout.serializers.orders import OrderOutput
from checkout.serializers.receiving import ReceivedInput
from kit.api.idempotent import takes_key
from kit.api.refusals import answer, refusals
from kit.api.validation import checked
from kit.errors import NotFoundError

ARRIVED = {
    **ORDER,
    "status": "completed",
    "payment_url": "",
    "paid_at": "2025-11-20T13:06:10.000Z",
    "sub_orders": [{**ORDER["sub_orders"][0], "status": "delivered", "delivered_by": "buyer"}],
}


class OrderReceivedApi(OneOrderApi):
    """The buyer's word that parcels have arrived."""

    @takes_key(guest=order_holder)
    @extend_schema(
        operation_id="order_receive",
        summary="Say that parcels have arrived",
        tags=TAGS,
        parameters=[ORDER_KEY, CART_TOKEN],
        request=ReceivedInput,
        responses={200: OrderOutput, **refusals(NotFoundError, WrongStepError)},
        examples=[
            OpenApiExample("One shop's part", request_only=True, value={"sub_order": f"{NUMBER}-1"}),
            answer("The order", ARRIVED),
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        """Record that the parts that are on their way have arrived: all of them, or one (`sub_order`).

        What has arrived already stays as it is. Where nothing is on its way the call is refused (409, `wrong_step`).
        """
        order, asked = self.order_of(request, number), checked(ReceivedInput, request.data)
        receive_parts(order_id=order.pk, number=asked["sub_order"], now=timezone.now())
        return Response(render_order(self.order_of(request, number)))
