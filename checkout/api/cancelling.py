"""Cancelling an order, or units of it, over the API."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from checkout.api.examples import CANCEL_REFUSALS, CANCELLED, CART_TOKEN, ORDER_KEY, VARIANT
from checkout.api.orders import TAGS, OneOrderApi, order_holder, render_order
from checkout.ending.end_orders import cancel_order
from checkout.models import OrderStatus, ReversedBy
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.choosing import choose_units
from checkout.reversals.reverse import Actor
from checkout.serializers.cancelling import CancelOrderInput, chosen_lines
from checkout.serializers.orders import OrderOutput
from kit.api.idempotent import takes_key
from kit.api.refusals import answer
from kit.api.validation import checked

UNPAID = frozenset({OrderStatus.PENDING, OrderStatus.EXPIRED})


class OrderCancelApi(OneOrderApi):
    """Cancelling an order, or units of it."""

    @takes_key(in_transaction=False, guest=order_holder)
    @extend_schema(
        operation_id="order_cancel",
        summary="Cancel an order, or units of it",
        tags=TAGS,
        parameters=[ORDER_KEY, CART_TOKEN],
        request=CancelOrderInput,
        responses={200: OrderOutput, **CANCEL_REFUSALS},
        examples=[
            OpenApiExample(
                "One unit of a line",
                request_only=True,
                value={"reason": "One is enough", "lines": [{"line_id": VARIANT, "quantity": 1}]},
            ),
            answer("A cancelled order", CANCELLED),
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        """Cancel an order that is not paid, or units of a paid one that their shop has not sent yet.

        With `lines`, these units; with `sub_order`, all that is left of one shop's part; with neither, all of the
        order. Where a part has left its shop nothing is cancelled (409, `already_sent`; `errors.sub_orders` names it).
        The stock is on sale again at once, and what was paid is refunded: read `refunded_minor`, and the refunds of
        `GET /orders/{number}/payments/`.

        Of an order that is not paid, the payment provider is asked first: one that turns out to be paid is not
        cancelled (409), and where the provider doesn't answer nothing is changed (503). Such an order is cancelled as
        a whole.
        """
        order, asked = self.order_of(request, number), checked(CancelOrderInput, request.data)
        lines, sub_order = chosen_lines(asked), asked["sub_order"]
        if order.status in UNPAID and lines is None and not sub_order:
            cancel_order(order_id=order.pk, now=timezone.now())
        else:
            units = choose_units(list(order.sub_orders.all()), sub_order=sub_order, lines=lines)
            by = Actor(ReversedBy.BUYER, request.user.pk)
            cancel_units(Cancellation(order.pk, units, by, asked["reason"]), now=timezone.now())
        return Response(render_order(self.order_of(request, number)))
