"""Coupons over the API: those of a cart, and those that are shown to everybody."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from checkout.access import coupon_buyer_of
from checkout.api.bodies import cart_body
from checkout.api.coupon_bodies import coupon_body, public_coupon_body
from checkout.api.coupon_outputs import CodeInput, CouponFeedOutput
from checkout.api.examples import CART, CART_TOKEN, NEW_CART_TOKEN, PUBLIC_COUPON, TRIED
from checkout.cart.change_coupons import add_coupon, quote_cart, remove_coupon, try_coupon
from checkout.cart.identity import cart_of, guest_owner, remember
from checkout.coupons.selectors import public_coupons
from checkout.errors import CouponRefusedError, TooManyCodesError
from checkout.serializers.carts import CartOutput, TriedCouponOutput
from kit.api.idempotent import takes_key
from kit.api.input import FeedQuery, query_of
from kit.api.lists import feed_body, feed_place
from kit.api.refusals import answer, refusals
from kit.api.validation import checked
from kit.db.keyset import read_slice
from kit.errors import DomainError

TAGS = ["Coupons"]
TOKENS = [CART_TOKEN, NEW_CART_TOKEN]
CODE = OpenApiExample("A code", request_only=True, value={"code": "kano10"})
REFUSED: dict[type[DomainError], Any] = {
    CouponRefusedError: {
        "code": ["We don't know the coupon KANO. Check its spelling, or try another one."],
        "refused": ({"code": "KANO", "reason": "unknown"},),
    }
}


class CouponsQuery(FeedQuery):
    """Filter of public coupons."""

    shop = serializers.SlugField(required=False, help_text="The slug of a shop: its coupons alone.")


class CouponListApi(APIView):
    """Coupons that are shown to everybody."""

    permission_classes = (AllowAny,)
    query_class = CouponsQuery

    @extend_schema(
        operation_id="coupons_list",
        summary="List public coupons",
        tags=TAGS,
        responses={200: CouponFeedOutput},
        examples=[answer("One", {"next": None, "previous": None, "results": [PUBLIC_COUPON]})],
    )
    def get(self, request: Request) -> Response:
        """Return the coupons that the market and its shops show to everybody and that count now, newest first."""
        found = read_slice(
            public_coupons(now=timezone.now(), shop_slug=query_of(request).get("shop", "")), **feed_place(request)
        )
        return Response(feed_body(request, found, results=[public_coupon_body(each) for each in found.rows]))


class CouponValidateApi(APIView):
    """Trying a coupon."""

    permission_classes = (AllowAny,)
    throttle_scope = "coupons"

    @takes_key(in_transaction=False, guest=guest_owner)
    @extend_schema(
        operation_id="coupon_check",
        summary="Try a coupon",
        tags=TAGS,
        parameters=[CART_TOKEN],
        request=CodeInput,
        responses={200: TriedCouponOutput},
        examples=[CODE, answer("It counts", TRIED)],
    )
    def post(self, request: Request) -> Response:
        """Return the saving that a coupon would give on the cart as it is, or the reason why not; nothing changes."""
        asked = checked(CodeInput, request.data)
        cart, _ = cart_of(request)
        tried = try_coupon(cart=cart, code=asked["code"], buyer=coupon_buyer_of(request), now=timezone.now())
        return Response(coupon_body(tried.outcome))


class CartCouponsApi(APIView):
    """Putting coupons in."""

    permission_classes = (AllowAny,)
    throttle_scope = "coupons"

    @takes_key(in_transaction=False, guest=guest_owner)
    @extend_schema(
        operation_id="cart_coupon_add",
        summary="Put a coupon in the cart",
        tags=["Cart"],
        parameters=TOKENS,
        request=CodeInput,
        responses={201: CartOutput, **refusals(CouponRefusedError, TooManyCodesError, details=REFUSED)},
        examples=[CODE, answer("The cart", CART, status=201)],
    )
    def post(self, request: Request) -> Response:
        """Put a coupon in the cart.

        One that the cart does not meet yet is kept, and `coupons` says what is missing. One that can't count, whatever
        is put in, is refused with `coupon_refused`; `errors.refused` has the reason.
        """
        asked = checked(CodeInput, request.data)
        cart, token = cart_of(request)
        tried = add_coupon(cart=cart, code=asked["code"], buyer=coupon_buyer_of(request), now=timezone.now())
        response = Response(cart_body(tried.quote), status=201)
        response["Location"] = reverse("api-cart-coupon", args=[tried.outcome.code])
        remember(response, token)
        return response


class CartCouponApi(APIView):
    """One coupon of the cart."""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="cart_coupon_remove",
        summary="Take a coupon out of the cart",
        tags=["Cart"],
        parameters=TOKENS,
        responses={200: CartOutput},
        examples=[answer("The cart", CART)],
    )
    def delete(self, request: Request, code: str) -> Response:
        """Take a coupon out; its code is taken in any case."""
        cart, token = cart_of(request)
        remove_coupon(cart=cart, code=code)
        response = Response(cart_body(quote_cart(cart, buyer=coupon_buyer_of(request), now=timezone.now())))
        remember(response, token)
        return response
