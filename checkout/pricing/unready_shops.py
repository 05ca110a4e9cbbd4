"""Carts that hold something of a shop whose schema the code can't read: the rest is sold all the same."""

import logging
from collections.abc import Callable, Collection
from typing import TypeVar

from django.db import ProgrammingError, connection

from kit.db.sql import UNREADABLE
from tenants.selectors import schema_names
from tenants.selectors.readiness import unready_shops

logger = logging.getLogger(__name__)

T = TypeVar("T")


def around_unready(work: Callable[[frozenset[int]], T], *, shop_ids: Collection[int]) -> T:
    """Do work over several shops' tables; where the database says that some are not there, again without those.

    What is asked first costs no statement: whether a schema is ready is looked up after the first failure
    only. Inside a transaction nothing can be done again, so the error goes on to whoever opened it.
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
