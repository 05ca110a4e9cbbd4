"""A shop's part of an order as packing, shipping and corrections need it, and the writing of the market's record."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext

from checkout.fulfilment.models import MethodKind
from checkout.fulfilment.parcels import SentParcel
from checkout.fulfilment.status import PartStatus
from checkout.models import SubOrder
from checkout.moves.facts import PartFacts
from kit.errors import NotFoundError
from tenants.models import Shop


class PartKey(NamedTuple):
    """Ids of a part and of its order, the facts of it, and whether it is handed out at a station."""

    id: UUID
    order_id: UUID
    facts: PartFacts
    is_at_station: bool


def find_part(*, shop: Shop, number: str) -> PartKey:
    """Return a shop's part of an order.

    Raises:
        NotFoundError: the shop has no such part.
    """
    part = SubOrder.objects.filter(number=number, shop_id=shop.pk).first()
    if part is None:
        raise NotFoundError(gettext("There is no order %(number)s in this shop.") % {"number": number})
    return PartKey(part.pk, part.order_id, PartFacts.of(part), is_at_station(part))


def is_at_station(part: SubOrder) -> bool:
    """Return whether a part is handed out at a station."""
    return bool(part.delivery.get("kind") == MethodKind.STATION)


def find_parcel(parcels: Sequence[SentParcel], number: int) -> SentParcel:
    """Return a parcel of a part by its number.

    Raises:
        NotFoundError: there is none.
    """
    found = next((parcel for parcel in parcels if parcel.number == number), None)
    if found is None:
        raise NotFoundError(gettext("This order has no parcel %(number)s.") % {"number": number})
    return found


def write_part(
    part: SubOrder, *, now: datetime, to: PartStatus | None = None, parcels: Sequence[SentParcel] | None = None
) -> None:
    """Write a part's next status with its time, and its parcels; its order is locked.

    It runs as the platform: a shop's role may not write times.
    """
    if to is not None:
        part.step_times = {**part.step_times, part.status: part.status_at.isoformat(), to.value: now.isoformat()}
        part.status, part.status_at, part.arrive_by_on = to, now, None
    if parcels is not None:
        part.tracking = tracking_of(parcels[-1]) if parcels else {}
        part.parcels = [parcel.as_json() for parcel in parcels]
        part.parcels_sent = max([part.parcels_sent, *(parcel.number for parcel in parcels)])
    part.save(
        update_fields=[
            *("status", "status_at", "step_times", "tracking", "parcels", "parcels_sent", "delivered_by"),
            "arrive_by_on",
        ]
    )


def tracking_of(parcel: SentParcel) -> dict[str, str]:
    """Return the tracking of a parcel as processes of earlier releases read it."""
    return {"carrier": parcel.carrier, "number": parcel.tracking_number}
