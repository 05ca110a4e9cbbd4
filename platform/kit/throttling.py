"""The API's limits for pages that do the same."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle

Method = Callable[..., HttpResponse]


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
    throttle = ScopedRateThrottle()
    in_force = cast("list[type[BaseThrottle]]", api_settings.DEFAULT_THROTTLE_CLASSES)
    is_on = ScopedRateThrottle in in_force
    if not is_on or throttle.allow_request(request, SimpleNamespace(throttle_scope=scope)):  # type: ignore[arg-type]
        return None
    response = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(int(throttle.wait() or 0) + 1)
    return response
