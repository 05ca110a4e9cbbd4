"""Checking out: the order is placed, then the provider is asked for a page to pay at."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext
from redis.exceptions import RedisError

from checkout.cart import store
from checkout.cart.parts import CurrencyPart
from checkout.cart.shown_changes import changes_since_shown
from checkout.cart.store import CartId
from checkout.errors import (
    BasketOrderedError,
    NotLetInError,
    OrderNotPayableError,
    PaymentError,
    PaymentRefusedError,
    PriceChangedError,
)
from checkout.models import Order, PaymentStatus
from checkout.orders.payments import latest_payment
from checkout.orders.reservations import shorten_reservation
from checkout.payments.start_payment import open_first_page, start_payment
from checkout.placing.claims import OrderClaim
from checkout.placing.place_order import place_order
from checkout.placing.placed import PlacedOrder, earlier_order
from checkout.placing.request import OrderRequest
from checkout.placing.undo_order import undo_order
from checkout.placing.unpaid_limits import UnpaidLimits
from checkout.pricing.coupons.facts import CouponBuyerKey
from checkout.pricing.reading import read_quote
from checkout.waiting_room.open_rooms import open_by_load
from checkout.waiting_room.queue import check_let_in
from kit.errors import BusyError, DomainError
from kit.text.sentences import as_sentence
from kit.work import idempotency

MOST_TOLD = 5  # changes in the text of a refusal; its details have all
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CheckoutResult:
    """A placed order, and where to pay for it.

    Args:
        payment_url: empty while the provider does not answer, and where there is nothing to pay.
        is_replayed: whether an earlier request had placed it; this one has changed nothing.
    """

    placed: PlacedOrder
    payment_url: str
    is_replayed: bool = False

    @property
    def order(self) -> Order:
        """Return the order."""
        return self.placed.order


def check_out(*, cart: CartId, request: OrderRequest, now: datetime, network: str = "") -> CheckoutResult:
    """Place an order for a cart's lines in one currency, remove them from the cart, and open a payment.

    The order is committed before the provider is asked. If the provider does not answer, the order is kept for a
    shorter time, and the buyer can pay from its page. One with nothing to pay is confirmed without a provider. An order
    placed by an earlier request is returned even if it has expired.

    Args:
        network: of the caller, to count what is reserved from there and not paid; empty where it is not known.

    Raises:
        MixedCurrenciesError: the cart holds several currencies, and the request says none.
        NotLetInError: something is sold through a waiting room, and it is not the buyer's turn.
        TooMuchUnpaidError: the buyer, or others of the network, have too much reserved without paying.
        PaymentRefusedError: the provider would never take the payment; the order is undone, the basket as it was.
        the refusals of `place_order`.
    """
    request = request.cleaned()
    limits = UnpaidLimits(cart, request, network, now)
    part = limits.read_basket()
    try:
        _check_let_in(cart, request, part, now)
        placed = place_order(
            lines=part.lines,
            request=request,
            now=now,
            basket_id=part.id,
            currency=part.currency,
            codes=part.codes,
        )
    except DomainError as refusal:
        _undo(cart, part, limits, refusal)
        if isinstance(refusal, PriceChangedError):
            raise _named(refusal, cart, part, request, now) from refusal
        if isinstance(refusal, BusyError):
            open_by_load(variant_ids=[line.variant_id for line in part.lines], now=now)
        raise
    is_replayed = placed.is_earlier
    if is_replayed:
        limits.forget(part)
        _take_out_again(cart, placed)
    else:
        _take_out(limits, placed, part)
    try:
        url = _payment_url(placed, now)
    except PaymentRefusedError as refusal:
        if undo_order(order=placed.order, claim=OrderClaim(request, part.lines, part.id), now=now):
            limits.forget(part)
            _put_back(cart, part, placed)
        raise _never_payable(refusal) from refusal
    return CheckoutResult(placed, url, is_replayed)


def _named(
    refusal: PriceChangedError, cart: CartId, part: CurrencyPart, request: OrderRequest, now: datetime
) -> PriceChangedError:
    """Return the refusal with what has changed since the buyer last looked at the cart, line by line."""
    claim = OrderClaim(request, part.lines, codes=part.codes)
    buyer = CouponBuyerKey(request.buyer.user_id, request.buyer.email)
    address = request.shipping_address
    quoted = read_quote(part.lines, now=now, address=address, choices=claim.choices, buyer=buyer)
    changes = changes_since_shown(cart, quoted)
    told = " ".join(change.message for change in changes[:MOST_TOLD])
    message = gettext("This has changed since you looked. %(changes)s Check the new total and order again.")
    amounts = {"total_minor": quoted.amounts.total_minor, "currency": quoted.amounts.currency}
    return PriceChangedError(
        message % {"changes": told} if told else refusal.message,
        details={**amounts, "changes": tuple(change.as_body() for change in changes)},
    )


def _check_let_in(cart: CartId, request: OrderRequest, part: CurrencyPart, now: datetime) -> None:
    """Check that it is the buyer's turn, unless the request has placed its order before."""
    try:
        check_let_in(owner=cart.owner, variant_ids=[line.variant_id for line in part.lines], now=now)
    except NotLetInError:
        if idempotency.find(request.idempotency_key) is None:
            raise


def _undo(cart: CartId, part: CurrencyPart, limits: UnpaidLimits, refusal: DomainError) -> None:
    """Stop counting a refused request; remove the goods of an earlier order from its basket."""
    limits.forget(part)
    if isinstance(refusal, BasketOrderedError) and refusal.details["order"]:
        _take_out_again(cart, earlier_order(refusal.details["order"], basket_id=part.id))


def _take_out(limits: UnpaidLimits, placed: PlacedOrder, part: CurrencyPart) -> None:
    """Remove an order's lines from its basket; a failure does not affect the order.

    Lines that remain are removed by the next request to order the basket, which places no second order.
    """
    try:
        limits.take_ordered(placed, part)
        store.remove_codes(limits.cart, placed.codes)
    except RedisError as error:
        logger.warning("The goods of order %s are still in its buyer's basket: %s", placed.order.number, error)


def _take_out_again(cart: CartId, earlier: PlacedOrder) -> None:
    """Take the goods of an order that was placed before out of its basket, where they are still in it."""
    if earlier.basket_id:
        store.take_ordered(cart, basket_id=earlier.basket_id, ordered=earlier.quantities)


def _put_back(cart: CartId, part: CurrencyPart, placed: PlacedOrder) -> None:
    """Put the goods of an order that was undone into the basket again."""
    ordered = placed.quantities
    for code in placed.codes & set(part.codes):
        store.add_code(cart, code)
    for line in part.lines:
        if quantity := ordered.get(str(line.variant_id)):
            store.add_line(cart, replace(line, quantity=quantity), at_most=store.MAX_QUANTITY)


def _never_payable(refusal: PaymentRefusedError) -> PaymentRefusedError:
    reason = str(refusal.__cause__)
    message = gettext(
        "The payment service doesn't take this payment, so nothing was ordered and your basket is as it was. It says: "
        "“%(reason)s” Correct what it names, such as your e-mail address, and order again."
    ) % {"reason": as_sentence(reason)}
    return PaymentRefusedError(message, details={"reason": reason})


def _payment_url(placed: PlacedOrder, now: datetime) -> str:
    order = placed.order
    try:
        if placed.payment is not None:
            return open_first_page(payment=placed.payment, order=order, now=now).payment_url
        if order.total_minor and _has_unanswered_attempt(order):
            return start_payment(order_id=order.pk, now=now).payment_url
    except (PaymentError, OrderNotPayableError) as error:
        if placed.payment is not None and isinstance(error, PaymentRefusedError):
            raise
        logger.warning("Order %s has no payment page yet: %s", order.number, error)
        if placed.payment is not None:
            shorten_reservation(order)
    return ""


def _has_unanswered_attempt(order: Order) -> bool:
    """Return whether a repeated request may continue the order's payment; a failed one is left unchanged."""
    payment = latest_payment(order_id=order.pk)
    return payment is not None and payment.status in {PaymentStatus.CREATED, PaymentStatus.OPEN}
