"""Flags in Redis by which orders of sold-out variants are refused before the database is asked.

Only a hint: a flag lasts for seconds and is removed as soon as there is stock again. While Redis is down, no variant
counts as sold out.
"""

import logging
from collections.abc import Iterable
from uuid import UUID

from redis.exceptions import RedisError

from kit.db import redis

logger = logging.getLogger(__name__)
FLAG_SECONDS = 5


def _key(variant_id: UUID | str) -> str:
    return redis.prefixed(f"sold-out:{variant_id}")


def flag(variant_ids: Iterable[UUID]) -> None:
    """Mark variants as sold out."""
    try:
        pipe = redis.client().pipeline(transaction=False)
        for variant_id in variant_ids:
            pipe.set(_key(variant_id), "1", ex=FLAG_SECONDS)
        pipe.execute()
    except RedisError:
        logger.warning("Redis is down; sold-out variants are refused by the database alone.")


def unflag(variant_ids: Iterable[UUID]) -> None:
    """Remove the mark of variants that have stock again."""
    keys = [_key(variant_id) for variant_id in variant_ids]
    try:
        if keys:
            redis.client().delete(*keys)
    except RedisError:
        logger.warning("Redis is down; sold-out flags end by themselves within %s s.", FLAG_SECONDS)


def among(variant_ids: Iterable[UUID]) -> list[UUID]:
    """Return those that are known to be sold out."""
    wanted = list(variant_ids)
    if not wanted:
        return []
    try:
        flags = redis.own_client().mget([_key(variant_id) for variant_id in wanted])
    except RedisError:
        return []
    return [variant_id for variant_id, is_flagged in zip(wanted, flags, strict=True) if is_flagged]
