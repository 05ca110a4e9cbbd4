"""Changing a cart."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from catalogue.selectors.offers import Offer
from checkout.cart import store
from checkout.cart.look_up import look_up
from checkout.cart.store import MAX_QUANTITY, CartId
from checkout.errors import CartError, InsufficientStockError, ShopNotSellingError, VariantNotSoldError
from checkout.pricing.lines import CartLine
from checkout.pricing.reading import Seen
from tenants.shops.selectors import ShopFacts


@dataclass(frozen=True, slots=True)
class Added:
    """A cart's lines after an addition, and the facts read for it."""

    lines: Sequence[CartLine]
    seen: Seen


def add_to_cart(*, cart: CartId, variant_id: UUID, quantity: int, is_new: bool = False) -> Added:
    """Add a quantity of a variant to a cart.

    Args:
        is_new: the cart is new and empty.

    Raises:
        VariantNotSoldError: no shop sells it, or its shop is closed.
        ShopNotSellingError: its shop is on holiday.
        InsufficientStockError: there is less of it than the cart would hold.
        CartError: the quantity is out of range.
        TooManyLinesError: the cart is full.
    """
    if quantity < 1:
        raise CartError(gettext("Choose at least one."), details={"quantity": [gettext("At least 1.")]})
    _check_quantity(quantity)
    shop, seen = look_up(variant_id, held=[] if is_new else store.read_lines(cart))
    line, offer = _line(variant_id, quantity, shop, seen)
    put = store.add_line(cart, line, at_most=min(offer.available, MAX_QUANTITY))
    if put.refused is not None:
        _check_quantity(put.refused)
        _refuse_short(offer, put.refused)
    return Added(put.lines, seen)


def set_quantity(*, cart: CartId, variant_id: UUID, quantity: int) -> None:
    """Set the quantity of a variant in a cart; zero removes it.

    Raises:
        VariantNotSoldError: no shop sells it, or its shop is closed.
        ShopNotSellingError: its shop is on holiday.
        InsufficientStockError: there is less of it.
        CartError: the quantity is out of range.
    """
    if quantity == 0:
        store.remove_lines(cart, [variant_id])
        return
    _check_quantity(quantity)
    shop, seen = look_up(variant_id)
    line, offer = _line(variant_id, quantity, shop, seen)
    if offer.available < quantity:
        _refuse_short(offer, quantity)
    store.write_line(cart, line)


def remove_from_cart(*, cart: CartId, variant_id: UUID) -> None:
    """Take a variant out of a cart."""
    store.remove_lines(cart, [variant_id])


def empty_cart(*, cart: CartId) -> None:
    """Take everything out of a cart; the next thing that is put in begins another basket."""
    store.forget_cart(cart)


def _line(variant_id: UUID, quantity: int, shop: ShopFacts | None, seen: Seen) -> tuple[CartLine, Offer]:
    """Return a line at today's price, and the offer that it is of."""
    if shop is None:
        raise VariantNotSoldError
    _check_selling(shop)
    offer = seen.offers.get(variant_id)
    if offer is None or not offer.is_on_sale:
        raise VariantNotSoldError
    return CartLine(variant_id, shop.id, quantity, offer.price_minor), offer


def _check_selling(shop: ShopFacts) -> None:
    if shop.is_selling:
        return
    if not shop.is_away:
        raise VariantNotSoldError
    if shop.returns_on is None:
        message = gettext("%(shop)s is on holiday. Nothing can be ordered from it until it is back.")
        raise ShopNotSellingError(message % {"shop": shop.name})
    message = gettext("%(shop)s is on holiday, back on %(day)s. Nothing can be ordered from it until it is back.")
    raise ShopNotSellingError(message % {"shop": shop.name, "day": date_format(shop.returns_on, "j F")})


def _check_quantity(quantity: int) -> None:
    if not 0 < quantity <= MAX_QUANTITY:
        message = gettext("Choose a quantity between 1 and %(max_quantity)s.") % {"max_quantity": MAX_QUANTITY}
        raise CartError(message, details={"quantity": [message]})


def _refuse_short(offer: Offer, quantity: int) -> None:
    left = max(offer.available, 0)
    message = ngettext("Only %(left)s left.", "Only %(left)s left.", left) % {"left": left}
    if not left:
        message = gettext("This is sold out.")
    details = [{"variant_id": str(offer.variant_id), "wanted": quantity, "available": left}]
    raise InsufficientStockError(message, details=details)
