"""Units sold of each listing."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from psycopg import sql

from catalogue.discovery.selectors.locks import lock_listings
from catalogue.discovery.services.versions import bump_shop
from kit.db.sql import execute

ADD = sql.SQL("""
UPDATE discovery_listing l SET popularity = GREATEST(0, l.popularity + n.units)
  FROM unnest(%(ids)s::uuid[], %(units)s::int[]) AS n(id, units)
 WHERE l.id = n.id AND l.shop_id = %(shop_id)s
""")


def record_sales(*, shop_id: int, units: Mapping[UUID, int]) -> None:
    """Add sold units to a shop's listings; negative for what came back. Call it once per paid sub-order.

    Raises:
        nothing for listings that are gone meanwhile: they are left out.
    """
    if not units:
        return
    with transaction.atomic():
        lock_listings(shop_id=shop_id, listing_ids=units.keys())
        execute(ADD, {"shop_id": shop_id, "ids": list(units), "units": list(units.values())})
        bump_shop(shop_id)
