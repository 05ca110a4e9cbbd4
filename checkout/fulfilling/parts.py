"""A shop's part of an order as packing, shipping and corrections need it."""

from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext

from checkout.fulfilment.services import Parcel
from checkout.models import SubOrder
from kit.errors import NotFoundError
from tenants.models import Shop


class PartKey(NamedTuple):
    """Ids of a part and of its order."""

    id: UUID
    order_id: UUID


def find_part(*, shop: Shop, number: str) -> PartKey:
    """Return the ids of a shop's part of an order.

    Raises:
        NotFoundError: the shop has no such part.
    """
    found = SubOrder.objects.filter(number=number, shop_id=shop.pk).values_list("id", "order_id").first()
    if found is None:
        raise NotFoundError(gettext("There is no order %(number)s in this shop.") % {"number": number})
    return PartKey(*found)


def tracking_of(parcel: Parcel) -> dict[str, str]:
    """Return a parcel as a sub-order stores it."""
    return {"carrier": parcel.carrier, "number": parcel.tracking_number}
