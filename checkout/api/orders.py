"""Checkout and orders over the API."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from checkout.api.addresses import address_by_id, address_needed
from checkout.api.bodies import placed_order_body
from checkout.api.examples import (
    AT_STATION,
    CART_TOKEN,
    CHECKOUT,
    CHECKOUT_REFUSALS,
    IDEMPOTENCY_KEY,
    ORDER,
    ORDER_KEY,
    ORDER_KEY_HEADER,
    PAY_REFUSALS,
    PLACED,
    READ_REFUSALS,
    REPLAYED,
)
from checkout.api.filters import OrdersQuery, wanted_orders
from checkout.cart.identity import cart_of, guest_cart, guest_owner
from checkout.messaging.selectors import new_to_buyer
from checkout.models import Order
from checkout.orders.payments import open_payment_urls
from checkout.orders.refunds import refunds_of_orders
from checkout.orders.selectors import get_order, orders_of_buyer
from checkout.payments.start_payment import start_payment
from checkout.placing.check_out import check_out
from checkout.placing.request import Address, Buyer, OrderRequest
from checkout.pricing.choices import Choices
from checkout.pricing.coupons.facts import clean_codes
from checkout.returning.selectors import returns_of_orders
from checkout.returning.windows import returnable_lines_of
from checkout.serializers.orders import CheckoutInput, OrderFeedOutput, OrderOutput, PlacedOrderOutput
from checkout.stations.pickup_codes import codes_to_tell
from kit.api.bodies import without_body
from kit.api.envelope import located
from kit.api.idempotent import KEY_HEADER, LONGEST_KEY, REPLAYED_HEADER, takes_key
from kit.api.lists import feed_body, feed_place
from kit.api.refusals import answer
from kit.api.validation import checked
from kit.db.keyset import read_slice
from kit.web.callers import network_of
from kit.web.headers import header_of

TAGS = ["Orders"]


class CheckoutApi(APIView):
    """Order the cart."""

    permission_classes = (AllowAny,)
    throttle_scope = "checkout"

    @extend_schema(
        operation_id="order_place",
        summary="Order what the cart holds",
        tags=["Checkout"],
        parameters=[IDEMPOTENCY_KEY, CART_TOKEN, REPLAYED],
        request=CheckoutInput,
        responses={201: PlacedOrderOutput, **CHECKOUT_REFUSALS},
        examples=[CHECKOUT, AT_STATION, answer("An order that waits for its payment", PLACED, status=201)],
    )
    def post(self, request: Request) -> Response:
        """Place one order over all shops in the cart and return the address of its payment page.

        An order is paid in one currency. Of a cart that holds several, `currency` says which part is ordered; the rest
        stays in the cart. Without it such a cart is refused with `mixed_currencies`; `errors.currencies` names them.

        Of what a basket holds in a currency one order is placed, however many requests ask for it at once: the others
        are refused with `basket_ordered`, and `errors.order` is that order's number.

        Every code in `coupons` has to count, and so have the cart's own coupons where `expected_total_minor` does not
        say that their buyer saw the total without them: else nothing is ordered (409, `coupon_refused`), and
        `errors.refused` has each code with its reason.

        Where the payment provider doesn't take the payment, nothing is ordered (422, `payment_refused`). Where it
        doesn't answer, the order is kept with an empty `payment_url`: ask for one with `POST /orders/{number}/pay/`.

        An order with nothing to pay is `paid` at once, with an empty `payment_url`.

        It goes to `shipping_address`, or to an address of the caller's address book (`address_id`); so with the bill.

        With `return_url`, the buyer goes back there after paying or giving up, also at a second try; `order` in its
        query is the order's number. Read the order to learn whether it is paid.
        """
        asked = checked(CheckoutInput, request.data)
        cart, _ = cart_of(request)
        bought = check_out(
            cart=cart,
            request=_order_request(request, asked, cart.checkout_scope),
            network=network_of(request),
            now=timezone.now(),
        )
        headers = located(f"{_orders_path()}{bought.order.number}/")
        if bought.is_replayed:
            headers[REPLAYED_HEADER] = "true"
        return Response(placed_order_body(bought), status=201, headers=headers)


class OrdersApi(APIView):
    """A person's orders."""

    query_class = OrdersQuery

    @extend_schema(
        operation_id="orders_list",
        summary="List your orders",
        tags=TAGS,
        responses={200: OrderFeedOutput},
        examples=[answer("An order that waits for its payment", {"next": None, "previous": None, "results": [ORDER]})],
    )
    def get(self, request: Request) -> Response:
        """Return your orders, newest first."""
        orders = orders_of_buyer(user_id=request.user.pk or 0, wanted=wanted_orders(request))
        found = read_slice(orders, **feed_place(request))
        results = OrderOutput(found.rows, many=True, context=_context(found.rows)).data
        return Response(feed_body(request, found, results=results))


def order_holder(request: Request) -> str:
    """Return the key of an order that a guest has sent, or else the owner of the cart that it was placed of."""
    return header_of(request, ORDER_KEY_HEADER) or guest_owner(request)


class OneOrderApi(APIView):
    """A call about an order of the caller's: their account's, or a guest's by its key or cart."""

    permission_classes = (AllowAny,)

    def order_of(self, request: Request, number: str) -> Order:
        """Return the caller's order.

        Raises:
            NotFoundError: there is none, or it is another buyer's.
        """
        key = header_of(request, ORDER_KEY_HEADER)
        cart = guest_cart(request)
        scope = cart.checkout_scope if cart else ""
        return get_order(number=number, user_id=request.user.pk, access_key=key, checkout_scope=scope)


class OrderApi(OneOrderApi):
    """One order."""

    @extend_schema(
        operation_id="order_read",
        summary="Read an order",
        tags=TAGS,
        parameters=[ORDER_KEY, CART_TOKEN],
        responses={200: OrderOutput, **READ_REFUSALS},
        examples=[answer("An order that waits for its payment", ORDER)],
    )
    def get(self, request: Request, number: str) -> Response:
        """Return one of your orders, or a guest's by its key."""
        return Response(render_order(self.order_of(request, number)))


class OrderPayApi(OneOrderApi):
    """Paying, or trying to pay again."""

    throttle_scope = "checkout"

    @takes_key(in_transaction=False, guest=order_holder)
    @without_body
    @extend_schema(
        operation_id="order_pay",
        summary="Get a page to pay an order at",
        tags=TAGS,
        parameters=[ORDER_KEY, CART_TOKEN],
        responses={200: OrderOutput, **PAY_REFUSALS},
        examples=[answer("The order with its page", ORDER)],
    )
    def post(self, request: Request, number: str) -> Response:
        """Return a page to pay at: the open one, or a new one after a failed attempt."""
        order = self.order_of(request, number)
        start_payment(order_id=order.pk, now=timezone.now())
        return Response(render_order(order))


@cache
def _orders_path() -> str:
    """Return the address of orders; reversing one for each order costs 26 µs."""
    return reverse("api-orders", urlconf=settings.PUBLIC_SCHEMA_URLCONF)


def _order_request(request: Request, asked: dict[str, Any], scope: str) -> OrderRequest:
    key = header_of(request, KEY_HEADER).strip()
    if not key or len(key) > LONGEST_KEY:
        raise ValidationError(
            {
                KEY_HEADER: [
                    (
                        gettext("Send this header: 1 to %(max_key)s characters, new for each order.")
                        % {"max_key": LONGEST_KEY}
                    )
                ]
            }
        )
    email = asked["email"] or getattr(request.user, "email", "")
    if not email:
        raise ValidationError(
            {"email": [gettext("Guests give an e-mail address for the receipt.")]}, code="needed_from_guests"
        )
    shipping = needed_address(request, asked)
    return OrderRequest(
        buyer=Buyer(email=email, user_id=request.user.pk),
        shipping_address=shipping,
        billing_address=_address(request, asked, "billing_address", "billing_address_id") or shipping,
        scope=scope,
        request_key=key,
        expected_total_minor=asked.get("expected_total_minor"),
        currency=asked.get("currency") or "",
        return_url=asked["return_url"],
        choices=Choices(delivery=asked.get("delivery", {}), coupons=clean_codes(asked.get("coupons", ()))),
        vat_number=asked.get("vat_number", ""),
        texts=frozenset(asked.get("texts", ())),
    )


def needed_address(request: Request, asked: dict[str, Any]) -> Address:
    """Return the delivery address as it was sent, or by its id in the caller's address book.

    Raises:
        ValidationError: neither was sent, both were, or there is no such one in the book.
    """
    shipping = _address(request, asked, "shipping_address", "address_id")
    if shipping is None:
        raise address_needed()
    return shipping


def _address(request: Request, asked: dict[str, Any], field: str, id_field: str) -> Address | None:
    """Return an address as it was sent, or by its id in the caller's address book; None where neither was sent."""
    sent = asked.get(field)
    if asked.get(id_field) is None and sent:
        return Address(**sent)
    return address_by_id(request, asked, field=field, id_field=id_field)


def render_order(order: Order) -> dict[str, Any]:
    """Return an order as it is now, with its open payment page."""
    fresh = Order.objects.prefetch_related("sub_orders__shop").get(pk=order.pk)
    return OrderOutput(fresh, context=_context([fresh])).data


def _context(orders: Sequence[Order]) -> dict[str, Any]:
    parts = [part for order in orders for part in order.sub_orders.all()]
    return {
        "payment_urls": open_payment_urls([order.pk for order in orders]),
        "refunds": refunds_of_orders([order.pk for order in orders]),
        "returns": returns_of_orders([order.pk for order in orders]),
        "unread_messages": new_to_buyer([part.pk for part in parts]),
        "pickup_codes": codes_to_tell(parts),
        "returnable": returnable_lines_of(parts, now=timezone.now()),
    }
