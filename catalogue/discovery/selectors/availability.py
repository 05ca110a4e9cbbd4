"""How much of some variants can be had at this moment, from the shop's own stock."""

from collections.abc import Collection
from uuid import UUID

from psycopg import sql

from kit.sql import fetch_all, qualified

AVAILABLE = sql.SQL("SELECT s.variant_id, s.on_hand - s.reserved FROM {stock} s WHERE s.variant_id = ANY(%s)")


def available_units(*, schema_name: str, variant_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return what is available of each variant; variants that the shop does not have are left out."""
    if not variant_ids:
        return {}
    statement = AVAILABLE.format(stock=qualified(schema_name, "catalogue_stocklevel"))
    return dict(fetch_all(statement, [list(variant_ids)]))
