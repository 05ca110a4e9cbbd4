"""Packing many orders in one go."""

from collections.abc import Sequence
from datetime import datetime

from checkout.fulfilling.advance_part import pack_part
from tenants.models import Shop
from vendors.services.tally import Tally, tally


def pack_orders(*, shop: Shop, numbers: Sequence[str], now: datetime) -> Tally:
    """Mark each of some orders packed, as far as they wait to be packed."""
    return tally(lambda number: pack_part(shop=shop, number=number, now=now), numbers)
