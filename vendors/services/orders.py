"""Packing many orders in one go."""

from collections.abc import Sequence
from datetime import datetime

from checkout.fulfilling.advance_part import pack_part
from tenants.models import Shop
from vendors.services.bulk_result import BulkResult, apply_to_each


def pack_orders(*, shop: Shop, numbers: Sequence[str], now: datetime) -> BulkResult:
    """Mark each of some orders packed, as far as they wait to be packed."""
    return apply_to_each(lambda number: pack_part(shop=shop, number=number, now=now), numbers)
