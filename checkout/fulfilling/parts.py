"""A shop's part of an order as packing, shipping and corrections need it."""

from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext

from checkout.fulfilment.models import MethodKind
from checkout.fulfilment.services import Parcel
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
    return PartKey(part.pk, part.order_id, PartFacts.of(part), part.delivery.get("kind") == MethodKind.STATION)


def tracking_of(parcel: Parcel) -> dict[str, str]:
    """Return a parcel as a sub-order stores it."""
    return {"carrier": parcel.carrier, "number": parcel.tracking_number}
