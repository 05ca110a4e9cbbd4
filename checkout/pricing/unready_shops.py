"""Carts with items of a shop whose schema the code can't read: the other items are sold."""

import logging
from collections.abc import Callable, Collection
from typing import TypeVar

from django.db import ProgrammingError, connection

from kit.db.sql import UNREADABLE
from tenants.schemas.readiness import unready_shops
from tenants.shops import schema_names

logger = logging.getLogger(__name__)

T = TypeVar("T")


def around_unready(work: Callable[[frozenset[int]], T], *, shop_ids: Collection[int]) -> T:
    """Do work over several shops' tables; if tables are missing, repeat it without the shops that are not ready.

    The usual case costs no extra statement: schemas are checked only after a failure. Inside a transaction the work
    can't be repeated, so the error is raised to its caller.
    """
    try:
        return work(frozenset())
    except ProgrammingError as error:
        if connection.in_atomic_block or not isinstance(error.__cause__, UNREADABLE):
            raise
        unready = unready_shops(shop_ids)
        if not unready:
            raise
        for shop_id in unready:
            schema_names.remember(shop_id, None)
        logger.warning("Shops %s are left out of a cart: their schemas are missing or behind.", sorted(unready))
    return work(unready)
