"""Another delivery address of a paid order over the API."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from checkout.api.examples import ADDRESS, CART_TOKEN, DETAILS, ORDER, ORDER_KEY
from checkout.api.orders import TAGS, OneOrderApi, needed_address, order_holder, render_order
from checkout.errors import AddressNotChangeableError, AlreadyPackedError, OtherChargesError
from checkout.models import ReversedBy
from checkout.readdressing.change_address import AddressChange, change_address
from checkout.serializers.addressing import ChangeAddressInput
from checkout.serializers.orders import OrderOutput
from kit.api.idempotent import takes_key
from kit.api.refusals import answer, refusals
from kit.api.validation import checked
from kit.errors import NotFoundError

REFUSALS = refusals(NotFoundError, AddressNotChangeableError, AlreadyPackedError, OtherChargesError, details=DETAILS)
PAID = {**ORDER, "status": "paid", "payment_url": "", "paid_at": "2025-11-20T13:06:10.000Z"}


class OrderAddressApi(OneOrderApi):
    """Another delivery address of a paid order."""

    @takes_key(guest=order_holder)
    @extend_schema(
        operation_id="order_address_change",
        summary="Have a paid order delivered elsewhere",
        tags=TAGS,
        parameters=[ORDER_KEY, CART_TOKEN],
        request=ChangeAddressInput,
        responses={200: OrderOutput, **REFUSALS},
        examples=[
            OpenApiExample("Another house", request_only=True, value={"shipping_address": ADDRESS}),
            answer("The order", PAID),
        ],
    )
    def post(self, request: Request, number: str) -> Response:
        """Change the delivery address of a paid order, or of one shop's part of it, before it is packed.

        The new place has to have the same method of delivery at the same fee, and the same tax: else nothing is changed
        (409, `other_charges`); cancel the items then, and order them again. What is packed or sent stays as it is (409,
        `already_packed`). `errors.sub_orders` names the parts. Buyer and shops get a letter.
        """
        order, asked = self.order_of(request, number), checked(ChangeAddressInput, request.data)
        wish = AddressChange(
            order.pk, needed_address(request, asked), ReversedBy.BUYER, request.user.pk, asked["sub_order"]
        )
        change_address(wish, now=timezone.now())
        return Response(render_order(self.order_of(request, number)))
