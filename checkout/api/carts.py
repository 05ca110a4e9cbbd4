"""The cart over the API."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from checkout.api.bodies import cart_body
from checkout.cart import store
from checkout.cart.change_cart import add_to_cart, remove_from_cart, set_quantity
from checkout.cart.identity import HEADER, cart_of, is_new_visitor, remember
from checkout.cart.store import CartId
from checkout.pricing.quote import Quote
from checkout.pricing.reading import read_quote
from checkout.serializers import CartItemInput, CartOutput, CartQuantityInput, CartQuery
from kit.api.envelope import ErrorEnvelope
from kit.api.input import query_of
from kit.api.validation import checked

CART_TOKEN = OpenApiParameter(
    HEADER, str, OpenApiParameter.HEADER, description="A guest's cart; the first answer returns it."
)


class _CartApi(APIView):
    permission_classes = (AllowAny,)

    def _answer(self, cart: CartId, token: str | None) -> Response:
        return _cart_answer(read_quote(store.read_lines(cart), now=timezone.now()), token)


class CartApi(_CartApi):
    """The whole cart, or what it holds in one currency."""

    query_class = CartQuery

    @extend_schema(operation_id="cart_read", parameters=[CART_TOKEN], responses={200: CartOutput})
    def get(self, request: Request) -> Response:
        """Return the cart at today's prices, saying what changed since things were put in."""
        cart, token = cart_of(request)
        quoted = read_quote(store.read_lines(cart), now=timezone.now())
        currency = query_of(request).get("currency")
        return _cart_answer(quoted.only(currency) if currency else quoted, token)


class CartItemsApi(_CartApi):
    """Putting things in."""

    @extend_schema(
        operation_id="cart_add",
        parameters=[CART_TOKEN],
        request=CartItemInput,
        responses={201: CartOutput, 400: ErrorEnvelope, 404: ErrorEnvelope, 409: ErrorEnvelope},
    )
    def post(self, request: Request) -> Response:
        """Put a variant in the cart, or more of it."""
        asked = checked(CartItemInput, request.data)
        cart, token = cart_of(request)
        added = add_to_cart(
            cart=cart, variant_id=asked["variant"], quantity=asked["quantity"], is_new=is_new_visitor(request)
        )
        return _cart_answer(read_quote(added.lines, now=timezone.now(), seen=added.seen), token, status=201)


class CartItemApi(_CartApi):
    """One line."""

    @extend_schema(
        operation_id="cart_change",
        parameters=[CART_TOKEN],
        request=CartQuantityInput,
        responses={200: CartOutput, 404: ErrorEnvelope, 409: ErrorEnvelope},
    )
    def patch(self, request: Request, variant: UUID) -> Response:
        """Set the quantity of a variant in the cart."""
        asked = checked(CartQuantityInput, request.data)
        cart, token = cart_of(request)
        set_quantity(cart=cart, variant_id=variant, quantity=asked["quantity"])
        return self._answer(cart, token)

    @extend_schema(operation_id="cart_remove", parameters=[CART_TOKEN], responses={200: CartOutput})
    def delete(self, request: Request, variant: UUID) -> Response:
        """Take a variant out."""
        cart, token = cart_of(request)
        remove_from_cart(cart=cart, variant_id=variant)
        return self._answer(cart, token)


def _cart_answer(cart: Quote, token: str | None, *, status: int = 200) -> Response:
    response = Response(cart_body(cart), status=status)
    remember(response, token)
    return response
