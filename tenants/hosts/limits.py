"""Limits of requests to a shop's host; its members share one, so that a runaway script slows no other shop.

Other callers are counted apart, by account or by address and network, so that they do not slow the shop's members. Only
the view knows for sure whether a request is a member's. Before it, a person who was admitted within the last quarter of
an hour counts as one, which costs no statement (docs/fairness.md).
"""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext, gettext_lazy
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken

from kit.errors import TooManyRequestsError, error_body
from kit.web.callers import caller_of, network_of
from kit.web.too_many import in_words, too_many_page
from tenants.hosts.request_counts import NON_MEMBERS, Verdict, count_known_member, count_request, remember_member
from tenants.hosts.requests import RoutedRequest, ShopRequest
from tenants.models import Shop

UNCOUNTED = ("/health/", "/static/", "/media/")
PROGRAMS = "/api/"
BULK = "bulk"
BEARER = "Bearer "
# A network holds many offices and phones; one that asks more than so many callers may is one attacker's.
CALLERS_A_NETWORK = 5


class ShopTooBusyError(TooManyRequestsError):
    """A shop has asked for more than it may."""

    code = "shop_throttled"
    default_message = gettext_lazy(
        "Your shop has made a lot of requests in a short time. Wait a little, then carry on."
    )


def limit_of(shop: Shop) -> int:
    """Return the number of requests that a shop's members may make in a minute."""
    own = shop.rate_limit_per_minute
    return int(settings.SHOP_REQUESTS_PER_MINUTE) if own is None else own


def check_bulk(shop: Shop) -> None:
    """Count a request that makes much work, such as an upload, against the shop's stricter limit for those.

    Raises:
        ShopTooBusyError: it is one too many.
    """
    verdict = count_request(shop_id=shop.pk, limit=settings.SHOP_BULK_REQUESTS_PER_MINUTE, scope=BULK)
    if verdict is not None and not verdict.is_allowed:
        words = gettext("Those were a lot of uploads in a short time. Try again in %(wait)s.")
        raise ShopTooBusyError(words % {"wait": in_words(verdict.retry_after)}, retry_after=verdict.retry_after)


def count_member(request: ShopRequest, *, user_id: int) -> None:
    """Count the request of a person who works in the shop, unless it was counted as a member's already.

    Raises:
        ShopTooBusyError: it is one too many.
    """
    if request.is_counted_as_members:
        return
    request.is_counted_as_members = True
    request.limit_verdict = count_request(shop_id=request.shop.pk, limit=limit_of(request.shop))
    remember_member(shop_id=request.shop.pk, user_id=user_id)
    if request.limit_verdict is not None and not request.limit_verdict.is_allowed:
        raise ShopTooBusyError(retry_after=request.limit_verdict.retry_after)


def refuse_page(request: HttpRequest, error: TooManyRequestsError) -> HttpResponse:
    """Answer a page's request that is one too many."""
    return too_many_page(request, retry_after=error.retry_after)


class ShopLimitMiddleware:
    """Count every request on a shop's host, pages and API alike; health checks and files aside."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if cast("RoutedRequest", request).shop is None or request.path_info.startswith(UNCOUNTED):
            return self.get_response(request)
        routed = cast("ShopRequest", request)
        error = _count(routed)
        response = _refuse(routed, error) if error else self.get_response(routed)
        for name, value in (routed.limit_verdict.headers if routed.limit_verdict else {}).items():
            response[name] = value
        return response


def _count(request: ShopRequest) -> TooManyRequestsError | None:
    """Count a request as a member's or as another caller's; return the refusal of one above the limit."""
    shop, user_id = request.shop, _claimed_user_id(request)
    known = None
    if user_id:
        known = count_known_member(shop_id=shop.pk, user_id=user_id, limit=limit_of(shop))
    request.is_counted_as_members = known is not None
    request.limit_verdict = known or _count_non_member(request, shop, user_id)
    if request.limit_verdict is None or request.limit_verdict.is_allowed:
        return None
    wait = request.limit_verdict.retry_after
    if known:
        return ShopTooBusyError(retry_after=wait)
    message = gettext("That was a lot of requests in a short time. Try again in %(in_words)s.") % {
        "in_words": in_words(wait)
    }
    return TooManyRequestsError(message, retry_after=wait)


def _count_non_member(request: HttpRequest, shop: Shop, user_id: str) -> Verdict | None:
    most = int(settings.SHOP_NON_MEMBER_REQUESTS_PER_MINUTE)
    if user_id:
        return count_request(shop_id=shop.pk, limit=most, scope=f"{NON_MEMBERS}:user:{user_id}")
    network = f"{NON_MEMBERS}:network:{network_of(request)}"
    verdict = count_request(shop_id=shop.pk, limit=most * CALLERS_A_NETWORK, scope=network)
    if verdict is not None and not verdict.is_allowed:
        return verdict
    return count_request(shop_id=shop.pk, limit=most, scope=f"{NON_MEMBERS}:caller:{caller_of(request)}")


def _claimed_user_id(request: HttpRequest) -> str:
    """Return the user id that a session or token claims: the signature is checked, the user is not."""
    header = request.META.get("HTTP_AUTHORIZATION", "")
    if header.startswith(BEARER):
        try:
            return str(AccessToken(header.removeprefix(BEARER).strip()).get("user_id", ""))
        except TokenError:
            return ""
    return "" if request.session.is_empty() else str(request.session.get(SESSION_KEY, ""))


def _refuse(request: HttpRequest, error: TooManyRequestsError) -> HttpResponse:
    if not request.path_info.startswith(PROGRAMS):
        return refuse_page(request, error)
    body = error_body(code=error.code, message=error.message)
    return JsonResponse(body, status=error.status)
