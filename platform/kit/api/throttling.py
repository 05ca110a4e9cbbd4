"""Limits for callers of the API, and for pages that do the same: all limits of a request in one round trip."""

import time
from collections.abc import Callable
from functools import cache, wraps
from math import ceil
from types import SimpleNamespace
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle

from kit.web.callers import caller_of
from kit.web.limits import Limit, count_with_state, limit_headers
from kit.web.too_many import too_many_page

Method = Callable[..., HttpResponse]

TOLD = "kasuwa.rate_limit"  # a request's headers about its limit, until its answer is there


class RateThrottle(ScopedRateThrottle):
    """Counts a caller against the general limit, and against the view's own (`throttle_scope`) if it has one.

    A view with `throttled_methods` counts these against its own limit alone.

    Signed-in users are counted by account, others by address. While Redis is down all requests pass.
    """

    def allow_request(self, request: Any, view: Any) -> bool:
        """Count the request unless it is one too many."""
        user = request.user
        is_known = bool(user and user.is_authenticated)
        ident = f"user-{user.pk}" if is_known else f"address-{caller_of(request)}"
        scopes = self.scopes_of(view, is_known=is_known)
        return self._count(
            request, [Limit(f"rate:{scope}:{ident}", *_rate(self.THROTTLE_RATES[scope])) for scope in scopes]
        )

    def wait(self) -> float | None:
        """Seconds until there is room again."""
        return self._wait_seconds

    def scopes_of(self, view: Any, *, is_known: bool) -> list[str]:
        """Return the names of the limits that apply, first the one that callers are told of."""
        own = getattr(view, self.scope_attr, None)
        methods = getattr(view, "throttled_methods", None)
        if methods is not None and view.request.method not in methods:
            own = None
        return [*([own] if own else []), "user" if is_known else "anon"]

    def _count(self, request: Any, limits: list[Limit]) -> bool:
        found = count_with_state(limits, at=time.time())
        if found is not None:
            request.META[TOLD] = limit_headers(limits[0].most, found)
        self._wait_seconds = (found.wait if found else 0) or None
        return self._wait_seconds is None


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


def throttled_page(scope: str, *, method: str = "POST") -> Callable[[Method], Method]:
    """As `throttled`, for a page that is a function: requests of one method count."""

    def limit(page: Method) -> Method:
        @wraps(page)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            refusal = _too_many(request, scope) if request.method == method else None
            return refusal or page(request, *args, **kwargs)

        return limited

    return limit


def _too_many(request: HttpRequest, scope: str) -> HttpResponse | None:
    throttle = _PageThrottle()
    in_force = cast("list[type[BaseThrottle]]", api_settings.DEFAULT_THROTTLE_CLASSES)
    is_on = RateThrottle in in_force
    if not is_on or throttle.allow_request(request, SimpleNamespace(throttle_scope=scope)):
        return None
    return too_many_page(request, retry_after=ceil(throttle.wait() or 1))
