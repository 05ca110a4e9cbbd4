"""How much of the platform one shop may use: requests a minute, so that a script gone wild slows nobody else."""

from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from kit.errors import TooManyRequestsError
from kit.shop_limits import Verdict, count_request
from tenants.models import Shop
from tenants.requests import RoutedRequest

UNCOUNTED = ("/health/", "/static/", "/media/")
PROGRAMS = "/api/"
BULK = "bulk"


class ShopTooBusyError(TooManyRequestsError):
    """A shop has asked for more than it may."""

    code = "shop_throttled"
    default_message = "Your shop has made a lot of requests in a short time. Wait a little, then carry on."


def limit_of(shop: Shop) -> int:
    """Return how many requests a minute a shop may make."""
    own = shop.rate_limit_per_minute
    return int(settings.SHOP_REQUESTS_PER_MINUTE) if own is None else own


def check_bulk(shop: Shop) -> None:
    """Count a request that makes much work, such as an upload, against the shop's stricter limit for those.

    Raises:
        ShopTooBusyError: it is one too many.
    """
    verdict = count_request(shop_id=shop.pk, limit=settings.SHOP_BULK_REQUESTS_PER_MINUTE, scope=BULK)
    if verdict is not None and not verdict.is_allowed:
        message = f"Those were a lot of uploads in a short time. Try again in {verdict.retry_after} seconds."
        raise ShopTooBusyError(message, retry_after=verdict.retry_after)


class ShopLimitMiddleware:
    """Count every request on a shop's host, pages and API alike; health checks and files aside."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        shop = cast("RoutedRequest", request).shop
        if shop is None or request.path_info.startswith(UNCOUNTED):
            return self.get_response(request)
        verdict = count_request(shop_id=shop.pk, limit=limit_of(shop))
        if verdict is None:
            return self.get_response(request)
        response = self.get_response(request) if verdict.is_allowed else _refuse(request, verdict)
        for name, value in verdict.headers.items():
            response[name] = value
        return response


def _refuse(request: HttpRequest, verdict: Verdict) -> HttpResponse:
    error = ShopTooBusyError(retry_after=verdict.retry_after)
    if request.path_info.startswith(PROGRAMS):
        body = {"status": "error", "code": error.code, "message": error.message, "errors": None}
        return JsonResponse(body, status=error.status)
    return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
