"""Setting several lines of a cart at once, of any shops."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from checkout.cart import store
from checkout.cart.change_cart import Changed
from checkout.cart.look_up import Sellers, look_up
from checkout.cart.sold_lines import sold_line
from checkout.cart.store import CartId
from checkout.errors import CartLinesRefusedError, InsufficientStockError, ShopNotSellingError, VariantNotSoldError
from checkout.pricing.lines import CartLine
from checkout.pricing.reading import Seen
from checkout.waiting_room.queue import check_let_in


def set_lines(*, cart: CartId, quantities: Mapping[UUID, int], now: datetime, is_new: bool = False) -> Changed:
    """Set the quantities of variants in a cart, all of them or none; zero takes a variant out, and others stay.

    What is read of the shops takes one round trip, and the change another to Redis, however many lines and shops
    there are.

    Args:
        quantities: by variant, each within the range of a line's.
        is_new: the cart is new and empty.

    Raises:
        NotLetInError: more is asked of some that are sold through a waiting room, and it is not the buyer's turn.
        CartLinesRefusedError: some of them can't be had; its details say which, and why.
        TooManyLinesError: the cart would hold more variants than a cart may.
    """
    held = [] if is_new else store.read_lines(cart)
    wanted = [variant_id for variant_id, quantity in quantities.items() if quantity]
    had = {line.variant_id: line.quantity for line in held}
    more = [variant_id for variant_id in wanted if quantities[variant_id] > had.get(variant_id, 0)]
    check_let_in(owner=cart.owner, variant_ids=more, now=now)
    sellers, seen = look_up(wanted, held=[line for line in held if line.variant_id not in quantities])
    lines = _sold_lines({variant_id: quantities[variant_id] for variant_id in wanted}, sellers, seen)
    removed = quantities.keys() - set(wanted)
    put = store.set_lines(cart, lines, removed=removed)
    return Changed(put.lines, seen, put.codes)


def _sold_lines(quantities: Mapping[UUID, int], sellers: Sellers, seen: Seen) -> list[CartLine]:
    """Return the lines at today's prices.

    Raises:
        CartLinesRefusedError: some of them can't be had.
    """
    lines, refused = [], []
    for variant_id, quantity in quantities.items():
        try:
            lines.append(sold_line(variant_id, quantity, sellers, seen, is_all=True)[0])
        except (VariantNotSoldError, ShopNotSellingError, InsufficientStockError) as error:
            refused.append(_refusal(variant_id, error))
    if refused:
        raise CartLinesRefusedError(details=refused)
    return lines


def _refusal(variant_id: UUID, error: VariantNotSoldError | ShopNotSellingError | InsufficientStockError) -> Any:
    """Return why a line is refused: as the call for this line by itself would say it."""
    facts = error.details[0] if isinstance(error, InsufficientStockError) else {}
    return {"variant_id": str(variant_id), "code": error.code, "message": error.message, **facts}
