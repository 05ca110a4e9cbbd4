"""Coupons of a cart: put in, taken out, or only tried."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from checkout.cart import store
from checkout.cart.store import CartId
from checkout.errors import CouponRefusedError
from checkout.models.coupons import LONGEST_CODE
from checkout.pricing.basis import Address
from checkout.pricing.choices import Choices
from checkout.pricing.coupons.facts import CouponBuyerKey, clean_code
from checkout.pricing.coupons.outcomes import CouponOutcome
from checkout.pricing.coupons.reasons import CouponRefusal, Reason
from checkout.pricing.quote import Quote
from checkout.pricing.reading import read_quote


@dataclass(frozen=True, slots=True)
class Tried:
    """A cart as it would be with a coupon, and the coupon's outcome."""

    quote: Quote
    outcome: CouponOutcome


def quote_cart(
    cart: CartId,
    *,
    buyer: CouponBuyerKey,
    now: datetime,
    code: str = "",
    codes: Collection[str] = (),
    address: Address | None = None,
    delivery: Mapping[str, str] | None = None,
) -> Quote:
    """Quote a cart with its coupons.

    Args:
        buyer: by whom uses of coupons are counted, as far as that is known.
        code: one more coupon.
        codes: instead of the cart's own, where there are some.
        address: the destination, as far as it is known.
        delivery: the delivery methods that were chosen, by the shop's slug.
    """
    basket = store.read_basket(cart)
    counted = tuple(sorted({*(codes or basket.codes), code} - {""}))
    choices = Choices(delivery=delivery or {}, coupons=counted)
    return read_quote(basket.lines, now=now, address=address, choices=choices, buyer=buyer)


def try_coupon(*, cart: CartId, code: str, buyer: CouponBuyerKey, now: datetime) -> Tried:
    """Return a cart as it would be with one more coupon; nothing is changed."""
    cleaned = clean_code(code)
    quoted = quote_cart(cart, buyer=buyer, now=now, code=cleaned)
    unknown = CouponOutcome(cleaned or _printable(code), refusal=CouponRefusal(Reason.UNKNOWN))
    return Tried(quoted, next((each for each in quoted.coupon_outcomes if each.code == cleaned), unknown))


def add_coupon(*, cart: CartId, code: str, buyer: CouponBuyerKey, now: datetime) -> Tried:
    """Put a coupon in a cart; one that does not count yet is kept, where more in the basket may make it count.

    Raises:
        CouponRefusedError: it does not count, whatever is put in; details have the reason.
        TooManyCodesError: the cart has as many coupons as it can hold.
    """
    tried = try_coupon(cart=cart, code=code, buyer=buyer, now=now)
    outcome = tried.outcome
    if not outcome.may_apply_later:
        refused = ({"code": outcome.code, "reason": outcome.reason},)
        raise CouponRefusedError(outcome.message, details={"code": [outcome.message], "refused": refused})
    store.add_code(cart, outcome.code)
    return tried


def remove_coupon(*, cart: CartId, code: str) -> None:
    """Take a coupon out of a cart; one that is not in it is left alone."""
    store.remove_codes(cart, [clean_code(code)])


def _printable(entered: str) -> str:
    """Return the visible characters of what was entered and can't be a code, to name it in the refusal."""
    return "".join(filter(str.isprintable, entered[:LONGEST_CODE]))
