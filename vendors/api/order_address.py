"""Another delivery address of the shop's part of an order, over the API."""

from typing import ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.api.examples import ADDRESS
from checkout.capabilities import FULFIL_ORDERS
from checkout.errors import AddressNotChangeableError, AlreadyPackedError, OtherChargesError
from checkout.models import ReversedBy
from checkout.orders.shop_orders import get_sub_order
from checkout.placing.request import Address
from checkout.readdressing.change_address import AddressChange, change_address
from checkout.serializers.addressing import ShopChangeAddressInput
from kit.api.idempotent import takes_key
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals, sent
from kit.api.validation import checked
from kit.errors import NotFoundError
from vendors.access import StaffApi, shop_of
from vendors.api import examples
from vendors.api.orders import TAGS, order_answer
from vendors.serializers.orders import VendorOrderDetailOutput


class OrderAddressApi(StaffApi):
    """Another delivery address of an order."""

    capabilities: ClassVar = {"POST": FULFIL_ORDERS}

    @takes_key()
    @extend_schema(
        operation_id="vendor_order_address_change",
        summary="Have an order delivered elsewhere",
        tags=TAGS,
        request=ShopChangeAddressInput,
        responses={
            200: VendorOrderDetailOutput,
            400: INVALID,
            **refusals(NotFoundError, AddressNotChangeableError, AlreadyPackedError, OtherChargesError),
        },
        examples=[sent("Another house", {"shipping_address": ADDRESS}), answer("The order", examples.ORDER)],
    )
    def post(self, request: Request, number: str) -> Response:
        """Change the delivery address of a paid order before it is packed; the buyer gets a letter.

        The new place has to have the same method of delivery at the same fee, and the same tax: else nothing is changed
        (409, `other_charges`).
        """
        shop, asked = shop_of(request), checked(ShopChangeAddressInput, request.data)
        part = get_sub_order(shop_id=shop.pk, number=number)
        wish = AddressChange(
            part.order_id,
            Address(**asked["shipping_address"]),
            ReversedBy.SHOP,
            signed_in_user(request).pk,
            sub_order=number,
        )
        change_address(wish, now=timezone.now())
        return order_answer(request, number)
