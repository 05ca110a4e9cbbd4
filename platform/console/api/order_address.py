"""Another delivery address of a buyer's order over the operators' API."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.api.examples import ADDRESS
from checkout.errors import AddressNotChangeableError, AlreadyPackedError, OtherChargesError
from checkout.orders.operations import get_any_order
from checkout.placing.request import Address
from checkout.serializers.addressing import OperatorChangeAddressInput
from console.access import OperatorApi
from console.api import examples
from console.api.money import TAGS
from console.api.money_outputs import OperatorOrderDetailOutput
from console.services.order_addresses import change_address_of_order
from kit.api.idempotent import takes_key
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals, sent
from kit.api.validation import checked
from kit.errors import NotFoundError


class OperatorOrderAddressApi(OperatorApi):
    """Another delivery address of a paid order."""

    @takes_key()
    @extend_schema(
        operation_id="operator_order_address_change",
        summary="Have a paid order delivered elsewhere",
        tags=TAGS,
        request=OperatorChangeAddressInput,
        responses={
            200: OperatorOrderDetailOutput,
            400: INVALID,
            **refusals(NotFoundError, AddressNotChangeableError, AlreadyPackedError, OtherChargesError),
        },
        examples=[
            sent("Another house", {"shipping_address": ADDRESS, "reason": "The buyer asked for it by phone."}),
            answer("The order", examples.ORDER_DETAIL),
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        """Change the delivery address of a paid order, or of one part of it, before it is packed.

        Buyer and shops get a letter, the reason is kept. A place with another fee or tax is refused (409,
        `other_charges`).
        """
        order, asked = get_any_order(number=number), checked(OperatorChangeAddressInput, request.data)
        change_address_of_order(
            order_id=order.pk,
            number=order.number,
            address=Address(**asked["shipping_address"]),
            sub_order=asked["sub_order"],
            actor_id=signed_in_user(request).pk,
            reason=asked["reason"],
            now=timezone.now(),
        )
        return Response(OperatorOrderDetailOutput(get_any_order(number=number)).data)
