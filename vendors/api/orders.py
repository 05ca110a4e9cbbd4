"""The orders that a shop fulfils, over the API."""

from datetime import datetime
from typing import ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.api.filters import PlacedBetweenQuery, wanted_orders
from checkout.capabilities import CANCEL_ORDERS, FULFIL_ORDERS, VIEW_ORDERS
from checkout.ending.release_reservations import release_part
from checkout.errors import (
    AlreadySentError,
    NothingReservedError,
    OrderNotCancellableError,
    PaymentProviderUnavailableError,
    PickupCodeLockedError,
    PickupCodeNeededError,
    RefundTooLargeError,
    UnitsNotLeftError,
    WrongPickupCodeError,
)
from checkout.fulfilling.advance_part import deliver_part, pack_part, ship_part
from checkout.fulfilling.change_tracking import change_tracking
from checkout.fulfilling.undo_step import undo_step
from checkout.fulfilment.errors import WrongStepError
from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.selectors import get_vendor_order, tracking_version
from checkout.fulfilment.services import Parcel
from checkout.fulfilment.status import PartStatus
from checkout.models import ReversedBy
from checkout.orders.refunds import refunds_of_part
from checkout.orders.shop_orders import get_shop_part, get_sub_order, read_shop_orders
from checkout.returning.selectors import returns_of_part
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.choosing import choose_units
from checkout.reversals.reverse import Actor
from checkout.serializers.cancelling import ShopCancelInput, chosen_lines
from kit.api.bodies import without_body
from kit.api.idempotent import takes_key
from kit.api.input import query_of, search_field
from kit.api.lists import feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.refusals import CHANGED_MEANWHILE, answer, refusal, refusals
from kit.api.validation import checked
from kit.errors import NotFoundError
from kit.web.versions import IF_MATCH, entity_tag, sent_tags, telling_the_current
from payouts.capabilities import VIEW_BALANCE
from tenants.access import can
from tenants.models import Shop
from vendors.access import StaffApi, role_of, shop_of
from vendors.api import examples
from vendors.selectors.moves import Staff
from vendors.selectors.orders import corrections_of
from vendors.serializers.orders import (
    DeliveryData,
    ParcelData,
    UndoData,
    VendorOrderDetailOutput,
    VendorOrderFeedOutput,
    VendorOrderRowOutput,
)

TAGS = ["Orders"]
RELEASE = {
    200: VendorOrderDetailOutput,
    **refusals(NotFoundError, NothingReservedError, PaymentProviderUnavailableError),
}
STEP = {200: VendorOrderDetailOutput, 404: examples.NO_ORDER, 409: examples.WRONG_STEP}

DELIVERED = {
    **STEP,
    400: INVALID,
    409: refusal(
        "The order is at another step, or its code is missing or wrong; it is not delivered.",
        WrongStepError,
        PickupCodeNeededError,
        WrongPickupCodeError,
        PickupCodeLockedError,
    ),
}


class VendorOrdersQuery(PlacedBetweenQuery):
    """Filter of orders."""

    status = serializers.ChoiceField(required=False, default="", choices=PartStatus.choices)
    search = search_field("A part of the order's number, or of the buyer's name or e-mail address.")
    late = serializers.BooleanField(
        required=False, default=False, help_text="Only those that are late to be sent or to arrive, oldest first."
    )


class VendorOrderListApi(StaffApi):
    """The shop's orders."""

    query_class = VendorOrdersQuery
    capabilities: ClassVar = {"GET": VIEW_ORDERS}

    @extend_schema(
        operation_id="vendor_orders_list",
        summary="List your orders",
        tags=TAGS,
        responses={200: VendorOrderFeedOutput, 400: INVALID},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [examples.ORDER_ROW]})],
    )
    def get(self, request: Request) -> Response:
        """Return the shop's orders: those to pack or to ship oldest first, others newest first."""
        found = read_shop_orders(
            shop=shop_of(request),
            wanted=wanted_orders(request),
            search=query_of(request).get("search", ""),
            late_at=timezone.now() if query_of(request).get("late") else None,
            **feed_place(request),
        )
        return Response(
            feed_body(
                request,
                found,
                results=VendorOrderRowOutput(found.rows, many=True, context={"staff": _staff(request)}).data,
            )
        )


class VendorOrderApi(StaffApi):
    """One order."""

    capabilities: ClassVar = {"GET": VIEW_ORDERS}

    @extend_schema(
        operation_id="vendor_order_read",
        summary="Read an order",
        tags=TAGS,
        responses={200: VendorOrderDetailOutput, 404: examples.NO_ORDER},
        examples=[answer("The order", examples.ORDER)],
    )
    def get(self, request: Request, number: str) -> Response:
        """Return an order with its lines, address, parcels and amounts."""
        return order_answer(request, number)


class _StepApi(StaffApi):
    """A step of an order."""

    capabilities: ClassVar = {"POST": FULFIL_ORDERS}

    def _do(self, request: Request, shop: Shop, number: str, now: datetime) -> None:
        raise NotImplementedError

    def _step(self, request: Request, number: str) -> Response:
        shop = shop_of(request)
        self._do(request, shop, number, timezone.now())
        return order_answer(request, number)


class PackApi(_StepApi):
    """Packing."""

    @takes_key()
    @without_body
    @extend_schema(
        operation_id="vendor_order_pack",
        summary="Mark an order packed",
        tags=TAGS,
        responses=STEP,
        examples=[answer("The order", {**examples.ORDER, "status": "packed"})],
    )
    def post(self, request: Request, number: str) -> Response:
        """Record that a paid order is packed."""
        return self._step(request, number)

    def _do(self, request: Request, shop: Shop, number: str, now: datetime) -> None:
        pack_part(shop=shop, number=number, now=now)


class ShipApi(_StepApi):
    """Shipping."""

    @takes_key()
    @extend_schema(
        operation_id="vendor_order_ship",
        summary="Mark an order shipped",
        tags=TAGS,
        request=ParcelData,
        responses=STEP,
        examples=[examples.PARCEL, answer("The order", examples.SHIPPED)],
    )
    def post(self, request: Request, number: str) -> Response:
        """Record that an order was shipped, packed or not, and notify its buyer; the body may be empty."""
        return self._step(request, number)

    def _do(self, request: Request, shop: Shop, number: str, now: datetime) -> None:
        data = ParcelData(data=request.data)
        data.is_valid(raise_exception=True)
        ship_part(shop=shop, number=number, parcel=Parcel(**data.validated_data), now=now)


class DeliverApi(_StepApi):
    """Delivery."""

    @takes_key(in_transaction=False)  # a wrong code is counted, whatever becomes of the call
    @extend_schema(
        operation_id="vendor_order_deliver",
        summary="Mark an order delivered",
        tags=TAGS,
        request=DeliveryData,
        responses=DELIVERED,
        examples=[
            OpenApiExample("At a station", request_only=True, value={"code": "7KQF3XMA"}),
            answer("The order", {**examples.SHIPPED, "status": "delivered"}),
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        """Record that an order has arrived; the body may be empty, but not for a parcel that waits at a station.

        Such a parcel needs the pick-up code, which the buyer alone has. After five wrong ones an operator has to do it.
        """
        return self._step(request, number)

    def _do(self, request: Request, shop: Shop, number: str, now: datetime) -> None:
        deliver_part(shop=shop, number=number, code=checked(DeliveryData, request.data).get("code", ""), now=now)


class TrackingApi(StaffApi):
    """Tracking of a parcel that is on its way."""

    capabilities: ClassVar = {"PUT": FULFIL_ORDERS}

    @extend_schema(
        operation_id="vendor_order_tracking_set",
        summary="Add or correct the tracking of an order",
        tags=TAGS,
        request=ParcelData,
        parameters=[IF_MATCH],
        responses={**STEP, 412: CHANGED_MEANWHILE},
        examples=[examples.CORRECTED_PARCEL, answer("The order", examples.CORRECTED)],
    )
    def put(self, request: Request, number: str) -> Response:
        """Write carrier and tracking number of a shipped order, and notify its buyer of what has changed.

        A field that is left out becomes empty. Earlier values are kept in `corrections`. The `ETag` of an order is the
        version of its tracking.
        """
        shop, data = shop_of(request), ParcelData(data=request.data)
        data.is_valid(raise_exception=True)
        with telling_the_current(lambda: _whole(request, number)):
            change_tracking(
                shop=shop,
                number=number,
                parcel=Parcel(**data.validated_data),
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return order_answer(request, number)


class UndoApi(StaffApi):
    """Undo a step."""

    capabilities: ClassVar = {"POST": FULFIL_ORDERS}

    @takes_key()
    @extend_schema(
        operation_id="vendor_order_undo",
        summary="Undo the last step of an order",
        tags=TAGS,
        request=UndoData,
        responses={200: VendorOrderDetailOutput, 400: INVALID, 404: examples.NO_ORDER, 409: examples.NOT_UNDOABLE},
        examples=[
            OpenApiExample("It is not packed", request_only=True, value={"step": "packed"}),
            answer("The order", examples.UNDONE),
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        """Take an order back from `packed` or `shipped` to its status before, and notify its buyer.

        `shipped` can be undone for 24 hours; the parcel's tracking is removed then. `delivered` stays.
        """
        shop, data = shop_of(request), UndoData(data=request.data)
        data.is_valid(raise_exception=True)
        undo_step(
            shop=shop,
            number=number,
            step=PartStatus(data.validated_data["step"]),
            actor_id=signed_in_user(request).pk,
            now=timezone.now(),
        )
        return order_answer(request, number)


class CancelApi(StaffApi):
    """Cancel units of a paid order."""

    capabilities: ClassVar = {"POST": CANCEL_ORDERS}

    @takes_key()
    @extend_schema(
        operation_id="vendor_order_cancel",
        summary="Cancel units that you can't send",
        tags=TAGS,
        request=ShopCancelInput,
        responses={
            200: VendorOrderDetailOutput,
            400: INVALID,
            **refusals(
                NotFoundError, AlreadySentError, OrderNotCancellableError, UnitsNotLeftError, RefundTooLargeError
            ),
        },
        examples=[examples.CANCEL, answer("The order", examples.CANCELLED)],
    )
    def post(self, request: Request, number: str) -> Response:
        """Cancel units of a paid order before it is sent: the buyer is refunded, and gets a letter with the reason.

        With `lines`, these units; without, all that is left: then the order is cancelled. They are on sale again
        unless `restocks` is false.
        """
        shop, asked = shop_of(request), checked(ShopCancelInput, request.data)
        part = get_sub_order(shop_id=shop.pk, number=number)
        units = choose_units([part], sub_order=number, lines=chosen_lines(asked))
        by = Actor(ReversedBy.SHOP, signed_in_user(request).pk)
        wish = Cancellation(part.order_id, units, by, asked["reason"], restocks=asked["restocks"])
        cancel_units(wish, now=timezone.now())
        return order_answer(request, number)


class ReleaseApi(StaffApi):
    """Release the stock reserved for an unpaid order."""

    capabilities: ClassVar = {"POST": CANCEL_ORDERS}

    @takes_key(in_transaction=False)
    @without_body
    @extend_schema(
        operation_id="vendor_order_release",
        summary="Release an unpaid order",
        tags=TAGS,
        responses=RELEASE,
        examples=[answer("The order", {**examples.ORDER, "status": "expired"})],
    )
    def post(self, request: Request, number: str) -> Response:
        """Release the stock that is reserved for an unpaid order.

        If the buyer pays later, the items that are still in stock are sent, and the rest is refunded.
        """
        shop = shop_of(request)
        release_part(shop=shop, number=number, actor_id=request.user.pk or 0, now=timezone.now())
        return order_answer(request, number)


def order_answer(request: Request, number: str) -> Response:
    """Return the answer of a call that has changed an order: the order as it is now."""
    order = get_vendor_order(shop=shop_of(request), number=number)
    return Response(_shown(request, order), headers={"ETag": entity_tag(tracking_version(order))})


def _whole(request: Request, number: str) -> object:
    return _shown(request, get_vendor_order(shop=shop_of(request), number=number))


def _shown(request: Request, order: VendorOrder) -> object:
    shop = shop_of(request)
    part = get_shop_part(shop_id=shop.pk, number=order.number)
    context = {
        "part": part,
        "may_see_balance": can(role_of(request), VIEW_BALANCE),
        "corrections": corrections_of(shop_id=shop.pk, number=order.number),
        "staff": _staff(request),
        "refunds": refunds_of_part(shop_id=shop.pk, number=order.number) if part.has_refunds else [],
        "returns": returns_of_part(shop_id=shop.pk, number=order.number)
        if any(parcel.delivered_at for parcel in order.sent_parcels)
        else [],
    }
    return VendorOrderDetailOutput(order, context=context).data


def _staff(request: Request) -> Staff:
    return Staff(shop_of(request), role_of(request))
