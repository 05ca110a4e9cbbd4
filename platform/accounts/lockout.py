"""axes, the second count of wrong passwords by account and caller: kept in the database, it holds without Redis."""

from datetime import timedelta
from http import HTTPStatus
from math import ceil
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from accounts.errors import TooManyAttemptsError
from kit.errors import error_body
from kit.web.callers import caller_of
from kit.web.too_many import too_many_page


def lockout_response(
    request: HttpRequest,
    original_response: HttpResponse | None = None,  # noqa: ARG001 - axes sends it
    credentials: Any = None,
) -> HttpResponse:
    """Answer a sign-in that axes has stopped: the envelope for the API, a page for people."""
    email = str((credentials or {}).get("username") or request.POST.get("login", ""))
    error = TooManyAttemptsError.of_passwords(retry_after=seconds_locked(request, email=email))
    if not request.path.startswith("/api/"):
        return too_many_page(request, retry_after=error.retry_after, message=error.message)
    body = error_body(code=error.code, message=error.message)
    response = JsonResponse(body, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(error.retry_after)
    return response


def seconds_locked(request: HttpRequest, *, email: str) -> int:
    """Return for how many seconds axes stops this caller at an account; at least one."""
    cool_off = timedelta(hours=settings.AXES_COOLOFF_TIME)
    tries = AccessAttempt.objects.filter(ip_address=caller_of(request), username__iexact=email.strip())
    last = tries.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    return max(1, ceil((last + cool_off - timezone.now()).total_seconds())) if last else ceil(cool_off.total_seconds())


def client_ip(request: HttpRequest) -> str:
    """Return the address by which axes counts."""
    return caller_of(request)
