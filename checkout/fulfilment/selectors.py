"""A shop's orders, read inside its schema."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext
from django_tenants.utils import schema_context

from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.parcels import SentParcel, Units
from checkout.fulfilment.status import TO_SEND
from kit.errors import NotFoundError
from kit.text.matching import identifier_matches, name_matches
from kit.web.versions import version_of
from tenants.models import Shop


def vendor_orders(*, status: str = "", search: str = "") -> "QuerySet[VendorOrder]":
    """Return the orders of the shop whose schema is active; the work queue comes oldest first.

    Lazy: consume it before the schema is left.
    """
    orders = VendorOrder.objects.annotate(line_count=Count("lines"))
    if status:
        orders = orders.filter(status=status)
    if search:
        orders = orders.filter(name_matches(search, "buyer_name") | identifier_matches(search, "number", "buyer_email"))
    is_queue = status in TO_SEND
    return orders.order_by("placed_at", "id") if is_queue else orders.order_by("-placed_at", "-id")


def get_vendor_order(*, shop: Shop, number: str) -> VendorOrder:
    """Return an order of a shop with its lines and parcels.

    Raises:
        NotFoundError: the shop has no such order.
    """
    with schema_context(shop.schema_name):
        order = VendorOrder.objects.prefetch_related("lines", "shipments").filter(number=number).first()
    if order is None:
        raise NotFoundError(gettext("There is no order %(number)s in this shop.") % {"number": number})
    return order


def tracking_version(order: VendorOrder) -> str:
    """Return the version of the tracking of an order's last parcel.

    Args:
        order: as `get_vendor_order` returns it.
    """
    parcels = order.sent_parcels
    return parcel_version(parcels[-1]) if parcels else version_of({"parcel": []})


def parcel_version(parcel: SentParcel) -> str:
    """Return the version of the tracking of a parcel."""
    return version_of({"parcel": [parcel.carrier, parcel.tracking_number, parcel.tracking_url]})


def count_by_status(*, shop: Shop) -> Counter[str]:
    """Return the number of a shop's orders in each status."""
    with schema_context(shop.schema_name):
        rows = VendorOrder.objects.order_by().values_list("status").annotate(count=Count("id"))
        return Counter(dict(rows))


def sending_version(*, left: Units, address: Mapping[str, Any]) -> str:
    """Return the version of a parcel to be: another one once units were sent or cancelled, or go elsewhere."""
    return version_of({"left": sorted((str(key), count) for key, count in left.items() if count), "address": address})
