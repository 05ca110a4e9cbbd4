"""Orders, payments and refunds of all shops over the operators' API."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.api.filters import OrdersQuery, wanted_orders
from checkout.errors import AlreadySentError, OrderNotCancellableError, RefundTooLargeError, UnitsNotLeftError
from checkout.fulfilment.deadlines import Late
from checkout.models import PaymentStatus, RefundStatus
from checkout.orders.late_parts import late_parts
from checkout.orders.operations import (
    get_any_order,
    get_any_payment,
    get_any_refund,
    list_orders,
    list_payments,
    list_refunds,
)
from checkout.reversals.choosing import choose_units
from checkout.serializers.cancelling import OperatorCancelInput, chosen_lines
from console.access import OperatorApi
from console.api import examples
from console.api.money_outputs import (
    OperatorOrderDetailOutput,
    OperatorOrderFeedOutput,
    OperatorOrderOutput,
    OperatorPaymentFeedOutput,
    OperatorPaymentOutput,
    OperatorRefundFeedOutput,
    OperatorRefundOutput,
)
from console.selectors.shops import shop_id_of
from console.services.orders import cancel_units_of_order
from kit.api.idempotent import takes_key
from kit.api.input import FeedQuery, query_of, search_field
from kit.api.lists import feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals, sent
from kit.api.validation import checked
from kit.db.keyset import read_slice
from kit.errors import NotFoundError
from kit.text.serializers import LineField

TAGS = ["Operators: orders"]
MISSING = refusals(NotFoundError)


class OperatorOrdersQuery(OrdersQuery):
    """Filter of all orders."""

    search = search_field("An order's or a part's number, a payment's reference, or a buyer's e-mail address.")
    shop = LineField(required=False, max_length=50, help_text="The slug of a shop that has a part of it.")
    late = serializers.ChoiceField(
        required=False, default="", choices=Late.choices, help_text="Only orders with a part that is late at this step."
    )


class OperatorPaymentsQuery(FeedQuery):
    """Filter of payments."""

    status = serializers.ChoiceField(required=False, default="", choices=PaymentStatus.choices)
    search = search_field("A payment's reference, or an order's number.")


class OperatorRefundsQuery(FeedQuery):
    """Filter of refunds."""

    status = serializers.ChoiceField(required=False, default="", choices=RefundStatus.choices)


class OperatorOrderListApi(OperatorApi):
    """Orders of all buyers."""

    query_class = OperatorOrdersQuery

    @extend_schema(
        operation_id="operator_orders_list",
        summary="List orders of all shops",
        tags=TAGS,
        responses={200: OperatorOrderFeedOutput},
        examples=[answer("Some of them", examples.feed(examples.ORDER))],
    )
    def get(self, request: Request) -> Response:
        """Return the orders that match, the newest first."""
        asked = query_of(request)
        orders = list_orders(
            search=asked.get("search", ""),
            shop_id=shop_id_of(asked.get("shop", "")),
            late=late_parts(now=timezone.now(), step=Late(asked["late"])) if asked["late"] else None,
        )
        found = read_slice(orders.filter(wanted_orders(request).condition), **feed_place(request))
        return Response(feed_body(request, found, results=OperatorOrderOutput(found.rows, many=True).data))


class OperatorOrderApi(OperatorApi):
    """One order."""

    @extend_schema(
        operation_id="operator_order_read",
        summary="Read an order with its payments",
        tags=TAGS,
        responses={200: OperatorOrderDetailOutput, **MISSING},
        examples=[answer("The order", examples.ORDER_DETAIL)],
    )
    def get(self, _request: Request, number: str) -> Response:
        """Return an order with its parts, lines, addresses, payments and refunds."""
        return Response(OperatorOrderDetailOutput(get_any_order(number=number)).data)


class OperatorOrderCancelApi(OperatorApi):
    """Cancel units of a paid order."""

    @takes_key()
    @extend_schema(
        operation_id="operator_order_cancel",
        summary="Cancel units that no shop has sent yet",
        tags=TAGS,
        request=OperatorCancelInput,
        responses={
            200: OperatorOrderDetailOutput,
            400: INVALID,
            **refusals(
                NotFoundError, AlreadySentError, OrderNotCancellableError, UnitsNotLeftError, RefundTooLargeError
            ),
        },
        examples=[
            sent("All of it", {"reason": "The buyer asked for it by phone."}),
            answer("The order", examples.ORDER_DETAIL),
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        """Cancel units of a paid order: the buyer is refunded, buyer and shops get a letter, the reason is kept.

        With `lines`, these units; with `sub_order`, all that is left of one shop's part; with neither, all of the
        order. Where a part has left its shop nothing is cancelled (409, `already_sent`).
        """
        order, asked = get_any_order(number=number), checked(OperatorCancelInput, request.data)
        cancel_units_of_order(
            order_id=order.pk,
            number=order.number,
            units=choose_units(list(order.sub_orders.all()), sub_order=asked["sub_order"], lines=chosen_lines(asked)),
            actor_id=signed_in_user(request).pk,
            reason=asked["reason"],
            now=timezone.now(),
        )
        return Response(OperatorOrderDetailOutput(get_any_order(number=number)).data)


class OperatorPaymentListApi(OperatorApi):
    """Payments of all orders."""

    query_class = OperatorPaymentsQuery

    @extend_schema(
        operation_id="operator_payments_list",
        summary="List payments",
        tags=TAGS,
        responses={200: OperatorPaymentFeedOutput},
        examples=[answer("Some of them", examples.feed(examples.PAYMENT))],
    )
    def get(self, request: Request) -> Response:
        """Return the attempts to pay that match, the newest first."""
        asked = query_of(request)
        payments = list_payments(status=asked["status"], search=asked.get("search", ""))
        found = read_slice(payments.prefetch_related("refunds__sub_order"), **feed_place(request))
        return Response(feed_body(request, found, results=OperatorPaymentOutput(found.rows, many=True).data))


class OperatorPaymentApi(OperatorApi):
    """One payment."""

    @extend_schema(
        operation_id="operator_payment_read",
        summary="Read a payment",
        tags=TAGS,
        responses={200: OperatorPaymentOutput, **MISSING},
        examples=[answer("The payment", examples.PAYMENT)],
    )
    def get(self, _request: Request, reference: str) -> Response:
        """Return an attempt to pay, by our reference."""
        return Response(OperatorPaymentOutput(get_any_payment(reference=reference)).data)


class OperatorRefundListApi(OperatorApi):
    """Refunds of all orders."""

    query_class = OperatorRefundsQuery

    @extend_schema(
        operation_id="operator_refunds_list",
        summary="List refunds",
        tags=TAGS,
        responses={200: OperatorRefundFeedOutput},
        examples=[answer("Some of them", examples.feed(examples.REFUND))],
    )
    def get(self, request: Request) -> Response:
        """Return money that was given back, or is to be, the newest first."""
        found = read_slice(list_refunds(status=query_of(request)["status"]), **feed_place(request))
        return Response(feed_body(request, found, results=OperatorRefundOutput(found.rows, many=True).data))


class OperatorRefundApi(OperatorApi):
    """One refund."""

    @extend_schema(
        operation_id="operator_refund_read",
        summary="Read a refund",
        tags=TAGS,
        responses={200: OperatorRefundOutput, **MISSING},
        examples=[answer("The refund", examples.REFUND)],
    )
    def get(self, _request: Request, refund_id: UUID) -> Response:
        """Return a refund with how far it is."""
        return Response(OperatorRefundOutput(get_any_refund(refund_id=refund_id)).data)
