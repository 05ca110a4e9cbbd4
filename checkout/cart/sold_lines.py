"""Lines that a shop sells at this moment, and refusals of those that none does."""

from typing import NoReturn
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from catalogue.selectors.offers import Offer
from checkout.cart.look_up import Sellers
from checkout.cart.store import MAX_QUANTITY
from checkout.errors import CartError, InsufficientStockError, ShopNotSellingError, VariantNotSoldError
from checkout.pricing.lines import CartLine
from checkout.pricing.reading import Seen
from tenants.shops.selectors import ShopFacts


def sold_line(
    variant_id: UUID, quantity: int, sellers: Sellers, seen: Seen, *, is_all: bool = False
) -> tuple[CartLine, Offer]:
    """Return a line at today's price, and the offer that it is of.

    Args:
        is_all: whether the cart is to hold no more than this quantity, so that it is compared with the stock.

    Raises:
        VariantNotSoldError: no shop sells it, or its shop is closed.
        ShopNotSellingError: its shop is on holiday.
        InsufficientStockError: there is less of it.
    """
    shop = sellers.get(variant_id)
    if shop is None:
        raise VariantNotSoldError
    _check_selling(shop)
    offer = seen.offers.get(variant_id)
    if offer is None or not offer.is_on_sale:
        raise VariantNotSoldError
    if is_all and offer.available < quantity:
        refuse_short(offer, quantity)
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


def check_quantity(quantity: int) -> None:
    """Check the quantity of a line.

    Raises:
        CartError: it is out of range.
    """
    if not 0 < quantity <= MAX_QUANTITY:
        message = gettext("Choose a quantity between 1 and %(max_quantity)s.") % {"max_quantity": MAX_QUANTITY}
        raise CartError(message, details={"quantity": [message]})


def refuse_short(offer: Offer, quantity: int) -> NoReturn:
    """Refuse a quantity of which there is less.

    Raises:
        InsufficientStockError: always.
    """
    left = max(offer.available, 0)
    message = ngettext("Only %(left)s left.", "Only %(left)s left.", left) % {"left": left}
    if not left:
        message = gettext("This is sold out.")
    details = [{"variant_id": str(offer.variant_id), "wanted": quantity, "available": left}]
    raise InsufficientStockError(message, details=details)
