"""A part of an order as it was frozen: the figures from which every refund is computed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from checkout.models import SubOrder
from checkout.pricing.adjustments import AdjustmentKind, Funder
from checkout.pricing.allocation import allocate
from checkout.pricing.frozen_commission import FrozenCommission
from kit.money import smallest_unit


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """Amounts of a line.

    Args:
        discount_minor: all that is off the items.
        platform_minor: the share of the discount that the platform pays.
        tax_minor: on top of the rest, or a part of it.
        commission_minor: the commission on it; None on parts from before lines kept theirs.
    """

    quantity: int
    items_minor: int
    discount_minor: int
    platform_minor: int
    tax_minor: int
    commission_minor: int | None = None

    @property
    def net_minor(self) -> int:
        """Return the items without their discount."""
        return self.items_minor - self.discount_minor


@dataclass(frozen=True, slots=True)
class FrozenDelivery:
    """Amounts of a part's delivery; as those of a line."""

    shipping_minor: int
    discount_minor: int
    platform_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True)
class FrozenPart:
    """Amounts of a shop's part of an order by line, by the variant, and of its delivery."""

    currency: str
    prices_include_tax: bool
    commission_minor: int
    unit_minor: int  # the smallest amount that can be paid
    lines: Mapping[UUID, FrozenLine]
    delivery: FrozenDelivery
    commission_tax_minor: int = 0

    @classmethod
    def of(cls, part: SubOrder) -> Self:
        """Return the frozen amounts of a part.

        Raises:
            ValueError: its adjustments do not sum to its amounts.
        """
        sums = _Sums(part)
        lines = {key: sums.line(key, line) for key, line in sums.lines.items()}
        found = cls(
            currency=part.currency,
            prices_include_tax=part.prices_include_tax,
            commission_minor=part.commission_minor,
            commission_tax_minor=part.commission_tax_minor,
            unit_minor=smallest_unit(part.currency),
            lines=lines,
            delivery=sums.delivery(),
        )
        found.check(part)
        return found

    @property
    def paid_delivery_minor(self) -> int:
        """Return the amount that the buyer paid for the delivery, with its tax."""
        delivery = self.delivery
        added_tax_minor = 0 if self.prices_include_tax else delivery.tax_minor
        return delivery.shipping_minor - delivery.discount_minor + added_tax_minor

    def check(self, part: SubOrder) -> None:
        """Check the figures against the columns of the part.

        Raises:
            ValueError: they are others.
        """
        delivery = self.delivery
        own = (
            _total(line.items_minor for line in self.lines.values()),
            _total(line.discount_minor for line in self.lines.values()),
            _total(line.tax_minor for line in self.lines.values()) + delivery.tax_minor,
            _total(line.platform_minor for line in self.lines.values()) + delivery.platform_minor,
        )
        commissions = [line.commission_minor for line in self.lines.values() if line.commission_minor is not None]
        if commissions and sum(commissions) != part.commission_minor:
            raise ValueError(f"The commission of {part.number} is {part.commission_minor}, of its lines {commissions}.")
        columns = (part.items_minor, part.discount_minor, part.tax_minor, part.platform_discount_minor)
        if own != columns:
            raise ValueError(f"The lines of {part.number} sum to {own}, its amounts are {columns}.")


class _Sums:
    """Amounts of a part's adjustments, summed by line; those of a whole part are split over its lines by value."""

    def __init__(self, part: SubOrder) -> None:
        self.part = part
        self.lines: dict[UUID, Mapping[str, Any]] = {UUID(line["variant_id"]): line for line in part.lines}
        self.discounts: defaultdict[UUID, int] = defaultdict(int)
        self.by_platform: defaultdict[UUID, int] = defaultdict(int)
        self.taxes: defaultdict[UUID | None, int] = defaultdict(int)
        self.delivery_by_platform = 0
        frozen = FrozenCommission.of(part)
        self.commissions = frozen.by_variant if frozen else None
        for adjustment in part.adjustments:
            self._add(adjustment)
        self._add_unnamed_discount()

    def _add(self, adjustment: Mapping[str, Any]) -> None:
        line = adjustment["variant_id"] and UUID(adjustment["variant_id"])
        amount_minor, is_platforms = abs(adjustment["amount_minor"]), adjustment["funded_by"] == Funder.PLATFORM
        match adjustment["kind"]:
            case AdjustmentKind.DISCOUNT:
                self._spread_discount(amount_minor, [line] if line else self.lines, is_platforms=is_platforms)
            case AdjustmentKind.DELIVERY_DISCOUNT if is_platforms:
                self.delivery_by_platform += amount_minor
            case AdjustmentKind.TAX:
                self.taxes[line or None] += amount_minor

    def _spread_discount(self, amount_minor: int, lines: Iterable[UUID], *, is_platforms: bool) -> None:
        weights = {key: self.lines[key]["total_minor"] - self.discounts[key] for key in lines}
        for key, share in allocate(amount_minor, weights).items():
            self.discounts[key] += share
            if is_platforms:
                self.by_platform[key] += share

    def _add_unnamed_discount(self) -> None:
        """Split the discount of an order from before adjustments were kept; the shop had given it."""
        if missing := self.part.discount_minor - _total(self.discounts.values()):
            self._spread_discount(missing, self.lines, is_platforms=False)

    def line(self, key: UUID, line: Mapping[str, Any]) -> FrozenLine:
        return FrozenLine(
            quantity=line["quantity"],
            items_minor=line["total_minor"],
            discount_minor=self.discounts[key],
            platform_minor=self.by_platform[key],
            tax_minor=self.taxes[key],
            commission_minor=self.commissions.get(key, 0) if self.commissions is not None else None,
        )

    def delivery(self) -> FrozenDelivery:
        return FrozenDelivery(
            shipping_minor=self.part.shipping_minor,
            discount_minor=self.part.delivery_discount_minor,
            platform_minor=self.delivery_by_platform,
            tax_minor=self.taxes[None],
        )


def _total(amounts: Iterable[int]) -> int:
    return sum(amounts)
