"""Ordering again over the API."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from checkout.access import coupon_buyer_of
from checkout.api.bodies import cart_body
from checkout.api.examples import (
    AMOUNTS,
    CART,
    CART_TOKEN,
    DETAILS,
    NEW_CART_TOKEN,
    ORDER_KEY,
    OTHER_VARIANT,
    SHOP,
    VARIANT,
)
from checkout.api.orders import TAGS, OneOrderApi, order_holder
from checkout.cart.change_coupons import quote_cart
from checkout.cart.identity import cart_of, is_new_visitor, remember
from checkout.cart.reordering import reorder
from checkout.errors import CartLinesRefusedError, TooManyLinesError, WaitingRoomDownError
from checkout.serializers.reordering import ReorderedLineOutput, ReorderOutput
from kit.api.bodies import without_body
from kit.api.idempotent import takes_key
from kit.api.refusals import answer, refusals
from kit.errors import NotFoundError

LINE = {
    "variant_id": VARIANT,
    "product_id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d11",
    "sku": "TOTE-INDIGO",
    "title": "Hand-woven aso-oke tote",
    "options": {"Colour": "Indigo"},
    "shop": SHOP,
    "ordered_quantity": 2,
    "quantity": 2,
    "currency": AMOUNTS["currency"],
    "price_minor": 1_850_000,
    "old_price_minor": 1_700_000,
    "problem": None,
    "message": "Now ₦18,500, was ₦17,000.",
}
GONE = {
    **LINE,
    "variant_id": OTHER_VARIANT,
    "sku": "POT-BRASS",
    "title": "Brass pot",
    "options": {},
    "quantity": 0,
    "price_minor": None,
    "old_price_minor": None,
    "problem": "gone",
    "message": "No longer for sale.",
}


class OrderReorderApi(OneOrderApi):
    """Putting an earlier order into the cart again."""

    @takes_key(in_transaction=False, guest=order_holder)
    @without_body
    @extend_schema(
        operation_id="order_reorder",
        summary="Order again",
        tags=TAGS,
        parameters=[ORDER_KEY, CART_TOKEN, NEW_CART_TOKEN],
        responses={
            200: ReorderOutput,
            **refusals(NotFoundError, TooManyLinesError, CartLinesRefusedError, WaitingRoomDownError, details=DETAILS),
        },
        examples=[answer("One line is dearer, one is gone", {"lines": [LINE, GONE], "cart": CART})],
    )
    def post(self, request: Request, number: str) -> Response:
        """Put the units of an order that can be had today into the cart, at today's prices.

        Each line says how many of it the cart holds now, and what is different from then. Lines that the cart held
        already keep their quantity where it is the larger one: a second call adds nothing.
        """
        order, (cart, token), now = self.order_of(request, number), cart_of(request), timezone.now()
        lines = reorder(order=order, cart=cart, now=now, is_new=is_new_visitor(request))
        quoted = quote_cart(cart, buyer=coupon_buyer_of(request), now=now)
        response = Response({"lines": ReorderedLineOutput(lines, many=True).data, "cart": cart_body(quoted)})
        remember(response, token)
        return response
