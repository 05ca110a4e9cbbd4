"""Checking out: the order is placed, then the provider is asked for a page to pay at."""

import logging
from datetime import datetime

from checkout import cart as store
from checkout.cart import CartId
from checkout.errors import OrderNotPayableError
from checkout.models import Order, OrderStatus
from checkout.services.payments.errors import PaymentError
from checkout.services.payments.start_payment import start_payment
from checkout.services.place_order import OrderRequest, place_order

logger = logging.getLogger(__name__)


def check_out(*, cart: CartId, request: OrderRequest, now: datetime) -> Order:
    """Place an order for a cart, take what was ordered out of the cart, and open a payment.

    The order is committed before the provider is asked. Where the provider does not answer the order
    stands, and the buyer can pay from its page. An order that an earlier request has placed is returned
    even where its time is over.

    Raises:
        the refusals of `place_order`.
    """
    lines = store.read_lines(cart)
    order = place_order(lines=lines, request=request, now=now)
    if order.status == OrderStatus.PENDING:
        ordered = {str(line["variant_id"]) for part in order.sub_orders.all() for line in part.lines}
        store.remove_lines(cart, [line.variant_id for line in lines if str(line.variant_id) in ordered])
        try:
            start_payment(order_id=order.pk, now=now)
        except (PaymentError, OrderNotPayableError) as error:
            logger.warning("Order %s stands without a payment page yet: %s", order.number, error)
    return order
