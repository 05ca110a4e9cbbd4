"""Changing a cart."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.formats import date_format

from catalogue.selectors.offers import Offer, find_seller, read_offers
from checkout import cart as store
from checkout.cart import MAX_QUANTITY, CartId, CartLine
from checkout.errors import CartError, InsufficientStockError, ShopNotSellingError, VariantNotSoldError
from checkout.selectors.carts import Seen
from checkout.selectors.lagging import around_unready
from tenants.selectors import ShopFacts


@dataclass(frozen=True, slots=True)
class Added:
    """What a cart holds after something was put in, and what was read of that on the way."""

    lines: Sequence[CartLine]
    seen: Seen


def add_to_cart(*, cart: CartId, variant_id: UUID, quantity: int) -> Added:
    """Put more of a variant in a cart.

    Raises:
        VariantNotSoldError: nobody sells it, or its shop is closed.
        ShopNotSellingError: its shop is on holiday.
        InsufficientStockError: there is less of it than the cart would hold.
        CartError: the quantity is out of range.
        TooManyLinesError: the cart is full.
    """
    if quantity < 1:
        raise CartError("Choose at least one.", details={"quantity": ["At least 1."]})
    seen = _find_offer(variant_id, quantity)
    line = CartLine(variant_id, seen.shop.id, quantity, seen.offer.price_minor)
    put = store.add_line(cart, line, at_most=min(seen.offer.available, MAX_QUANTITY))
    if put.refused is not None:
        _check_quantity(put.refused)
        _refuse_short(seen.offer, put.refused)
    return Added(put.lines, seen)


def set_quantity(*, cart: CartId, variant_id: UUID, quantity: int) -> None:
    """Set how much of a variant a cart holds; zero takes it out.

    Raises:
        VariantNotSoldError: nobody sells it, or its shop is closed.
        ShopNotSellingError: its shop is on holiday.
        InsufficientStockError: there is less of it.
        CartError: the quantity is out of range.
    """
    if quantity == 0:
        store.remove_lines(cart, [variant_id])
        return
    seen = _find_offer(variant_id, quantity)
    if seen.offer.available < quantity:
        _refuse_short(seen.offer, quantity)
    store.write_line(cart, CartLine(variant_id, seen.shop.id, quantity, seen.offer.price_minor))


def remove_from_cart(*, cart: CartId, variant_id: UUID) -> None:
    """Take a variant out of a cart."""
    store.remove_lines(cart, [variant_id])


def _find_offer(variant_id: UUID, quantity: int) -> Seen:
    """Return who sells a variant, and its offer."""
    _check_quantity(quantity)
    shop = find_seller(variant_id)
    if shop is None:
        raise VariantNotSoldError
    _check_selling(shop)
    found = around_unready(
        lambda unready: {} if unready else read_offers({shop.schema_name: [variant_id]}), shop_ids={shop.id}
    )
    offer = found.get(variant_id)
    if offer is None or not offer.is_on_sale:
        raise VariantNotSoldError
    return Seen(shop, offer)


def _check_selling(shop: ShopFacts) -> None:
    if shop.is_selling:
        return
    if not shop.is_away:
        raise VariantNotSoldError
    back = f", back on {date_format(shop.returns_on, 'j F')}" if shop.returns_on else ""
    raise ShopNotSellingError(f"{shop.name} is on holiday{back}. Nothing can be ordered from it until it is back.")


def _check_quantity(quantity: int) -> None:
    if not 0 < quantity <= MAX_QUANTITY:
        message = f"Choose a quantity between 1 and {MAX_QUANTITY}."
        raise CartError(message, details={"quantity": [message]})


def _refuse_short(offer: Offer, quantity: int) -> None:
    left = max(offer.available, 0)
    message = f"Only {left} left." if left else "This is sold out."
    details = [{"variant": str(offer.variant_id), "wanted": quantity, "available": left}]
    raise InsufficientStockError(message, details=details)
