"""Limits of requests, counted in Redis over sliding windows: one script, one round trip for all of a request."""

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
# KEYS: the limits; the total of requests and that of refusals, where they are kept; what marks a known caller.
# ARGV: now in seconds, or nothing for Redis's own clock; how many limits; the member of the totals and the seconds
# that they are kept; then for each limit how many, in how many seconds, and how much room a request needs.
# Returns the milliseconds to wait, and of the first limit what is used and the seconds until its window ends.
COUNT = """
local limits = tonumber(ARGV[2])
if KEYS[limits + 3] and redis.call('EXISTS', KEYS[limits + 3]) == 0 then return false end
local now = tonumber(ARGV[1])
if not now then
    local time = redis.call('TIME')
    now = time[1] + time[2] / 1000000
end
local wait, windows, counts, lasts = 0, {}, {}, {}
for i = 1, limits do
    local most, length = tonumber(ARGV[3 * i + 2]), tonumber(ARGV[3 * i + 3])
    local window = math.floor(now / length)
    local share = now / length - window
    local held = redis.call('HMGET', KEYS[i], 'window', 'this', 'last')
    local this, last = 0, 0
    if held[1] then
        local passed = window - tonumber(held[1])
        if passed == 0 then this, last = tonumber(held[2]), tonumber(held[3])
        elseif passed == 1 then last = tonumber(held[2]) end
    end
    local needed = tonumber(ARGV[3 * i + 4])
    local used, full = this + last * (1 - share), most - needed
    if used >= most or used > full then
        local windows_to_wait
        if last > 0 and this <= full then windows_to_wait = 1 - (full - this) / last - share
        else windows_to_wait = 1 - share + 1 - full / this end
        wait = math.max(wait, windows_to_wait * length, 0.001)
    end
    windows[i], counts[i], lasts[i] = window, this, last
end
if wait == 0 then
    for i = 1, limits do
        redis.call('HSET', KEYS[i], 'window', windows[i], 'this', counts[i] + 1, 'last', lasts[i])
        redis.call('EXPIRE', KEYS[i], 2 * ARGV[3 * i + 3])
    end
    counts[1] = counts[1] + 1
end
if KEYS[limits + 2] then
    for i = limits + 1, limits + (wait == 0 and 1 or 2) do
        redis.call('ZINCRBY', KEYS[i], 1, ARGV[3])
        redis.call('EXPIRE', KEYS[i], ARGV[4])
    end
end
local length = tonumber(ARGV[6])
local left = windows[1] + 1 - now / length
return {math.ceil(wait * 1000), math.ceil(counts[1] + lasts[1] * left), math.ceil(left * length)}
"""
TAKE_BACK = """
for _, key in ipairs(KEYS) do
    if tonumber(redis.call('HGET', key, 'this') or 0) > 0 then redis.call('HINCRBY', key, 'this', -1) end
end
return 0
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of requests in a number of seconds, under a name that tells the subject and the caller.

    Args:
        room: the free part of the limit that a request needs: 1 for all of it, 0 where any is enough.
    """

    name: str
    most: int
    seconds: int
    room: int = 0


@dataclass(frozen=True, slots=True)
class Totals:
    """Two sorted sets, of requests and of refusals, in which one member is counted up with the limits."""

    requests: str
    refusals: str
    member: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Count:
    """Result of counting a request: the seconds to wait, 0 for one that was counted, and the first limit's state."""

    wait: float
    used: int
    reset: int


def limit_headers(limit: int, count: Count) -> dict[str, str]:
    """Return the headers that tell a caller of a limit, what is left of it, and when its window ends."""
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(max(limit - count.used, 0)),
        "X-RateLimit-Reset": str(count.reset),
    }


class _Outage:
    """State of Redis at the last try, so that an outage writes one line to the log and not one per request."""

    is_known = False


def count(limits: Sequence[Limit]) -> float:
    """Count once against every limit and return 0, or against none and return the seconds until there is room.

    While Redis is down nothing is counted and everything passes.
    """
    found = count_with_state(limits, at=time.time()) if limits else None
    return found.wait if found else 0


def count_with_state(
    limits: Sequence[Limit], *, totals: Totals | None = None, only_if: str = "", at: float | None = None
) -> Count | None:
    """Count once against every limit, or against none; None, uncounted, while Redis is down.

    Args:
        only_if: a key without which nothing is counted, and None returned; only together with totals.
        at: when the request came, in seconds since 1970; by Redis's clock, which all processes share, where left out.
    """
    names = [limit.name for limit in limits]
    figures = [figure for limit in limits for figure in (limit.most, limit.seconds, limit.room)]
    member, seconds = (totals.member, totals.seconds) if totals else (0, 0)
    if totals:
        names += [totals.requests, totals.refusals]
    if only_if:
        names.append(only_if)
    args = ["" if at is None else at, len(limits), member, seconds, *figures]
    try:
        found = cast("list[int] | None", redis.script(COUNT)(keys=[redis.prefixed(name) for name in names], args=args))
    except RedisError:
        if not _Outage.is_known:
            logger.warning("Redis is down; requests are not counted, and none is refused.")
        _Outage.is_known = True
        return None
    _Outage.is_known = False
    return Count(found[0] / 1000, found[1], found[2]) if found else None


def take_back(limits: Sequence[Limit]) -> None:
    """Take back a count made a moment ago; as far as Redis answers."""
    if not limits:
        return
    try:
        redis.script(TAKE_BACK)(keys=[redis.prefixed(limit.name) for limit in limits], args=[])
    except RedisError:
        logger.warning("Redis is down; a count stays as it is.")
