"""Answers where no view could answer: the envelope to programs, a page to people."""

import logging
import sys
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views import defaults

from kit.db.timeouts import BUSY_RETRY_SECONDS, as_busy
from kit.errors import BusyError, error_body
from kit.web.body_middleware import PROGRAMS

logger = logging.getLogger(__name__)

MESSAGES = {
    HTTPStatus.BAD_REQUEST: ("invalid", gettext_lazy("This request is malformed or too large.")),
    HTTPStatus.FORBIDDEN: ("permission_denied", gettext_lazy("You are not allowed to do this.")),
    HTTPStatus.NOT_FOUND: ("not_found", gettext_lazy("There is no such address in this API; /api/docs/ lists them.")),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "server_error",
        gettext_lazy("Something went wrong here. Please try again in a moment."),
    ),
}


def _answering(status: HTTPStatus, page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    code, message = MESSAGES[status]

    @wraps(page)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.path.startswith(PROGRAMS):
            return JsonResponse(error_body(code=code, message=str(message)), status=status)
        return page(request, *args, **kwargs)

    return answer


bad_request = _answering(HTTPStatus.BAD_REQUEST, defaults.bad_request)
forbidden = _answering(HTTPStatus.FORBIDDEN, defaults.permission_denied)
not_found = _answering(HTTPStatus.NOT_FOUND, defaults.page_not_found)
_broken = _answering(HTTPStatus.INTERNAL_SERVER_ERROR, defaults.server_error)


def server_error(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
    """Answer 500; 503 where a middleware met a database or a Redis that does not answer."""
    error = sys.exc_info()[1]
    busy = as_busy(error)
    if error is not None and busy is not None:
        return refuse_busy(request, error, busy)
    return _broken(request, *args, **kwargs)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 where a form came without the proof that this site wrote it."""
    logger.info("%s was refused: %s", request.path, reason)
    if request.path.startswith(PROGRAMS):
        return forbidden(request, PermissionDenied())
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)


class RefusalMiddleware:
    """Answer 503 where a view had to stop: the database ran out of time, or others hold what it needs.

    A method that an address does not take is refused by Django with an empty body; people get a page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not (response.streaming or response.content):
            page = render(request, "405.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page, or the envelope; None leaves every other exception to Django."""
        busy = as_busy(error)
        if busy is None:
            return None
        return refuse_busy(request, error, busy)


def refuse_busy(request: HttpRequest, error: BaseException, busy: BusyError) -> HttpResponse:
    """Answer 503 with the time after which to try again."""
    if busy is not error:
        logger.warning("%s %s was cut short: %s", request.method, request.path, error)
    if request.path.startswith(PROGRAMS):
        body = error_body(code=busy.code, message=busy.message, errors=busy.details)
        response: HttpResponse = JsonResponse(body, status=busy.status)
    else:
        response = render(request, "503.html", {"busy": busy}, status=busy.status)
    response["Retry-After"] = BUSY_RETRY_SECONDS
    return response
