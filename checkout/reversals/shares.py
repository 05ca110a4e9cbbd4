"""Shares of a part's frozen amounts: those of a number of units, those of an amount of its delivery.

Each is a function of how much is taken back in all. `step_of` takes the difference between two of its values, so that
any sequence of steps, in any order, sums to the whole when nothing is left.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from checkout.pricing.amounts import Amounts
from checkout.reversals.frozen import FrozenLine, FrozenPart


@dataclass(frozen=True, slots=True)
class Share:
    """Amounts of a share of a part, in minor units.

    Args:
        platform_minor: the discount in it that the platform pays.
        commission_minor: the commission on it.
    """

    items_minor: int = 0
    discount_minor: int = 0
    shipping_minor: int = 0
    delivery_discount_minor: int = 0
    tax_minor: int = 0
    platform_minor: int = 0
    commission_minor: int = 0

    def __add__(self, other: Self) -> "Share":
        return Share(*(a + b for a, b in zip(self._figures, other._figures, strict=True)))

    def __sub__(self, other: Self) -> "Share":
        return Share(*(a - b for a, b in zip(self._figures, other._figures, strict=True)))

    @property
    def _figures(self) -> tuple[int, ...]:
        return (
            self.items_minor,
            self.discount_minor,
            self.shipping_minor,
            self.delivery_discount_minor,
            self.tax_minor,
            self.platform_minor,
            self.commission_minor,
        )

    def amounts(self, part: FrozenPart) -> Amounts:
        """Return the amounts that go back to the buyer."""
        return Amounts(
            currency=part.currency,
            items_minor=self.items_minor,
            discount_minor=self.discount_minor,
            shipping_minor=self.shipping_minor,
            delivery_discount_minor=self.delivery_discount_minor,
            tax_minor=self.tax_minor,
            prices_include_tax=part.prices_include_tax and self.tax_minor > 0,
        )


def goods_of(part: FrozenPart, units: Mapping[UUID, int]) -> Share:
    """Return the share of a part that a number of units of each line has, without any of the delivery.

    Every figure is rounded down to what can be paid in the currency. An included or added tax follows the price after
    its discount; the platform's discount follows the discount; so none is ever more than what it is a part of.
    """
    goods = Share()
    has_own = True  # whether each line has a commission of its own
    for key, line in part.lines.items():
        goods += _of_line(line, units.get(key, 0), part.unit_minor)
        has_own = has_own and line.commission_minor is not None
    return goods if has_own else goods + Share(commission_minor=_commission(part, goods))


def delivery_of(part: FrozenPart, paid_minor: int) -> Share:
    """Return the share of a part's delivery, of which an amount is given back of what the buyer paid for it.

    The tax follows the amount, the discount the price without tax, the platform's discount the discount.
    """
    whole, delivery = part.paid_delivery_minor, part.delivery
    if not paid_minor:
        return Share()
    tax = proportion(delivery.tax_minor, paid_minor, whole, part.unit_minor)
    net, whole_net = paid_minor, whole
    if not part.prices_include_tax:
        net, whole_net = net - tax, whole_net - delivery.tax_minor
    discount = proportion(delivery.discount_minor, net, whole_net, part.unit_minor)
    return Share(
        shipping_minor=net + discount,
        delivery_discount_minor=discount,
        tax_minor=tax,
        platform_minor=proportion(delivery.platform_minor, discount, delivery.discount_minor, part.unit_minor),
    )


def _of_line(line: FrozenLine, units: int, unit_minor: int) -> Share:
    items = line.items_minor * units // line.quantity
    discount = proportion(line.discount_minor, units, line.quantity, unit_minor)
    platform = proportion(line.platform_minor, discount, line.discount_minor, unit_minor)
    base, whole = items - discount + platform, line.net_minor + line.platform_minor
    return Share(
        items_minor=items,
        discount_minor=discount,
        tax_minor=proportion(line.tax_minor, items - discount, line.net_minor, unit_minor),
        platform_minor=platform,
        commission_minor=proportion(line.commission_minor or 0, base, whole, 1),
    )


def whole_delivery(part: FrozenPart) -> Share:
    """Return all of a part's delivery."""
    delivery = part.delivery
    return Share(
        shipping_minor=delivery.shipping_minor,
        delivery_discount_minor=delivery.discount_minor,
        tax_minor=delivery.tax_minor,
        platform_minor=delivery.platform_minor,
    )


def _commission(part: FrozenPart, goods: Share) -> int:
    """Return the commission on a share of the goods of an older part: of the items without the shop's own discount."""
    whole = sum(line.net_minor + line.platform_minor for line in part.lines.values())
    base = goods.items_minor - goods.discount_minor + goods.platform_minor
    return proportion(part.commission_minor, base, whole, 1)


def proportion(amount_minor: int, share: int, whole: int, unit_minor: int) -> int:
    """Return the share of an amount, rounded down to a multiple of the unit; the whole of it for the whole."""
    if share == whole:
        return amount_minor
    return amount_minor * share // whole // unit_minor * unit_minor
