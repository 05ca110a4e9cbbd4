"""Rounds over shops with something due: batch by batch, each in a transaction of its own."""

import logging
from collections.abc import Callable, Iterable

from django.db import Error

from kit.errors import DomainError

logger = logging.getLogger(__name__)
Batch = Callable[[int, str], int]


def work_through(due: Iterable[tuple[int, str]], batch: Batch, *, size: int, name: str) -> int:
    """Run batches of each shop and currency until one is not full; return the number of all that they did.

    A shop that fails is left to the next round, and keeps no other shop waiting.

    Args:
        batch: does a part of what is due, and returns its number.
        size: of a full batch.
        name: of the round, for the log.
    """
    done = 0
    for shop_id, currency in due:
        try:
            count = size
            while count >= size:
                count = batch(shop_id, currency)
                done += count
        except (DomainError, Error):
            logger.exception("%s failed for shop %s; the next round tries it again.", name, shop_id)
    return done
