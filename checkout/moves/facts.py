"""Facts of an order and of its parts by which their moves are judged; no statement is asked for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, OrderStatus, SubOrder


@dataclass(frozen=True, slots=True)
class PartFacts:
    """A shop's part of an order, by the market's record of it or by the shop's own.

    Args:
        since: the time at which it came to its status.
    """

    status: PartStatus
    since: datetime

    @classmethod
    def of(cls, part: SubOrder | VendorOrder) -> Self:
        """Return the facts of a part."""
        return cls(status=PartStatus(part.status), since=part.status_at)


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order, with the facts of its parts."""

    status: OrderStatus
    expires_at: datetime
    parts: tuple[PartFacts, ...]

    @classmethod
    def of(cls, order: Order, parts: Iterable[SubOrder] | None = None) -> Self:
        """Return the facts of an order.

        Args:
            parts: its parts, where the caller has read them; else those that were read with it.
        """
        known = order.sub_orders.all() if parts is None else parts
        return cls(
            status=OrderStatus(order.status),
            expires_at=order.expires_at,
            parts=tuple(PartFacts.of(part) for part in known),
        )
