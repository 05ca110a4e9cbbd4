"""Amounts of what is sent for returned units, computed of the frozen figures of these and of two prices.

A replacement at the same price costs what the units were paid with: discount, tax, platform's share and earlier
goodwill are as they were. A dearer one costs the difference more. A cheaper one costs less in proportion, as the
discount was of the price. None costs more than its price of the day on which it was asked for (docs/adr/0081).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from typing import Any
from uuid import UUID

from checkout.models import Return, SubOrder
from checkout.pricing.allocation import allocate
from checkout.pricing.amounts import Amounts
from checkout.reversals.frozen import FrozenPart
from checkout.reversals.part_steps import refunding_step, taken_of
from checkout.reversals.shares import Share, goods_of, proportion
from checkout.reversals.steps import Asked, Taken, step_of


@dataclass(frozen=True, slots=True)
class ReplacedLine:
    """A replacement of one line.

    Args:
        discount_minor: all that is off its price.
        platform_minor: the share of the discount that the platform pays.
        for_variant_id: the line that it is sent for.
    """

    variant_id: UUID
    for_variant_id: UUID
    quantity: int
    price_minor: int
    discount_minor: int
    platform_minor: int
    tax_minor: int

    @property
    def items_minor(self) -> int:
        """Return the items at their price."""
        return self.price_minor * self.quantity

    @property
    def net_minor(self) -> int:
        """Return the items without their discount."""
        return self.items_minor - self.discount_minor

    def amounts(self, part: FrozenPart) -> Amounts:
        """Return the amounts of the line."""
        return Amounts(
            currency=part.currency,
            items_minor=self.items_minor,
            discount_minor=self.discount_minor,
            tax_minor=self.tax_minor,
            prices_include_tax=part.prices_include_tax and self.tax_minor > 0,
        )


@dataclass(frozen=True, slots=True)
class ExchangePrice:
    """Price of an exchange.

    Args:
        amounts: of all that is sent.
        credit_minor: the amount that would go back for the units without an exchange.
    """

    lines: tuple[ReplacedLine, ...]
    amounts: Amounts
    credit_minor: int

    @property
    def difference_minor(self) -> int:
        """Return the amount that the buyer pays; below zero: gets back."""
        return self.amounts.total_minor - self.credit_minor


def units_exchanged(found: Return) -> dict[UUID, int]:
    """Return the units of each line of a return for which another variant is wanted."""
    return {UUID(key): count for key, count in found.lines.items() if key in found.exchange}


def price_exchange(
    part: SubOrder, *, units: Mapping[UUID, int], wanted: Mapping[str, Mapping[str, Any]], least_minor: int
) -> ExchangePrice:
    """Return the price of what is sent for units of a part, as the part is now; nothing is written.

    Args:
        wanted: the replacement of each line, as the return keeps it.
        least_minor: the least amount that can be charged; a smaller difference is the shop's gift.

    Raises:
        UnitsNotLeftError: fewer units of a line are still paid for.
    """
    frozen, _ = refunding_step(part, Asked(units))
    return price_units(frozen, taken_of(part, frozen), units=units, wanted=wanted, least_minor=least_minor)


def price_units(
    frozen: FrozenPart,
    taken: Taken,
    *,
    units: Mapping[UUID, int],
    wanted: Mapping[str, Mapping[str, Any]],
    least_minor: int,
) -> ExchangePrice:
    """Return the price of what is sent for units of a part of which some was taken before; as many are left."""
    step = step_of(frozen, taken, Asked(units))
    shares = _shares(frozen, taken.units, units)
    goodwill = _goodwill(frozen, shares, step.refund_minor)
    lines = [
        _replaced(frozen, (key, units[key]), wanted[str(key)], share=share, goodwill=goodwill[key])
        for key, share in sorted(shares.items())
    ]
    total = sum(line.amounts(frozen).total_minor for line in lines)
    if 0 < (short := total - step.refund_minor) < least_minor:
        lines = _waive(frozen, lines, short)
    amounts = reduce(add, (line.amounts(frozen) for line in lines))
    return ExchangePrice(tuple(lines), amounts, step.refund_minor)


def _shares(frozen: FrozenPart, before: Mapping[UUID, int], units: Mapping[UUID, int]) -> dict[UUID, Share]:
    """Return the frozen share of the units of each line, in the order of counting that the step has."""
    had = goods_of(frozen, before)
    return {key: goods_of(frozen, {**before, key: before.get(key, 0) + count}) - had for key, count in units.items()}


def _goodwill(frozen: FrozenPart, shares: Mapping[UUID, Share], refund_minor: int) -> dict[UUID, int]:
    """Split the amount that was given without units before, as far as these bear it, over the lines."""
    values = {key: share.amounts(frozen).total_minor for key, share in shares.items()}
    given = (sum(values.values()) - refund_minor) // frozen.unit_minor
    return {key: share * frozen.unit_minor for key, share in allocate(given, values).items()}


def _replaced(
    frozen: FrozenPart, returned: tuple[UUID, int], wanted: Mapping[str, Any], *, share: Share, goodwill: int
) -> ReplacedLine:
    key, count = returned
    price, list_price = int(wanted["price_minor"]), int(wanted["list_minor"])
    net, platform = share.items_minor - share.discount_minor, share.platform_minor
    tax = share.tax_minor
    if price < list_price:
        goodwill, platform, new_net = (
            proportion(amount, price, list_price, frozen.unit_minor) for amount in (goodwill, platform, net)
        )
    else:
        new_net = net + (price - list_price) * count
    new_net = min(new_net, price * count)
    if not net:
        net, tax = _whole_net_and_tax(frozen)
    new_tax = proportion(tax, new_net, net, frozen.unit_minor) if net else 0
    off = min(goodwill, new_net)
    new_tax = min(new_tax, new_net - off) if frozen.prices_include_tax else max(new_tax - (goodwill - off), 0)
    discount = price * count - new_net + off
    return ReplacedLine(
        variant_id=UUID(wanted["variant_id"]),
        for_variant_id=key,
        quantity=count,
        price_minor=price,
        discount_minor=discount,
        platform_minor=min(platform, discount),
        tax_minor=new_tax,
    )


def _whole_net_and_tax(frozen: FrozenPart) -> tuple[int, int]:
    """Return the price and the tax of all lines, for units that were given for nothing."""
    lines = frozen.lines.values()
    return sum(line.net_minor for line in lines), sum(line.tax_minor for line in lines)


def _waive(frozen: FrozenPart, lines: Collection[ReplacedLine], short: int) -> list[ReplacedLine]:
    """Take a difference that is too small to be charged off the lines."""
    waived = []
    for line in lines:
        off = min(short, line.net_minor)
        less = replace(line, discount_minor=line.discount_minor + off)
        short -= off
        if frozen.prices_include_tax:
            less = replace(less, tax_minor=min(less.tax_minor, less.net_minor))
        elif not less.net_minor:
            off = min(short, less.tax_minor)
            less, short = replace(less, tax_minor=less.tax_minor - off), short - off
        waived.append(less)
    return waived
