"""Choosing the part of a basket that is ordered: what it holds in one currency."""

from datetime import datetime

from checkout.cart.parts import Currencies, CurrencyPart
from checkout.cart.store import Basket
from checkout.models import Order
from checkout.placing.refusals import refuse_mixed
from checkout.placing.request import OrderRequest
from checkout.pricing.reading import read_quote
from kit.work import idempotency


def choose_part(basket: Basket, request: OrderRequest, *, now: datetime) -> CurrencyPart:
    """Return the part of a basket in the currency that a request names, or in the only one that it has.

    Raises:
        MixedCurrenciesError: items can be bought in several currencies, and the request names none.
        IdempotencyKeyReusedError: the request's key came with another request before.
    """
    found = Currencies.of(basket)
    only = request.currency or found.only
    return found.part(_only_buyable(basket, request, now) if only is None else only)


def _only_buyable(basket: Basket, request: OrderRequest, now: datetime) -> str:
    """Return the one currency that something can be bought in; of a repeated request, that of its order."""
    number = idempotency.find(request.idempotency_key)
    if number is not None:
        return Order.objects.get(number=number).currency
    quoted = read_quote(basket.lines, now=now, address=request.shipping_address, choices=request.choices)
    if quoted.is_mixed:
        refuse_mixed(quoted)
    return quoted.totals[0].currency
