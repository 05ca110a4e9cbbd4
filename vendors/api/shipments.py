"""Parcels of an order, over the API."""

from collections import Counter
from typing import ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.capabilities import FULFIL_ORDERS, VIEW_ORDERS
from checkout.errors import PickupCodeLockedError, PickupCodeNeededError, UnitsNotLeftError, WrongPickupCodeError
from checkout.fulfilling.change_tracking import change_tracking
from checkout.fulfilling.deliver_parcels import deliver_parcel
from checkout.fulfilling.parts import find_parcel
from checkout.fulfilling.send_parcel import send_parcel
from checkout.fulfilling.undo_step import undo_parcel
from checkout.fulfilment.errors import OneParcelOnlyError, UndoTooLateError, WrongStepError
from checkout.fulfilment.parcels import SentParcel
from checkout.fulfilment.selectors import get_vendor_order, parcel_version
from checkout.fulfilment.services import Parcel
from checkout.orders.shop_orders import get_sub_order
from checkout.serializers.shipments import ShipmentOutput
from kit.api.bodies import without_body
from kit.api.envelope import located
from kit.api.idempotent import takes_key
from kit.api.openapi import INVALID
from kit.api.refusals import CHANGED_MEANWHILE, answer, refusal, refusals
from kit.api.validation import checked
from kit.errors import NotFoundError
from kit.web.versions import IF_MATCH, entity_tag, sent_tags, telling_the_current
from vendors.access import StaffApi, shop_of
from vendors.api import examples
from vendors.serializers.orders import DeliveryData, NewShipmentData, ShipmentChange

TAGS = ["Orders"]
NAMES = ("carrier", "tracking_number", "tracking_url")
NO_SHIPMENT = refusal("The shop has no such order, or the order no such parcel.", NotFoundError)
WRONG_STEP = refusal("The parcel is not on its way; nothing is changed.", WrongStepError, details=examples.STATE)
SENDING = refusals(
    NotFoundError, WrongStepError, UnitsNotLeftError, OneParcelOnlyError, details={WrongStepError: examples.STATE}
)
ARRIVING = refusal(
    "The parcel is not on its way, or its code is missing or wrong; it is not delivered.",
    WrongStepError,
    PickupCodeNeededError,
    WrongPickupCodeError,
    PickupCodeLockedError,
)
TAKING_BACK = refusal(
    "The parcel has arrived, or was shipped too long ago; nothing is changed.", WrongStepError, UndoTooLateError
)


class ShipmentListApi(StaffApi):
    """All of an order's parcels."""

    capabilities: ClassVar = {"GET": VIEW_ORDERS, "POST": FULFIL_ORDERS}

    @extend_schema(
        operation_id="shipments_list",
        summary="List the parcels of an order",
        tags=TAGS,
        responses={200: ShipmentOutput(many=True), 404: examples.NO_ORDER},
        examples=[answer("One parcel", [examples.SHIPMENT])],
    )
    def get(self, request: Request, number: str) -> Response:
        """Return the parcels in which an order has left so far, with what is in each."""
        return Response(ShipmentOutput(_parcels(request, number), many=True).data)

    @takes_key()
    @extend_schema(
        operation_id="shipment_create",
        summary="Send a parcel with all or some of an order",
        tags=TAGS,
        request=NewShipmentData,
        responses={201: ShipmentOutput, 400: INVALID, **SENDING},
        examples=[examples.SOME_LINES, answer("The parcel", examples.SHIPMENT, status=201)],
    )
    def post(self, request: Request, number: str) -> Response:
        """Record that a parcel has left, and notify the buyer of what is in it.

        With `lines`, these units; without, all that is left to send. With the last unit the order is `shipped`; until
        then its status stays, and what is left can be sent or cancelled. An order for a pick-up station leaves in one
        parcel (409, `one_parcel_only`).
        """
        asked = checked(NewShipmentData, request.data)
        lines = asked.get("lines")
        units: Counter[UUID] | None = None if lines is None else Counter()
        for line in lines or ():
            units[line["line_id"]] += line["quantity"]  # type: ignore[index] # there are lines
        parcel = Parcel(**{name: asked.get(name, "") for name in NAMES})
        sent = send_parcel(shop=shop_of(request), number=number, parcel=parcel, lines=units, now=timezone.now())
        headers = {**located(f"{request.path}{sent.number}/"), "ETag": entity_tag(parcel_version(sent))}
        return Response(ShipmentOutput(sent).data, status=201, headers=headers)


class ShipmentApi(StaffApi):
    """One parcel."""

    capabilities: ClassVar = {"GET": VIEW_ORDERS, "PATCH": FULFIL_ORDERS}

    @extend_schema(
        operation_id="shipment_read",
        summary="Read a parcel",
        tags=TAGS,
        responses={200: ShipmentOutput, 404: NO_SHIPMENT},
        examples=[answer("The parcel", examples.SHIPMENT)],
    )
    def get(self, request: Request, number: str, shipment_id: int) -> Response:
        """Return a parcel with what is in it."""
        return _answer(request, number, shipment_id)

    @takes_key()
    @extend_schema(
        operation_id="shipment_update",
        summary="Add or correct the tracking of a parcel",
        tags=TAGS,
        request=ShipmentChange,
        parameters=[IF_MATCH],
        responses={200: ShipmentOutput, 400: INVALID, 404: NO_SHIPMENT, 409: WRONG_STEP, 412: CHANGED_MEANWHILE},
        examples=[examples.CORRECTED_PARCEL, answer("The parcel", examples.SHIPMENT)],
    )
    def patch(self, request: Request, number: str, shipment_id: int) -> Response:
        """Write carrier, number or link of a parcel that is on its way, and notify its buyer of what has changed.

        What is left out stays. Earlier values are kept in `corrections` of the order.
        """
        asked = checked(ShipmentChange, request.data)
        part = get_sub_order(shop_id=shop_of(request).pk, number=number)
        before = find_parcel(part.sent_parcels, shipment_id)
        with telling_the_current(lambda: ShipmentOutput(find_parcel(_parcels(request, number), shipment_id)).data):
            change_tracking(
                shop=shop_of(request),
                number=number,
                shipment=shipment_id,
                parcel=Parcel(**{name: asked.get(name, getattr(before, name)) for name in NAMES}),
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return _answer(request, number, shipment_id)


class ShipmentDeliverApi(StaffApi):
    """Arrival of a parcel."""

    capabilities: ClassVar = {"POST": FULFIL_ORDERS}

    @takes_key(in_transaction=False)  # a wrong code is counted, whatever becomes of the call
    @extend_schema(
        operation_id="shipment_deliver",
        summary="Mark a parcel delivered",
        tags=TAGS,
        request=DeliveryData,
        responses={200: ShipmentOutput, 400: INVALID, 404: NO_SHIPMENT, 409: ARRIVING},
        examples=[
            OpenApiExample("At a station", request_only=True, value={"code": "7KQF3XMA"}),
            answer("The parcel", examples.ARRIVED),
        ],
    )
    def post(self, request: Request, number: str, shipment_id: int) -> Response:
        """Record that a parcel has arrived, and notify its buyer; with the last one the order is `delivered`."""
        code = checked(DeliveryData, request.data).get("code", "")
        deliver_parcel(shop=shop_of(request), number=number, parcel=shipment_id, code=code, now=timezone.now())
        return _answer(request, number, shipment_id)


class ShipmentUndoApi(StaffApi):
    """A parcel that has not left after all."""

    capabilities: ClassVar = {"POST": FULFIL_ORDERS}

    @takes_key()
    @without_body
    @extend_schema(
        operation_id="shipment_undo",
        summary="Take back a parcel that has not left",
        tags=TAGS,
        responses={200: ShipmentOutput(many=True), 404: NO_SHIPMENT, 409: TAKING_BACK},
        examples=[answer("No parcel is left", [])],
    )
    def post(self, request: Request, number: str, shipment_id: int) -> Response:
        """Take back a parcel within 24 hours, and notify its buyer; its units are to be sent again.

        The answer is the parcels that are left.
        """
        undo_parcel(
            shop=shop_of(request),
            number=number,
            parcel=shipment_id,
            actor_id=signed_in_user(request).pk,
            now=timezone.now(),
        )
        return Response(ShipmentOutput(_parcels(request, number), many=True).data)


def _parcels(request: Request, number: str) -> list[SentParcel]:
    return get_vendor_order(shop=shop_of(request), number=number).sent_parcels


def _answer(request: Request, number: str, shipment_id: int) -> Response:
    parcel = find_parcel(_parcels(request, number), shipment_id)
    return Response(ShipmentOutput(parcel).data, headers={"ETag": entity_tag(parcel_version(parcel))})
