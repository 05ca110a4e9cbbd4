"""A line of a cart at today's price, with the reason if it can't be bought."""

from dataclasses import dataclass, replace
from enum import StrEnum

from catalogue.selectors.offers import Offer
from checkout.pricing.lines import CartLine
from tenants.shops.selectors import ShopFacts


class LineProblem(StrEnum):
    """Reason why a line can't be bought as requested."""

    GONE = "gone"
    SHOP_CLOSED = "shop_closed"
    SHOP_AWAY = "shop_away"
    SHOP_UPDATING = "shop_updating"
    SOLD_OUT = "sold_out"
    NOT_ENOUGH = "not_enough"
    NOT_DELIVERED = "not_delivered"
    NOT_PRICED = "delivery_not_priced"


# Lines that cannot be sold at present are kept in the cart, and the rest is bought without them.
LEFT_OUT = frozenset(
    {
        *(LineProblem.GONE, LineProblem.SHOP_CLOSED, LineProblem.SHOP_AWAY, LineProblem.SHOP_UPDATING),
        *(LineProblem.NOT_DELIVERED, LineProblem.NOT_PRICED),
    }
)
UNDELIVERED = frozenset({LineProblem.NOT_DELIVERED, LineProblem.NOT_PRICED})


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A line with what it costs now; `offer` is None where the product is gone."""

    line: CartLine
    offer: Offer | None
    problem: LineProblem | None

    @property
    def is_counted(self) -> bool:
        """Return whether the line is part of the total: what cannot be sold at all is left out."""
        return self.offer is not None and self.problem not in LEFT_OUT

    @property
    def total_minor(self) -> int:
        """Return the line's total at today's price."""
        return self.offer.price_minor * self.line.quantity if self.offer and self.is_counted else 0

    @property
    def shown_total_minor(self) -> int | None:
        """Return the line's total where it is part of the cart's."""
        return self.total_minor if self.is_counted else None

    @property
    def old_price_minor(self) -> int | None:
        """Return the price at which it was put in the cart, if that has changed."""
        if self.offer is None or self.offer.price_minor == self.line.seen_price_minor:
            return None
        return self.line.seen_price_minor


def quote_line(line: CartLine, *, offer: Offer | None, shop: ShopFacts, is_ready: bool) -> QuotedLine:
    """Return a line with its offer and with the problem that it has, if any.

    Args:
        line: what is wanted.
        offer: the variant as it can be bought now.
        shop: who sells it.
        is_ready: whether the shop's schema can be read.
    """
    problem = _shop_problem(shop, is_ready=is_ready) or _problem(line, offer)
    return QuotedLine(line=line, offer=offer, problem=problem)


def undelivered(line: QuotedLine, *, is_unpriced: bool) -> QuotedLine:
    """Return a line that the shop could sell, and can't deliver to the buyer's place; others as they are.

    Args:
        is_unpriced: whether it could, if a carrier told its price.
    """
    problem = LineProblem.NOT_PRICED if is_unpriced else LineProblem.NOT_DELIVERED
    return replace(line, problem=problem) if line.is_counted else line


def _shop_problem(shop: ShopFacts, *, is_ready: bool) -> LineProblem | None:
    if shop.is_away:
        return LineProblem.SHOP_AWAY
    if not shop.is_selling:
        return LineProblem.SHOP_CLOSED
    return None if is_ready else LineProblem.SHOP_UPDATING


def _problem(line: CartLine, offer: Offer | None) -> LineProblem | None:
    if offer is None or not offer.is_on_sale:
        return LineProblem.GONE
    if offer.available <= 0:
        return LineProblem.SOLD_OUT
    return LineProblem.NOT_ENOUGH if offer.available < line.quantity else None
