"""The cart over the API."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from checkout.access import coupon_buyer_of
from checkout.api.addresses import address_by_id, address_needed
from checkout.api.bodies import cart_body
from checkout.api.examples import (
    ADD_REFUSALS,
    CART,
    CART_TOKEN,
    CHANGE_REFUSALS,
    DESTINATION,
    EMPTY_CART,
    ITEM,
    LINES,
    NEW_CART_TOKEN,
    QUANTITY,
    SET_REFUSALS,
)
from checkout.cart.change_cart import Changed, add_to_cart, empty_cart, remove_from_cart, set_quantity
from checkout.cart.change_coupons import quote_cart
from checkout.cart.identity import cart_of, guest_owner, is_new_visitor, remember
from checkout.cart.set_lines import set_lines
from checkout.cart.shown_changes import Change, keep_shown
from checkout.cart.store import CartId
from checkout.pricing.basis import Address
from checkout.pricing.choices import Choices
from checkout.pricing.coupons.facts import clean_codes
from checkout.pricing.delivery.places import Destination
from checkout.pricing.quote import Quote
from checkout.pricing.reading import read_quote
from checkout.serializers.carts import (
    CartItemInput,
    CartLinesInput,
    CartOutput,
    CartQuantityInput,
    CartQuery,
    QuoteInput,
)
from kit.api.bodies import takes_list
from kit.api.idempotent import takes_key
from kit.api.input import query_of
from kit.api.refusals import answer
from kit.api.validation import checked, checked_list

TAGS = ["Cart"]
TOKENS = [CART_TOKEN, NEW_CART_TOKEN]


class _CartApi(APIView):
    permission_classes = (AllowAny,)

    def _answer(self, request: Request, cart: CartId, token: str | None) -> Response:
        return _cart_answer(quote_cart(cart, buyer=coupon_buyer_of(request), now=timezone.now()), token)


class CartApi(_CartApi):
    """The whole cart, or what it holds in one currency."""

    query_class = CartQuery

    @extend_schema(
        operation_id="cart_read",
        summary="Read the cart",
        tags=TAGS,
        parameters=TOKENS,
        responses={200: CartOutput},
        examples=[answer("A cart", CART)],
    )
    def get(self, request: Request) -> Response:
        """Return the cart at today's prices, saying what changed since things were put in."""
        cart, token = cart_of(request)
        quoted = quote_cart(cart, buyer=coupon_buyer_of(request), now=timezone.now())
        changes = keep_shown(cart, quoted) if quoted.lines else []
        currency = query_of(request).get("currency")
        return _cart_answer(quoted.only(currency) if currency else quoted, token, changes=changes)

    @extend_schema(
        operation_id="cart_empty",
        summary="Empty the cart",
        tags=TAGS,
        parameters=TOKENS,
        responses={200: CartOutput},
        examples=[answer("An empty cart", EMPTY_CART)],
    )
    def delete(self, request: Request) -> Response:
        """Take everything out, of all shops and currencies; orders that were placed of it stay."""
        cart, token = cart_of(request)
        empty_cart(cart=cart)
        return self._answer(request, cart, token)


class CartQuoteApi(_CartApi):
    """The charge of a checkout."""

    @extend_schema(
        operation_id="cart_quote",
        summary="Quote a checkout of the cart",
        tags=TAGS,
        parameters=TOKENS,
        request=QuoteInput,
        responses={200: CartOutput},
        examples=[DESTINATION, answer("A cart", CART)],
    )
    def post(self, request: Request) -> Response:
        """Return the cart at the prices that a checkout with this destination and these choices charges.

        Each group has its `delivery`: the methods for this destination, and the one that is charged. Lines of a shop
        that doesn't deliver there have the problem `not_delivered` and are not part of the totals; a checkout with the
        total that is quoted as `expected_total_minor` orders the rest. Nothing is stored.
        """
        asked = checked(QuoteInput, request.data)
        cart, token = cart_of(request)
        quoted = quote_cart(
            cart,
            buyer=coupon_buyer_of(request),
            now=timezone.now(),
            address=_destination(request, asked),
            delivery=asked.get("delivery", {}),
            codes=clean_codes(asked.get("coupons", ())),
        )
        currency = asked.get("currency")
        return _cart_answer(quoted.only(currency) if currency else quoted, token)


class CartItemsApi(_CartApi):
    """Putting things in, and setting how many of them there are."""

    @takes_key(in_transaction=False, guest=guest_owner)
    @extend_schema(
        operation_id="cart_add",
        summary="Put a variant in the cart",
        tags=TAGS,
        parameters=TOKENS,
        request=CartItemInput,
        responses={201: CartOutput, **ADD_REFUSALS},
        examples=[ITEM, answer("The cart", CART, status=201)],
    )
    def post(self, request: Request) -> Response:
        """Put a variant in the cart, or more of it."""
        asked = checked(CartItemInput, request.data)
        (cart, token), now = cart_of(request), timezone.now()
        added = add_to_cart(
            cart=cart,
            variant_id=asked["variant_id"],
            quantity=asked["quantity"],
            now=now,
            is_new=is_new_visitor(request),
        )
        answered = _cart_answer(_quote(request, added), token, status=201)
        answered["Location"] = f"{request.path}{asked['variant_id']}/"
        return answered

    @takes_list
    @extend_schema(
        operation_id="cart_items_set",
        summary="Set several quantities in the cart",
        tags=TAGS,
        parameters=TOKENS,
        request=CartLinesInput,
        responses={200: CartOutput, **SET_REFUSALS},
        examples=[LINES, answer("The cart", CART)],
    )
    def put(self, request: Request) -> Response:
        """Set the quantities of variants of any shops, all of them or none: 0 takes one out, and others stay."""
        asked = checked_list(CartLinesInput, request.data)
        cart, token = cart_of(request)
        quantities = {each["variant_id"]: each["quantity"] for each in asked}
        changed = set_lines(cart=cart, quantities=quantities, now=timezone.now(), is_new=is_new_visitor(request))
        return _cart_answer(_quote(request, changed), token)


class CartItemApi(_CartApi):
    """One line."""

    @extend_schema(
        operation_id="cart_update",
        summary="Set a quantity in the cart",
        tags=TAGS,
        parameters=TOKENS,
        request=CartQuantityInput,
        responses={200: CartOutput, **CHANGE_REFUSALS},
        examples=[QUANTITY, answer("The cart", CART)],
    )
    def patch(self, request: Request, variant_id: UUID) -> Response:
        """Set the quantity of a variant in the cart."""
        asked = checked(CartQuantityInput, request.data)
        cart, token = cart_of(request)
        set_quantity(cart=cart, variant_id=variant_id, quantity=asked["quantity"], now=timezone.now())
        return self._answer(request, cart, token)

    @extend_schema(
        operation_id="cart_remove",
        summary="Take a variant out of the cart",
        tags=TAGS,
        parameters=TOKENS,
        responses={200: CartOutput},
        examples=[answer("The cart", CART)],
    )
    def delete(self, request: Request, variant_id: UUID) -> Response:
        """Take a variant out."""
        cart, token = cart_of(request)
        remove_from_cart(cart=cart, variant_id=variant_id)
        return self._answer(request, cart, token)


def _quote(request: Request, changed: Changed) -> Quote:
    """Quote a cart that was changed, with its coupons."""
    return read_quote(
        changed.lines,
        now=timezone.now(),
        seen=changed.seen,
        choices=Choices(coupons=changed.codes),
        buyer=coupon_buyer_of(request),
    )


def _cart_answer(cart: Quote, token: str | None, *, status: int = 200, changes: Sequence[Change] = ()) -> Response:
    response = Response(cart_body(cart, changes), status=status)
    remember(response, token)
    return response


def _destination(request: Request, asked: dict[str, Any]) -> Address:
    """Return the place that a quote is for: as it was sent, or of the caller's address book."""
    if saved := address_by_id(request, asked, field="shipping_address", id_field="address_id"):
        return saved
    sent = asked.get("shipping_address")
    if not sent:
        raise address_needed()
    return Destination(sent["country"], sent["state"] or sent["subdivision"], sent["city"])
