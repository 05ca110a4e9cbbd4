"""Packing, shipping and delivering many orders in one go, each judged by the service of the single step."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from checkout.fulfilling.advance_part import deliver_part, pack_part, ship_part
from checkout.fulfilment.services import Parcel
from tenants.models import Shop
from vendors.services.bulk_result import BulkResult, apply_to_each

NO_CODES: Mapping[str, str] = MappingProxyType({})


def pack_orders(*, shop: Shop, numbers: Sequence[str], now: datetime) -> BulkResult[str]:
    """Mark each of some orders packed, as far as they wait to be packed."""
    return apply_to_each(lambda number: pack_part(shop=shop, number=number, now=now), numbers)


def ship_orders(*, shop: Shop, parcels: Mapping[str, Parcel], now: datetime) -> BulkResult[str]:
    """Mark each of some orders shipped, as far as they have not left.

    Args:
        parcels: carrier and tracking number by the order's number.
    """
    return apply_to_each(
        lambda number: ship_part(shop=shop, number=number, parcel=parcels[number], now=now), list(parcels)
    )


def deliver_orders(
    *, shop: Shop, numbers: Sequence[str], now: datetime, codes: Mapping[str, str] = NO_CODES
) -> BulkResult[str]:
    """Mark each of some orders delivered, as far as they are on their way.

    Args:
        codes: pick-up codes of parcels that are handed out at a station, by the order's number.
    """
    return apply_to_each(
        lambda number: deliver_part(shop=shop, number=number, code=codes.get(number, ""), now=now), numbers
    )
