"""Access of a browser to orders: its user's, and those whose access key it has sent; the buyer of a request."""

from django.http import HttpRequest
from rest_framework.request import Request

from checkout.models import Order
from checkout.orders.selectors import get_order
from checkout.pricing.coupons.facts import NOBODY, CouponBuyerKey

SESSION_KEY = "guest_orders"
REMEMBERED = 20


def remember_order(request: HttpRequest, order: Order) -> None:
    """Keep a guest's key to an order in the session."""
    known = dict(request.session.get(SESSION_KEY, {}))
    known[order.number] = order.access_key
    request.session[SESSION_KEY] = dict(list(known.items())[-REMEMBERED:])


def coupon_buyer_of(request: HttpRequest | Request) -> CouponBuyerKey:
    """Return the buyer by whom uses of coupons are counted; a guest is known at checkout only."""
    user = request.user
    return CouponBuyerKey(user.pk, user.email) if user.is_authenticated else NOBODY


def order_for(request: HttpRequest, number: str) -> Order:
    """Return an order that this browser may see.

    Raises:
        NotFoundError: the order does not exist, or this browser may not see it.
    """
    key = request.GET.get("key") or request.session.get(SESSION_KEY, {}).get(number, "")
    user_id = request.user.pk if request.user.is_authenticated else None
    order = get_order(number=number, user_id=user_id, access_key=key)
    if request.GET.get("key") and (user_id is None or order.buyer_id != user_id):
        remember_order(request, order)
    return order
