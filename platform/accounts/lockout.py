"""The answer to somebody who has guessed too many passwords."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from kit.callers import caller_of

MESSAGE = "Too many wrong passwords. Wait a few minutes, then try again, or reset your password."


def lockout_response(
    request: HttpRequest,
    original_response: HttpResponse | None = None,  # noqa: ARG001 - axes sends it
    credentials: Any = None,  # noqa: ARG001
) -> HttpResponse:
    """Answer a sign-in that axes has stopped: the envelope for the API, a page for people."""
    seconds = int(settings.AXES_COOLOFF_TIME * 3600)
    response: HttpResponse
    if request.path.startswith("/api/"):
        body = {"status": "error", "code": "too_many_attempts", "message": MESSAGE, "errors": None}
        response = JsonResponse(body, status=HTTPStatus.TOO_MANY_REQUESTS)
    else:
        context = {"message": MESSAGE}
        response = render(request, "429.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(seconds)
    return response


def client_ip(request: HttpRequest) -> str:
    """Return the address by which axes counts."""
    return caller_of(request)
