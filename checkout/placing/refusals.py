"""Refusals of a checkout that name every line at fault."""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalogue.services.reservations import ReservedLine
from checkout.coupons.claiming import refuse_coupons
from checkout.errors import (
    ChargeOutOfLimitsError,
    DeliveryMethodGoneError,
    DeliveryNotPricedError,
    EmptyCartError,
    InsufficientStockError,
    MixedCurrenciesError,
    NotDeliveredError,
    PriceChangedError,
)
from checkout.placing.request import OrderRequest
from checkout.pricing.amounts import Amounts
from checkout.pricing.coupons.reasons import Reason
from checkout.pricing.lines import CartLine
from checkout.pricing.quote import Quote
from gateway import get_provider, provider_for
from kit.money import format_minor
from tenants.shops.selectors import shops_by_slug

TOO_LITTLE = gettext_noop("We can take payments from %(amount)s. Put more in your basket.")
TOO_LITTLE_LOWERED = gettext_noop(
    "After discounts, less than %(amount)s is left to pay, which is too little for a payment. Add something to your "
    "basket, or remove a coupon."
)


def refuse_unavailable(lines: Sequence[CartLine], available: Mapping[UUID, int]) -> NoReturn:
    """Refuse for want of stock.

    Args:
        lines: what the buyer wants.
        available: what there is of each variant that falls short.

    Raises:
        InsufficientStockError: always; details list variant, wanted and available.
    """
    raise InsufficientStockError(
        details=[
            {
                "variant_id": str(line.variant_id),
                "wanted": line.quantity,
                "available": max(available[line.variant_id], 0),
            }
            for line in lines
            if line.variant_id in available
        ]
    )


def refuse_mixed(quote: Quote) -> NoReturn:
    """Refuse to order several currencies at once.

    Raises:
        MixedCurrenciesError: always; details name the currencies, and the total of each.
    """
    currencies = [total.currency for total in quote.totals]
    names = ", ".join(currencies)
    message = _("Your basket holds prices in different currencies: %(currencies)s. Order each of them on its own.")
    raise MixedCurrenciesError(
        message % {"currencies": names},
        details={
            "currency": [_("Send one of these: %(currencies)s.") % {"currencies": names}],
            "currencies": tuple(currencies),
            "totals": [{"currency": total.currency, "total_minor": total.total_minor} for total in quote.totals],
        },
    )


def refuse_unfit(quote: Quote, request: OrderRequest, *, currency: str = "") -> None:
    """Refuse a request that can be refused before anything is written or locked.

    Args:
        currency: that the whole has to be in, where the lines are a basket's part.

    Raises:
        EmptyCartError, MixedCurrenciesError, InsufficientStockError, PriceChangedError: as `place_order`.
        NotDeliveredError, DeliveryMethodGoneError: as `_refuse_undelivered` and `_refuse_unknown_shops`.
        ChargeOutOfLimitsError: as `refuse_unpayable`.
        CouponRefusedError: as `refuse_unexpected_coupons`.
    """
    counted = quote.counted
    _refuse_undelivered(quote, request)
    if not counted:
        raise _nothing_of(request.currency) if request.currency else EmptyCartError
    if quote.is_mixed or currency not in {"", quote.amounts.currency}:
        refuse_mixed(quote)
    short = {line.line.variant_id: line.offer.available for line in counted if line.problem and line.offer}
    if short:
        refuse_unavailable([line.line for line in counted], short)
    amounts = quote.amounts
    refuse_unexpected_coupons(quote, request)
    refuse_unpayable(amounts)
    if request.expected_total_minor is not None and request.expected_total_minor != amounts.total_minor:
        raise PriceChangedError(details={"total_minor": amounts.total_minor, "currency": amounts.currency})
    _refuse_unknown_shops(quote, request)


def refuse_unexpected_coupons(quote: Quote, request: OrderRequest) -> None:
    """Refuse an order with a coupon that does not count, unless its buyer has seen the total without it.

    A code that the request names has to count. One of the basket does not where the buyer was shown the total without
    it, or where it is for other goods than those that are ordered.

    Raises:
        CouponRefusedError: details name the codes with their reasons.
    """
    left_out = [each for each in quote.coupon_outcomes if not each.counts]
    if not request.choices.coupons:
        left_out = [each for each in left_out if each.reason != Reason.NOT_IN_BASKET]
    is_known = not request.choices.coupons and request.expected_total_minor == quote.amounts.total_minor
    if left_out and not is_known:
        refuse_coupons(left_out)


def _refuse_undelivered(quote: Quote, request: OrderRequest) -> None:
    """Refuse an address that a shop doesn't deliver to, unless the buyer has seen the total of the rest.

    Raises:
        NotDeliveredError: details name the shops, and the total of the rest.
        DeliveryNotPricedError: the same, where a carrier does not tell the price.
        DeliveryMethodGoneError: a chosen method is not offered for its shop's part; details name the shops.
    """
    undelivered = quote.undelivered
    rest = quote.shown_amounts.total_minor if undelivered and quote.shown_amounts and quote.counted else 0
    if undelivered and (not rest or request.expected_total_minor != rest):
        shops = [shop.slug for shop in undelivered]
        if unpriced := [shop.name for shop in quote.unpriced]:
            message = _(
                "%(shops)s: the carrier can't give us a price for this delivery at present. Try again in a few "
                "minutes, or order the rest."
            )
            details = {"shops": shops, "total_minor": rest}
            raise DeliveryNotPricedError(message % {"shops": ", ".join(unpriced)}, details=details)
        names = ", ".join(shop.name for shop in undelivered)
        message = _("%(shops)s: no delivery to this address. Choose another one, or order the rest.")
        raise NotDeliveredError(message % {"shops": names}, details={"shops": shops, "total_minor": rest})
    if not request.choices.delivery:
        return
    if gone := [part.shop.slug for part in quote.parts if part.counted and part.delivery.is_choice_gone]:
        raise DeliveryMethodGoneError(details={"shops": gone})


def _refuse_unknown_shops(quote: Quote, request: OrderRequest) -> None:
    """Refuse a delivery method for a shop of which nothing is ordered, such as one whose slug is mistyped.

    Shops of another currency may be named: the rest of the basket is ordered on its own.

    Raises:
        DeliveryMethodGoneError: details name the shops.
    """
    strange = set(request.choices.delivery) - {part.shop.slug for part in quote.parts}
    if not strange:
        return
    elsewhere = {slug for slug, shop in shops_by_slug(strange).items() if shop.currency != quote.currency}
    if unknown := sorted(strange - elsewhere):
        message = _(
            "Your basket has nothing from these shops: %(shops)s. Choose delivery methods only for the shops in it."
        )
        raise DeliveryMethodGoneError(message % {"shops": ", ".join(unknown)}, details={"shops": unknown})


def _nothing_of(currency: str) -> EmptyCartError:
    message = _("Your basket has nothing in %(currency)s that can be bought. Put something in it first.")
    return EmptyCartError(message % {"currency": currency})


def refuse_unpayable(amounts: Amounts) -> None:
    """Refuse an order that its provider would never take a payment for, before anything is reserved.

    One with nothing to pay needs no provider.

    Raises:
        ChargeOutOfLimitsError: the total is too small or too large, or the currency is not taken.
    """
    total_minor, currency = amounts.total_minor, amounts.currency
    if total_minor == 0:
        return
    limits = get_provider(provider_for(currency=currency)).limits
    if currency not in limits.currencies:
        raise ChargeOutOfLimitsError(_("We can't take payments in %(currency)s yet.") % {"currency": currency})
    least, most = limits.minimum_minor(currency), limits.maximum_minor(currency)
    if total_minor < least:
        is_lowered = amounts.discount_minor or amounts.delivery_discount_minor
        raise ChargeOutOfLimitsError(
            (_(TOO_LITTLE_LOWERED) if is_lowered else _(TOO_LITTLE)) % {"amount": format_minor(least, currency)},
            details={"least_minor": least},
        )
    if most is not None and total_minor > most:
        amount = {"amount": format_minor(most, currency)}
        raise ChargeOutOfLimitsError(
            _("We can take payments up to %(amount)s. Take something out of your basket.") % amount,
            details={"most_minor": most},
        )


def refuse_unreserved(quote: Quote, found: Sequence[ReservedLine]) -> None:
    """Refuse an order of which something was not reserved: stock or price changed between reading and locking.

    Raises:
        InsufficientStockError: some lines are short.
        PriceChangedError: enough is there, at another price.
    """
    if all(line.is_reserved for line in found):
        return
    lines = [line.line for line in quote.counted]
    wanted = {line.variant_id: line.quantity for line in lines}
    short = {
        line.variant_id: (line.available or 0) if line.is_on_sale else 0
        for line in found
        if not line.is_on_sale or (line.available or 0) < wanted[line.variant_id]
    }
    if short:
        refuse_unavailable(lines, short)
    changed: list[dict[str, Any]] = [
        {"variant_id": str(line.variant_id), "unit_price_minor": line.price_minor}
        for line in found
        if not line.is_reserved
    ]
    raise PriceChangedError(details=changed)
