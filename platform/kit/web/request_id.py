"""A request's id in its answer and in every log line."""

import logging
import re
from collections.abc import Callable
from contextvars import ContextVar

from django.db import connection
from django.http import HttpRequest, HttpResponse

from kit.ids import uuid7
from kit.web.headers import header_of

_current: ContextVar[str] = ContextVar("request_id", default="-")
ACCEPTED = re.compile(r"[A-Za-z0-9_.-]{8,64}")


def current_request_id() -> str:
    """Return the id of the request that is being answered, or `-`."""
    return _current.get()


class RequestIdMiddleware:
    """Take the caller's `X-Request-ID` where it is harmless, else make one; send it back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = header_of(request, "X-Request-ID")
        request_id = asked if ACCEPTED.fullmatch(asked) else uuid7().hex
        token = _current.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        response["X-Request-ID"] = request_id
        return response


class RequestIdFilter(logging.Filter):
    """Add the request's id and the schema to log records."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id()
        record.schema = getattr(connection, "schema_name", "-")
        return True
