"""Steps of a part of an order that operators take for its shop, over the operators' API."""

from collections import Counter
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.errors import UnitsNotLeftError
from checkout.fulfilling.parts import find_parcel
from checkout.fulfilment.errors import OneParcelOnlyError, UndoTooLateError, WrongStepError
from checkout.fulfilment.services import Parcel
from checkout.fulfilment.status import PartStatus
from checkout.moves.table import UNDOABLE
from checkout.orders.operations import get_any_order
from checkout.serializers.shipments import ParcelInput, ShipmentLineInput
from console.access import OperatorApi
from console.api import examples
from console.api.categories import ReasonInput
from console.api.money import TAGS
from console.api.money_outputs import OperatorOrderDetailOutput
from console.services.part_moves import (
    StepForShop,
    change_tracking_for_shop,
    deliver_for_shop,
    pack_for_shop,
    send_for_shop,
    undo_for_shop,
)
from kit.api.idempotent import takes_key
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals, sent
from kit.api.validation import checked
from kit.errors import NotFoundError

WHY = {"reason": "The shop has told us by phone."}
TRACKING = {"carrier": "GIG Logistics", "tracking_number": "GIG-204511"}
NAMES = ("carrier", "tracking_number", "tracking_url")
DONE = answer("The order", examples.ORDER_DETAIL)
OUTCOMES = {200: OperatorOrderDetailOutput, 400: INVALID, **refusals(NotFoundError, WrongStepError)}


class OperatorShipmentInput(ReasonInput, ParcelInput):
    """A parcel that has left, what is in it, and why an operator says so."""

    lines = serializers.ListField(
        child=ShipmentLineInput(),
        required=False,
        allow_null=True,
        allow_empty=False,
        max_length=100,
        help_text="Left out: all that is left to send.",
    )


class OperatorTrackingInput(ReasonInput, ParcelInput):
    """Changes of the tracking of a parcel, and why; fields that are left out stay."""


class OperatorUndoInput(ReasonInput):
    """The step to undo: the status as you saw it, and why."""

    step = serializers.ChoiceField(choices=sorted(step.value for step in UNDOABLE))


class OperatorPackApi(OperatorApi):
    """Packing."""

    @takes_key()
    @extend_schema(
        operation_id="operator_part_pack",
        summary="Mark a part packed for its shop",
        tags=TAGS,
        request=ReasonInput,
        responses=OUTCOMES,
        examples=[sent("The shop has told", WHY), DONE],
    )
    def post(self, request: Request, number: str, part: str) -> Response:
        """Record that a part is packed; the buyer is told, the reason is kept in the audit log."""
        pack_for_shop(_step(request, number, part, checked(ReasonInput, request.data)["reason"]))
        return _answer(number)


class OperatorShipmentsApi(OperatorApi):
    """Parcels."""

    @takes_key()
    @extend_schema(
        operation_id="operator_shipment_create",
        summary="Send a parcel for a shop",
        tags=TAGS,
        request=OperatorShipmentInput,
        responses={
            200: OperatorOrderDetailOutput,
            400: INVALID,
            **refusals(NotFoundError, WrongStepError, UnitsNotLeftError, OneParcelOnlyError),
        },
        examples=[sent("All that is left", {**WHY, **TRACKING}), DONE],
    )
    def post(self, request: Request, number: str, part: str) -> Response:
        """Record that a parcel has left, with all that is left of a part or with `lines`; the buyer is told."""
        asked = checked(OperatorShipmentInput, request.data)
        units: Counter[UUID] = Counter()
        for line in asked.get("lines") or ():
            units[line["line_id"]] += line["quantity"]
        parcel = Parcel(**{name: asked.get(name, "") for name in NAMES})
        send_for_shop(_step(request, number, part, asked["reason"]), parcel=parcel, lines=units or None)
        return _answer(number)


class OperatorShipmentApi(OperatorApi):
    """Tracking of a parcel."""

    @takes_key()
    @extend_schema(
        operation_id="operator_shipment_update",
        summary="Change the tracking of a parcel for a shop",
        tags=TAGS,
        request=OperatorTrackingInput,
        responses=OUTCOMES,
        examples=[sent("The right number", {**WHY, **TRACKING}), DONE],
    )
    def patch(self, request: Request, number: str, part: str, shipment_id: int) -> Response:
        """Write carrier, number or link of a parcel that is on its way; what is left out stays. The buyer is told."""
        asked = checked(OperatorTrackingInput, request.data)
        found = get_any_order(number=number).sub_orders.filter(number=part).first()
        if found is None:
            raise NotFoundError
        before = find_parcel(found.sent_parcels, shipment_id)
        parcel = Parcel(**{name: asked.get(name, getattr(before, name)) for name in NAMES})
        step = _step(request, number, part, asked["reason"])
        change_tracking_for_shop(step, parcel=parcel, shipment=shipment_id)
        return _answer(number)


class OperatorShipmentDeliverApi(OperatorApi):
    """Arrival of a parcel."""

    @takes_key()
    @extend_schema(
        operation_id="operator_shipment_deliver",
        summary="Mark a parcel delivered for a shop",
        tags=TAGS,
        request=ReasonInput,
        responses=OUTCOMES,
        examples=[sent("The carrier has told", {"reason": "The carrier's list says so."}), DONE],
    )
    def post(self, request: Request, number: str, part: str, shipment_id: int) -> Response:
        """Record that a parcel has arrived, without a pick-up code; the buyer is told."""
        reason = checked(ReasonInput, request.data)["reason"]
        deliver_for_shop(_step(request, number, part, reason), parcel=shipment_id)
        return _answer(number)


class OperatorUndoApi(OperatorApi):
    """Undo a step."""

    @takes_key()
    @extend_schema(
        operation_id="operator_part_undo",
        summary="Undo the last step of a part for its shop",
        tags=TAGS,
        request=OperatorUndoInput,
        responses={
            200: OperatorOrderDetailOutput,
            400: INVALID,
            **refusals(NotFoundError, WrongStepError, UndoTooLateError),
        },
        examples=[sent("It has not left", {**WHY, "step": "shipped"}), DONE],
    )
    def post(self, request: Request, number: str, part: str) -> Response:
        """Take a part back from `packed`, or from `shipped` within 24 hours, as its shop can; the buyer is told."""
        asked = checked(OperatorUndoInput, request.data)
        undo_for_shop(_step(request, number, part, asked["reason"]), status=PartStatus(asked["step"]))
        return _answer(number)


class OperatorShipmentUndoApi(OperatorApi):
    """A parcel that has not left after all."""

    @takes_key()
    @extend_schema(
        operation_id="operator_shipment_undo",
        summary="Take back a parcel for a shop",
        tags=TAGS,
        request=ReasonInput,
        responses={
            200: OperatorOrderDetailOutput,
            400: INVALID,
            **refusals(NotFoundError, WrongStepError, UndoTooLateError),
        },
        examples=[sent("It has not left", WHY), DONE],
    )
    def post(self, request: Request, number: str, part: str, shipment_id: int) -> Response:
        """Take back a parcel within 24 hours; its units are to be sent again, and the buyer is told."""
        reason = checked(ReasonInput, request.data)["reason"]
        undo_for_shop(_step(request, number, part, reason), parcel=shipment_id)
        return _answer(number)


def _step(request: Request, number: str, part: str, reason: str) -> StepForShop:
    return StepForShop(number, part, signed_in_user(request).pk, reason, timezone.now())


def _answer(number: str) -> Response:
    return Response(OperatorOrderDetailOutput(get_any_order(number=number)).data)
