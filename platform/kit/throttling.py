"""Limits for callers of the API, and for pages that do the same: all that apply to a request, in one round trip."""

import logging
import time
from collections.abc import Callable
from functools import cache, wraps
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle

from kit import redis
from kit.callers import caller_of

logger = logging.getLogger(__name__)

Method = Callable[..., HttpResponse]

# Two numbers a limit, this window's and the last one's. The last one counts by how much of it still lies within one
# window's length from now, so nobody gets twice the limit around a boundary. Refused requests are not counted.
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
        wait = math.max(wait, (1 - share) * length, 0.001)
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


class RateThrottle(ScopedRateThrottle):
    """Counts a caller against the general limit, and against the view's own (`throttle_scope`) if it has one.

    Somebody signed in is counted by who they are, everybody else by address. While Redis is down all pass.
    """

    def allow_request(self, request: Any, view: Any) -> bool:
        """Count the request unless it is one too many."""
        user = request.user
        is_known = bool(user and user.is_authenticated)
        ident = f"user-{user.pk}" if is_known else f"address-{caller_of(request)}"
        scopes = self.scopes_of(view, is_known=is_known)
        return self._count([(f"rate:{scope}:{ident}", *_rate(self.THROTTLE_RATES[scope])) for scope in scopes])

    def wait(self) -> float | None:
        """Seconds until there is room again."""
        return self._wait_seconds

    def scopes_of(self, view: Any, *, is_known: bool) -> list[str]:
        """Return the names of the limits that apply."""
        own = getattr(view, self.scope_attr, None)
        return ["user" if is_known else "anon", *([own] if own else [])]

    def _count(self, limits: list[tuple[str, int, int]]) -> bool:
        keys = [redis.prefixed(name) for name, _, _ in limits]
        figures = [figure for _, *pair in limits for figure in pair]
        self._wait_seconds: float | None = None
        try:
            wait = cast("int", redis.script(COUNT)(keys=keys, args=[time.time(), *figures]))
        except RedisError:
            logger.warning("Redis is down; requests are not limited.")
            return True
        if wait:
            self._wait_seconds = wait / 1000
        return not wait


class _PageThrottle(RateThrottle):
    """A page has its own limit alone."""

    def scopes_of(self, view: Any, *, is_known: bool) -> list[str]:
        return [view.throttle_scope]


@cache
def _rate(text: str) -> tuple[int, int]:
    """Read a rate such as `60/min` as so many in so many seconds."""
    number, seconds = ScopedRateThrottle.parse_rate(cast("Any", None), text)
    if number is None or seconds is None:
        raise ValueError(f"{text!r} is no rate.")
    return number, seconds


def throttled(scope: str) -> Callable[[Method], Method]:
    """Count a view's method against a scope of `DEFAULT_THROTTLE_RATES`, together with the API's calls."""

    def limit(method: Method) -> Method:
        @wraps(method)
        def limited(view: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return _too_many(request, scope) or method(view, request, *args, **kwargs)

        return limited

    return limit


def throttled_page(scope: str) -> Callable[[Method], Method]:
    """As `throttled`, for a page that is a function: what is posted to it counts, looking at it doesn't."""

    def limit(page: Method) -> Method:
        @wraps(page)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            refusal = _too_many(request, scope) if request.method == "POST" else None
            return refusal or page(request, *args, **kwargs)

        return limited

    return limit


def _too_many(request: HttpRequest, scope: str) -> HttpResponse | None:
    throttle = _PageThrottle()
    in_force = cast("list[type[BaseThrottle]]", api_settings.DEFAULT_THROTTLE_CLASSES)
    is_on = RateThrottle in in_force
    if not is_on or throttle.allow_request(request, SimpleNamespace(throttle_scope=scope)):
        return None
    response = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(int(throttle.wait() or 0) + 1)
    return response
