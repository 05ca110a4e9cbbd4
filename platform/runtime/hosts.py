"""Answer to a proxy that asks whether to get a certificate for a host (docs/operations.md)."""

from __future__ import annotations

from http import HTTPStatus

import redis
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kit.db.redis import client, prefixed
from tenants.hosts.selectors import is_served_host

WINDOW_SECONDS = 60


@never_cache
@require_safe
def known_host(request: HttpRequest) -> JsonResponse:
    """Answer 200 for a host that may have a certificate, 404 for another, 429 for too many requests."""
    if _is_too_much():
        return JsonResponse(
            {"status": "busy"}, status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": str(WINDOW_SECONDS)}
        )
    if is_served_host(request.GET.get("domain", "").lower().rstrip(".")):
        return JsonResponse({"status": "ok"})
    return JsonResponse({"status": "unknown"}, status=HTTPStatus.NOT_FOUND)


def _is_too_much() -> bool:
    """Count this question with all others of the minute; with Redis down, answer."""
    key = prefixed(f"host-asked:{int(timezone.now().timestamp()) // WINDOW_SECONDS}")
    try:
        with client().pipeline(transaction=True) as pipe:  # both or neither: a count without an end would stay for ever
            pipe.incr(key)
            pipe.expire(key, 2 * WINDOW_SECONDS)
            count = int(pipe.execute()[0])
    except redis.RedisError:
        return False
    return count > int(settings.HOST_QUESTIONS_PER_MINUTE)
