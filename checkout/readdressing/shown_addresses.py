"""Delivery addresses of an order as its page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass

from checkout.fulfilment.status import SOLD, PartStatus
from checkout.models import Order, OrderStatus, SubOrder


@dataclass(frozen=True, slots=True)
class ShownAddresses:
    """Parts that go elsewhere than their order, and those whose address can be changed.

    Args:
        may_change_all: whether the address of the whole order can be changed.
    """

    elsewhere: list[SubOrder]
    changeable: list[SubOrder]
    may_change_all: bool


def shown_addresses(order: Order, parts: Iterable[SubOrder]) -> ShownAddresses:
    """Return the addresses of an order's parts, and the changes that are possible now."""
    open_parts = [part for part in parts if part.status in SOLD]
    new = [part for part in open_parts if part.status == PartStatus.NEW and order.status == OrderStatus.PAID]
    elsewhere = [part for part in open_parts if part.goes_to(order) != order.shipping_address]
    return ShownAddresses(elsewhere, new, may_change_all=bool(new) and len(new) == len(open_parts))
