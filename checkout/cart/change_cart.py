"""Changing a cart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from checkout.cart import store
from checkout.cart.look_up import look_up
from checkout.cart.sold_lines import check_quantity, refuse_short, sold_line
from checkout.cart.store import MAX_QUANTITY, CartId
from checkout.errors import CartError, NotLetInError
from checkout.pricing.lines import CartLine
from checkout.pricing.reading import Seen
from checkout.waiting_room.queue import check_let_in


@dataclass(frozen=True, slots=True)
class Changed:
    """A cart's lines and coupons' codes after a change, and the facts read for it."""

    lines: Sequence[CartLine]
    seen: Seen
    codes: tuple[str, ...] = ()


def add_to_cart(*, cart: CartId, variant_id: UUID, quantity: int, now: datetime, is_new: bool = False) -> Changed:
    """Add a quantity of a variant to a cart.

    Args:
        is_new: the cart is new and empty.

    Raises:
        NotLetInError: it is sold through a waiting room, and it is not the buyer's turn.
        VariantNotSoldError: no shop sells it, or its shop is closed.
        ShopNotSellingError: its shop is on holiday.
        InsufficientStockError: there is less of it than the cart would hold.
        CartError: the quantity is out of range.
        TooManyLinesError: the cart is full.
    """
    if quantity < 1:
        raise CartError(gettext("Choose at least one."), details={"quantity": [gettext("At least 1.")]})
    check_quantity(quantity)
    check_let_in(owner=cart.owner, variant_ids=[variant_id], now=now)
    sellers, seen = look_up([variant_id], held=[] if is_new else store.read_lines(cart))
    line, offer = sold_line(variant_id, quantity, sellers, seen)
    put = store.add_line(cart, line, at_most=min(offer.available, MAX_QUANTITY))
    if put.refused is not None:
        check_quantity(put.refused)
        refuse_short(offer, put.refused)
    return Changed(put.lines, seen, put.codes)


def set_quantity(*, cart: CartId, variant_id: UUID, quantity: int, now: datetime) -> None:
    """Set the quantity of a variant in a cart; zero removes it.

    Raises:
        NotLetInError: more is asked of it, it is sold through a waiting room, and it is not the buyer's turn.
        VariantNotSoldError: no shop sells it, or its shop is closed.
        ShopNotSellingError: its shop is on holiday.
        InsufficientStockError: there is less of it.
        CartError: the quantity is out of range.
    """
    if quantity == 0:
        store.remove_lines(cart, [variant_id])
        return
    check_quantity(quantity)
    try:
        check_let_in(owner=cart.owner, variant_ids=[variant_id], now=now)
    except NotLetInError:
        if quantity > _held_quantity(cart, variant_id):
            raise
    sellers, seen = look_up([variant_id])
    line, _ = sold_line(variant_id, quantity, sellers, seen, is_all=True)
    store.write_line(cart, line)


def _held_quantity(cart: CartId, variant_id: UUID) -> int:
    return next((line.quantity for line in store.read_lines(cart) if line.variant_id == variant_id), 0)


def remove_from_cart(*, cart: CartId, variant_id: UUID) -> None:
    """Take a variant out of a cart."""
    store.remove_lines(cart, [variant_id])


def empty_cart(*, cart: CartId) -> None:
    """Take everything out of a cart; the next thing that is put in begins another basket."""
    store.forget_cart(cart)
