"""Deliver parts of an order that its buyer has received: the buyer confirms that the parcels have arrived."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from checkout.fulfilling.advance_part import deliver_part
from checkout.fulfilment.errors import WrongStepError
from checkout.fulfilment.status import PartStatus
from checkout.moves.move import Side
from checkout.orders.selectors import lock_order
from kit.db.roles import as_platform
from kit.errors import NotFoundError


@as_platform()  # the order is the buyer's
def receive_parts(*, order_id: UUID, now: datetime, number: str = "") -> int:
    """Record that the parts of an order that are on their way have arrived, and return their number.

    Parts that have arrived already stay as they are, so a second confirmation changes nothing.

    Args:
        number: of the only part that has arrived; empty: all that are on their way.

    Raises:
        NotFoundError: the order has no such part.
        WrongStepError: nothing of it is on its way or has arrived; nothing has changed.
    """
    with transaction.atomic():
        order = lock_order(order_id=order_id)
        parts = list(order.sub_orders.select_related("shop").order_by("shop__schema_name"))
        named = [part for part in parts if part.number == number] if number else parts
        if not named:
            raise NotFoundError
        on_their_way = [part for part in named if part.status == PartStatus.SHIPPED]
        if not on_their_way and not any(part.status == PartStatus.DELIVERED for part in named):
            raise WrongStepError
        for part in on_their_way:
            deliver_part(shop=part.shop, number=part.number, by=Side.BUYER, now=now)
    return len(on_their_way)
