"""Parcels at pick-up stations that are handed out without the buyer's code, over the operators' API."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.fulfilment.errors import WrongStepError
from checkout.orders.operations import get_any_order
from console.access import OperatorApi
from console.api import examples
from console.api.categories import ReasonInput
from console.api.money import TAGS
from console.api.money_outputs import OperatorOrderDetailOutput
from console.services.orders import deliver_part_of_order
from kit.api.idempotent import takes_key
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals, sent
from kit.api.validation import checked
from kit.errors import NotFoundError


class OperatorPartDeliverApi(OperatorApi):
    """A parcel at a station."""

    @takes_key()
    @extend_schema(
        operation_id="operator_part_deliver",
        summary="Mark a parcel delivered without its pick-up code",
        tags=TAGS,
        request=ReasonInput,
        responses={200: OperatorOrderDetailOutput, 400: INVALID, **refusals(NotFoundError, WrongStepError)},
        examples=[
            sent("The code was lost", {"reason": "The buyer showed a passport."}),
            answer("The order", examples.ORDER_DETAIL),
        ],
    )
    def post(self, request: Request, number: str, part: str) -> Response:
        """Mark a part of an order delivered whose parcel was handed out at a station without the buyer's code.

        Codes are lost, and too many wrong ones lock them. The reason is kept in the audit log; the buyer is told. A
        part that is not on its way is refused (409).
        """
        asked = checked(ReasonInput, request.data)
        deliver_part_of_order(
            number=number,
            part=part,
            actor_id=signed_in_user(request).pk,
            reason=asked["reason"],
            now=timezone.now(),
        )
        return Response(OperatorOrderDetailOutput(get_any_order(number=number)).data)
