"""A cart as the buyer sees it: grouped by shop, with fresh prices, and what changed since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from catalogue.selectors.offers import Offer, read_offers
from checkout.cart import CartLine
from tenants.selectors import ShopFacts, shop_facts


class LineProblem(StrEnum):
    """Why a line can't be bought as it stands."""

    GONE = "gone"
    SHOP_CLOSED = "shop_closed"
    SOLD_OUT = "sold_out"
    NOT_ENOUGH = "not_enough"


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with what it costs now; `offer` is None where the product is gone."""

    line: CartLine
    offer: Offer | None
    problem: LineProblem | None

    @property
    def is_counted(self) -> bool:
        """Whether the line is part of the total: what cannot be sold at all is left out."""
        return self.offer is not None and self.problem not in {LineProblem.GONE, LineProblem.SHOP_CLOSED}

    @property
    def total_minor(self) -> int:
        """The line's total at today's price."""
        return self.offer.price_minor * self.line.quantity if self.offer and self.is_counted else 0

    @property
    def old_price_minor(self) -> int | None:
        """The price when it was put in the cart, where it is another one now."""
        if self.offer is None or self.offer.price_minor == self.line.seen_price_minor:
            return None
        return self.line.seen_price_minor


@dataclass(frozen=True, slots=True)
class CartGroup:
    """The part of a cart that one shop would fulfil."""

    shop: ShopFacts
    lines: tuple[PricedLine, ...]

    @property
    def counted(self) -> tuple[PricedLine, ...]:
        """The lines that are part of the total."""
        return tuple(line for line in self.lines if line.is_counted)

    @property
    def items_minor(self) -> int:
        """What the items cost."""
        return sum(line.total_minor for line in self.counted)

    @property
    def shipping_minor(self) -> int:
        """What the delivery costs; nothing where nothing is delivered."""
        return self.shop.shipping_minor if self.counted else 0


@dataclass(frozen=True, slots=True)
class PricedCart:
    """A whole cart at today's prices."""

    groups: tuple[CartGroup, ...]
    currency: str

    @property
    def lines(self) -> tuple[PricedLine, ...]:
        """All lines."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def units(self) -> int:
        """How many units there are."""
        return sum(line.line.quantity for line in self.lines)

    @property
    def items_minor(self) -> int:
        """What the items cost."""
        return sum(group.items_minor for group in self.groups)

    @property
    def shipping_minor(self) -> int:
        """What all deliveries cost."""
        return sum(group.shipping_minor for group in self.groups)

    @property
    def total_minor(self) -> int:
        """What there is to pay."""
        return self.items_minor + self.shipping_minor

    @property
    def can_check_out(self) -> bool:
        """Whether every counted line can be had, and there is one at least."""
        counted = [line for line in self.lines if line.is_counted]
        return bool(counted) and all(line.problem is None for line in counted)


def price_cart(lines: Sequence[CartLine]) -> PricedCart:
    """Price a cart: one read of the shops (cached), one statement over all of their stock."""
    facts = shop_facts({line.shop_id for line in lines})
    wanted = {
        facts[shop_id].schema_name: [line.variant_id for line in own]
        for shop_id, own in by_shop(lines)
        if shop_id in facts
    }
    offers = read_offers(wanted)
    groups = tuple(
        CartGroup(
            shop=facts[shop_id], lines=tuple(_priced(line, offers.get(line.variant_id), facts[shop_id]) for line in own)
        )
        for shop_id, own in by_shop(lines)
        if shop_id in facts
    )
    groups = tuple(sorted(groups, key=lambda group: group.shop.name.casefold()))
    return PricedCart(groups=groups, currency=groups[0].shop.currency if groups else "")


def by_shop(lines: Iterable[CartLine]) -> list[tuple[int, list[CartLine]]]:
    """Group lines by shop id."""
    ordered = sorted(lines, key=lambda line: (line.shop_id, line.variant_id))
    return [(shop_id, list(own)) for shop_id, own in groupby(ordered, key=lambda line: line.shop_id)]


def _priced(line: CartLine, offer: Offer | None, shop: ShopFacts) -> PricedLine:
    return PricedLine(line=line, offer=offer, problem=_problem(line, offer, shop))


def _problem(line: CartLine, offer: Offer | None, shop: ShopFacts) -> LineProblem | None:
    if offer is None or not offer.is_on_sale:
        return LineProblem.GONE
    if not shop.is_selling:
        return LineProblem.SHOP_CLOSED
    if offer.available <= 0:
        return LineProblem.SOLD_OUT
    return LineProblem.NOT_ENOUGH if offer.available < line.quantity else None
