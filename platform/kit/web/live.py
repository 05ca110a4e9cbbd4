"""Live pages: the subjects that a page shows, and the answer to its questions behind other servers than ours."""

from typing import Any

from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from redis.exceptions import RedisError

from kit.db import redis
from kit.live import keys_of, subjects_of, tag_of

RETRY = {"Retry-After": "5", "Cache-Control": "no-store"}


def watch(request: HttpRequest, *subjects: str) -> None:
    """Have the page that is being made show changes of some subjects."""
    request.live_subjects = (*watched(request), *subjects)  # type: ignore[attr-defined]


def watched(request: HttpRequest) -> tuple[str, ...]:
    """Return the subjects that a page shows."""
    found: tuple[str, ...] = getattr(request, "live_subjects", ())
    return found


@require_GET
def last_change(request: HttpRequest, token: str) -> HttpResponse:
    """Answer when the subjects of a page have changed, or that they have not since it last asked.

    For servers without `kit.web.front`, which answers ahead of Django.
    """
    try:
        keys = keys_of(subjects_of(token))
    except BadSignature:
        return HttpResponse(status=404, headers={"Cache-Control": "no-store"})
    try:
        times: Any = redis.own_client().mget(keys)
    except RedisError:
        return HttpResponse(status=503, headers=RETRY)
    tag = tag_of(times)
    status = 304 if request.headers.get("If-None-Match") == tag else 204
    return HttpResponse(status=status, headers={"ETag": tag, "Cache-Control": "no-store"})
