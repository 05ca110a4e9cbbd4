"""Flags in Redis by which orders of sold-out variants are refused before the database is asked.

Only a hint: a flag lasts for seconds and is removed as soon as there is stock again. While Redis is down, no variant
counts as sold out. Mostly nothing is flagged at all, so a process that has just seen that asks no more for a moment.
"""

import logging
import time
from collections.abc import Iterable
from uuid import UUID

from redis.exceptions import RedisError

from kit.db import redis

logger = logging.getLogger(__name__)
FLAG_SECONDS = 5
UNASKED_SECONDS = 0.25  # after a look that found no flag of any variant


class _Seen:
    """State of the flags at this process's last look: until when there are taken to be none."""

    none_until = 0.0


def _key(variant_id: UUID | str) -> str:
    return redis.prefixed(f"sold-out:{variant_id}")


def _any_key() -> str:
    """Return the key that is there while any variant is flagged."""
    return redis.prefixed("sold-out:any")


def flag(variant_ids: Iterable[UUID]) -> None:
    """Mark variants as sold out."""
    _Seen.none_until = 0.0
    try:
        pipe = redis.client().pipeline(transaction=False)
        pipe.set(_any_key(), "1", ex=FLAG_SECONDS)
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
    if not wanted or time.monotonic() < _Seen.none_until:
        return []
    try:
        is_any, *flags = redis.own_client().mget([_any_key(), *map(_key, wanted)])
    except RedisError:
        return []
    if is_any is None:
        _Seen.none_until = time.monotonic() + UNASKED_SECONDS
    return [variant_id for variant_id, is_flagged in zip(wanted, flags, strict=True) if is_flagged]
