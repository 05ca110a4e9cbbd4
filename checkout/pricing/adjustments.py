"""Adjustments: everything that changes a price beside the items themselves, as data with its source."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from checkout.pricing.amounts import Amounts


class AdjustmentKind(StrEnum):
    """The amount that an adjustment belongs to."""

    DISCOUNT = "discount"
    DELIVERY = "delivery"
    DELIVERY_DISCOUNT = "delivery_discount"
    TAX = "tax"


class Funder(StrEnum):
    """The party that pays for an adjustment."""

    BUYER = "buyer"
    SHOP = "shop"
    PLATFORM = "platform"


# Where an adjustment of a kind is summed up, and its sign: a discount is below zero, all else above.
AMOUNT_OF = {
    AdjustmentKind.DISCOUNT: ("discount_minor", -1),
    AdjustmentKind.DELIVERY: ("shipping_minor", 1),
    AdjustmentKind.DELIVERY_DISCOUNT: ("delivery_discount_minor", -1),
    AdjustmentKind.TAX: ("tax_minor", 1),
}


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A signed amount that is added to the items' price.

    Args:
        kind: which of the amounts it belongs to.
        source: what caused it, such as "flat" or a coupon's code.
        label: how people read of it.
        funded_by: who pays it.
        amount_minor: below zero where it is taken off.
        variant_id: the line that it applies to; None: the whole part.
    """

    kind: AdjustmentKind
    source: str
    label: str
    funded_by: Funder
    amount_minor: int
    variant_id: UUID | None = None

    def __post_init__(self) -> None:
        if self.amount_minor * AMOUNT_OF[self.kind][1] < 0:
            raise ValueError(f"The sign of {self.amount_minor} is not that of a {self.kind}.")

    def as_body(self) -> dict[str, Any]:
        """Return the adjustment in the form that an API's body has."""
        return stored_body(self.as_dict())

    def as_dict(self) -> dict[str, Any]:
        """Return the adjustment in the form that is stored with an order."""
        return {
            "kind": self.kind.value,
            "source": self.source,
            "label": self.label,
            "funded_by": self.funded_by.value,
            "amount_minor": self.amount_minor,
            "variant_id": self.variant_id and str(self.variant_id),
        }


def stored_body(stored: dict[str, Any]) -> dict[str, Any]:
    """Return a stored adjustment in the form that an API's body has."""
    return {**stored, "line": stored["variant_id"]}


def adjusted(
    *, currency: str, items_minor: int, adjustments: Iterable[Adjustment], prices_include_tax: bool = False
) -> Amounts:
    """Return the amounts of items with their adjustments.

    Args:
        prices_include_tax: whether a tax among the adjustments is a part of the prices; without tax nothing is.
    """
    sums: dict[str, int] = {}
    for adjustment in adjustments:
        name, sign = AMOUNT_OF[adjustment.kind]
        sums[name] = sums.get(name, 0) + sign * adjustment.amount_minor
    return Amounts(
        currency=currency,
        items_minor=items_minor,
        prices_include_tax=prices_include_tax and bool(sums.get("tax_minor")),
        **sums,
    )


def platform_discount_minor(adjustments: Iterable[Adjustment]) -> int:
    """Return the discount on goods and delivery that the platform gives; it owes the shop as much."""
    discounts = {AdjustmentKind.DISCOUNT, AdjustmentKind.DELIVERY_DISCOUNT}
    return -sum(
        each.amount_minor for each in adjustments if each.kind in discounts and each.funded_by is Funder.PLATFORM
    )


def shop_discount_minor(adjustments: Iterable[Adjustment]) -> int:
    """Return the discount that a shop itself gives on its items; it lowers the base of the commission."""
    return -sum(
        each.amount_minor
        for each in adjustments
        if each.kind is AdjustmentKind.DISCOUNT and each.funded_by is Funder.SHOP
    )
