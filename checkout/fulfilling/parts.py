"""A shop's part of an order as packing, shipping and corrections need it."""

from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext

from checkout.fulfilment.models import MethodKind
from checkout.fulfilment.services import Parcel
from checkout.fulfilment.status import PartStatus
from checkout.models import SubOrder
from kit.errors import NotFoundError
from tenants.models import Shop


class PartKey(NamedTuple):
    """Ids of a part and of its order, whether it is handed out at a station, and whether it is on its way."""

    id: UUID
    order_id: UUID
    is_at_station: bool = False
    is_on_its_way: bool = False


def find_part(*, shop: Shop, number: str) -> PartKey:
    """Return a shop's part of an order.

    Raises:
        NotFoundError: the shop has no such part.
    """
    found = (
        SubOrder.objects.filter(number=number, shop_id=shop.pk)
        .values_list("id", "order_id", "delivery__kind", "status")
        .first()
    )
    if found is None:
        raise NotFoundError(gettext("There is no order %(number)s in this shop.") % {"number": number})
    part_id, order_id, kind, status = found
    return PartKey(part_id, order_id, kind == MethodKind.STATION, status == PartStatus.SHIPPED)


def tracking_of(parcel: Parcel) -> dict[str, str]:
    """Return a parcel as a sub-order stores it."""
    return {"carrier": parcel.carrier, "number": parcel.tracking_number}
