"""Limits on what anybody may ask for: sign-ups, letters, tries at links; allauth counts, pages and API alike."""

import time
from math import ceil

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

from accounts.errors import TooManyAttemptsError

APP = "allauth.account"


def limit_attempts(*, request: HttpRequest, action: str, key: str = "") -> None:
    """Count an attempt.

    Raises:
        TooManyAttemptsError: there were too many already; `retry_after` is the time to wait.
    """
    key = key.strip().lower()
    if not ratelimit.consume(request, app=APP, action=action, key=key or None):
        raise TooManyAttemptsError.of(retry_after=seconds_left(request=request, action=action, key=key))


def seconds_left(*, request: HttpRequest, action: str, key: str = "") -> int:
    """Return after how many seconds the next attempt is counted again; at least one."""
    now, waits = time.time(), [1]
    for rate in ratelimit.get_rates(app=APP, action=action):
        if (rate.per == "user" and not request.user.is_authenticated) or (rate.per == "key" and not key):
            continue
        counted = ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key or None)
        history: list[float] = [at for at in cache.get(counted, []) if at > now - rate.duration]
        if len(history) >= rate.amount:
            waits.append(ceil(history[rate.amount - 1] + rate.duration - now))
    return max(waits)
