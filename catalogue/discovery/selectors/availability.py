"""How much of some variants can be had at this moment, from the shop's own stock."""

from collections.abc import Collection
from uuid import UUID

from django.db import ProgrammingError
from psycopg import sql

from kit.sql import UNREADABLE, fetch_all, qualified
from tenants.errors import ShopOutdatedError

AVAILABLE = sql.SQL("SELECT s.variant_id, s.on_hand - s.reserved FROM {stock} s WHERE s.variant_id = ANY(%s)")


def available_units(*, schema_name: str, variant_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return what is available of each variant; variants that the shop does not have are left out.

    Raises:
        ShopOutdatedError: the shop's schema is missing, or behind what the code needs.
    """
    if not variant_ids:
        return {}
    statement = AVAILABLE.format(stock=qualified(schema_name, "catalogue_stocklevel"))
    try:
        return dict(fetch_all(statement, [list(variant_ids)]))
    except ProgrammingError as error:
        if isinstance(error.__cause__, UNREADABLE):
            raise ShopOutdatedError from error
        raise
