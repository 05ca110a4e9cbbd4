"""Checking out: the order is placed, then the provider is asked for a page to pay at."""

import logging
from dataclasses import dataclass
from datetime import datetime

from checkout.cart import store
from checkout.cart.store import CartId
from checkout.errors import OrderNotPayableError, PaymentError
from checkout.models import Order, OrderStatus
from checkout.payments.start_payment import open_first_page, start_payment
from checkout.placing.place_order import place_order
from checkout.placing.placed import PlacedOrder, PlacedPart
from checkout.placing.request import OrderRequest

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bought:
    """An order, its parts, and where to pay for it; the address is empty while the provider does not answer."""

    order: Order
    parts: tuple[PlacedPart, ...]
    payment_url: str


def check_out(*, cart: CartId, request: OrderRequest, now: datetime) -> Bought:
    """Place an order for a cart, take what was ordered out of the cart, and open a payment.

    The order is committed before the provider is asked. Where the provider does not answer the order
    stands, and the buyer can pay from its page. An order that an earlier request has placed is returned
    even where its time is over.

    Raises:
        the refusals of `place_order`.
    """
    lines = store.read_lines(cart)
    placed = place_order(lines=lines, request=request, now=now)
    url = ""
    if placed.order.status == OrderStatus.PENDING:
        ordered = placed.variant_ids
        store.remove_lines(cart, [line.variant_id for line in lines if str(line.variant_id) in ordered])
        url = _payment_url(placed, now)
    return Bought(placed.order, placed.parts, url)


def _payment_url(placed: PlacedOrder, now: datetime) -> str:
    order = placed.order
    try:
        if placed.payment is not None:
            return open_first_page(payment=placed.payment, order=order, now=now).payment_url
        return start_payment(order_id=order.pk, now=now).payment_url
    except (PaymentError, OrderNotPayableError) as error:
        logger.warning("Order %s stands without a payment page yet: %s", order.number, error)
    return ""
