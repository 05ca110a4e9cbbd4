"""An order as its buyer sees it the moment after it was placed."""

from dataclasses import dataclass
from typing import Any

from checkout.models import Order, Payment, SubOrder

PART_COLUMNS = ("number", "status", "currency", "items_minor", "shipping_minor", "total_minor", "lines", "tracking")


@dataclass(frozen=True, slots=True)
class PlacedPart:
    """What one shop fulfils; `lines` are snapshots."""

    number: str
    shop_slug: str
    shop_name: str
    status: str
    currency: str
    items_minor: int
    shipping_minor: int
    total_minor: int
    lines: list[dict[str, Any]]
    tracking: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """An order with its parts.

    `payment` is its first attempt, written with it a moment ago and not known to anybody else; None where the
    order was placed by an earlier request with the same key.
    """

    order: Order
    parts: tuple[PlacedPart, ...]
    payment: Payment | None = None

    @property
    def variant_ids(self) -> set[str]:
        """What was ordered."""
        return {line["variant_id"] for part in self.parts for line in part.lines}


def earlier_order(number: str) -> PlacedOrder:
    """Return an order that was placed before."""
    order = Order.objects.prefetch_related("sub_orders__shop").get(number=number)
    parts = sorted(order.sub_orders.all(), key=lambda part: (len(part.number), part.number))
    return PlacedOrder(order=order, parts=tuple(map(_part_of, parts)))


def _part_of(sub_order: SubOrder) -> PlacedPart:
    own = {name: getattr(sub_order, name) for name in PART_COLUMNS}
    return PlacedPart(shop_slug=sub_order.shop.slug, shop_name=sub_order.shop.name, **own)
