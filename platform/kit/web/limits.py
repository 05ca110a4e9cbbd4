"""Counting against limits in Redis: several at once, all or none, in one round trip."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from redis.exceptions import RedisError

from kit.db import redis

logger = logging.getLogger(__name__)

# Two numbers a limit, this window's and the last one's. The last one counts by how much of it is still within one
# window's length from now, so no caller gets twice the limit around a boundary. Refused requests are not counted.
# ARGV: now in seconds, then for each key how many, in how many seconds. Returns how long to wait, in milliseconds.
COUNT = """
local now, wait, counts = tonumber(ARGV[1]), 0, {}
for i, key in ipairs(KEYS) do
    local limit, length = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
    local window = math.floor(now / length)
    local share = now / length - window
    local held = redis.call('HMGET', key, 'window', 'this', 'last')
    local this, last = 0, 0
    if held[1] and tonumber(held[1]) == window then
        this, last = tonumber(held[2]), tonumber(held[3])
    elseif held[1] and tonumber(held[1]) == window - 1 then
        last = tonumber(held[2])
    end
    if this >= limit then
        wait = math.max(wait, (1 - share + 1 - limit / this) * length, 0.001)
    elseif this + last * (1 - share) >= limit then
        wait = math.max(wait, (1 - (limit - this) / last - share) * length, 0.001)
    end
    counts[i] = {key, window, this, last, length}
end
if wait > 0 then return math.ceil(wait * 1000) end
for _, count in ipairs(counts) do
    redis.call('HSET', count[1], 'window', count[2], 'this', count[3] + 1, 'last', count[4])
    redis.call('EXPIRE', count[1], 2 * count[5])
end
return 0
"""
TAKE_BACK = """
for _, key in ipairs(KEYS) do
    if tonumber(redis.call('HGET', key, 'this') or 0) > 0 then redis.call('HINCRBY', key, 'this', -1) end
end
return 0
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of requests in a number of seconds, under a name that tells the subject and the caller."""

    name: str
    most: int
    seconds: int


def count(limits: Sequence[Limit]) -> float:
    """Count once against every limit and return 0, or against none and return the seconds until there is room.

    While Redis is down nothing is counted and everything passes.
    """
    if not limits:
        return 0
    figures = [figure for limit in limits for figure in (limit.most, limit.seconds)]
    keys = [redis.prefixed(limit.name) for limit in limits]
    try:
        return cast("int", redis.script(COUNT)(keys=keys, args=[time.time(), *figures])) / 1000
    except RedisError:
        logger.warning("Redis is down; requests are not limited.")
        return 0


def take_back(limits: Sequence[Limit]) -> None:
    """Take back a count made a moment ago; as far as Redis answers."""
    if not limits:
        return
    try:
        redis.script(TAKE_BACK)(keys=[redis.prefixed(limit.name) for limit in limits], args=[])
    except RedisError:
        logger.warning("Redis is down; a count stays as it is.")
