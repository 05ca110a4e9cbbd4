"""Checking out: the order is placed, then the provider is asked for a page to pay at."""

import logging
from dataclasses import dataclass
from datetime import datetime

from redis.exceptions import RedisError

from checkout.cart import store
from checkout.cart.store import CartId
from checkout.errors import BasketOrderedError, OrderNotPayableError, PaymentError
from checkout.models import Order, PaymentStatus
from checkout.orders.payments import latest_payment
from checkout.payments.start_payment import open_first_page, start_payment
from checkout.placing.place_order import place_order
from checkout.placing.placed import PlacedOrder, PlacedPart, earlier_order
from checkout.placing.request import OrderRequest

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bought:
    """An order, its parts, and where to pay for it.

    Args:
        payment_url: empty while the provider does not answer.
        is_replayed: whether an earlier request had placed it; this one has changed nothing.
    """

    order: Order
    parts: tuple[PlacedPart, ...]
    payment_url: str
    is_replayed: bool = False


def check_out(*, cart: CartId, request: OrderRequest, now: datetime) -> Bought:
    """Place an order for a cart, take what was ordered out of the cart, and open a payment.

    The order is committed before the provider is asked. Where the provider does not answer the order
    stands, and the buyer can pay from its page. An order that an earlier request has placed is returned
    even where its time is over.

    Raises:
        the refusals of `place_order`.
    """
    basket = store.read_basket(cart)
    try:
        placed = place_order(lines=basket.lines, request=request, now=now, basket_id=basket.id)
    except BasketOrderedError as refusal:
        if number := refusal.details["order"]:
            _take_out(cart, earlier_order(number, basket_id=basket.id))
        raise
    _take_out(cart, placed)
    return Bought(placed.order, placed.parts, _payment_url(placed, now), is_replayed=placed.payment is None)


def _take_out(cart: CartId, placed: PlacedOrder) -> None:
    """Take an order's goods out of its basket, unless that was done.

    The order stands whatever becomes of this. Goods that stay behind are taken out by the next request that asks for an
    order of the basket; it places none.
    """
    if not placed.basket_id:
        return
    try:
        store.take_ordered(cart, basket_id=placed.basket_id, ordered=placed.quantities)
    except RedisError as error:
        logger.warning("The goods of order %s are still in its buyer's basket: %s", placed.order.number, error)


def _payment_url(placed: PlacedOrder, now: datetime) -> str:
    order = placed.order
    try:
        if placed.payment is not None:
            return open_first_page(payment=placed.payment, order=order, now=now).payment_url
        if _has_unanswered_attempt(order):
            return start_payment(order_id=order.pk, now=now).payment_url
    except (PaymentError, OrderNotPayableError) as error:
        logger.warning("Order %s stands without a payment page yet: %s", order.number, error)
    return ""


def _has_unanswered_attempt(order: Order) -> bool:
    """Say whether a repeated request may go on with the order's payment; one that has failed it leaves alone."""
    payment = latest_payment(order_id=order.pk)
    return payment is not None and payment.status in {PaymentStatus.CREATED, PaymentStatus.OPEN}
