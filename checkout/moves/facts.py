"""Facts of an order and of its parts by which their moves are judged; no statement is asked for them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.parcels import SentParcel
from checkout.fulfilment.status import ParcelStatus, PartStatus
from checkout.models import Order, OrderStatus, SubOrder


@dataclass(frozen=True, slots=True)
class PartFacts:
    """A shop's part of an order, by the market's record of it or by the shop's own.

    Args:
        since: the time at which it came to its status.
        to_send: units that are still with its shop.
        parcels: those that have left.
        is_returnable: whether something of it can be sent back, as its reader has looked up; the buyer alone asks.
    """

    status: PartStatus
    since: datetime
    to_send: int = 0
    parcels: tuple[SentParcel, ...] = ()
    is_returnable: bool = False

    @classmethod
    def of(cls, part: SubOrder | VendorOrder, *, returnable: Collection[UUID] = ()) -> Self:
        """Return the facts of a part.

        Args:
            returnable: ids of parts of which something can be sent back.
        """
        return cls(
            status=PartStatus(part.status),
            since=part.status_at,
            to_send=sum(part.to_send.values()),
            parcels=tuple(part.sent_parcels),
            is_returnable=part.pk in returnable,
        )

    @property
    def on_the_way(self) -> tuple[SentParcel, ...]:
        """Return the parcels that have left and not arrived."""
        return tuple(parcel for parcel in self.parcels if parcel.status == ParcelStatus.SHIPPED)


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order, with the facts of its parts."""

    status: OrderStatus
    expires_at: datetime
    parts: tuple[PartFacts, ...]
    waits_for_return: bool = False

    @classmethod
    def of(cls, order: Order, parts: Iterable[SubOrder] | None = None, *, returnable: Collection[UUID] = ()) -> Self:
        """Return the facts of an order.

        Args:
            parts: its parts, where the caller has read them; else those that were read with it.
            returnable: ids of parts of which something can be sent back.
        """
        known = order.sub_orders.all() if parts is None else parts
        return cls(
            status=OrderStatus(order.status),
            expires_at=order.expires_at,
            waits_for_return=order.waits_for_return,
            parts=tuple(PartFacts.of(part, returnable=returnable) for part in known),
        )
