"""Middleware that refuses request bodies which a view does not take, with any server in front of Django."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kit.errors import error_body
from kit.web.body_rules import rule_of

REFUSED = "kasuwa.body_refused"  # the server's word that it has not read the body, and the status of the answer
PROGRAMS = ("/api/", "/webhooks/")
REFUSALS = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "body_too_large",
        _("This is larger than we take here. Send less at a time, or smaller files."),
    ),
    HTTPStatus.LENGTH_REQUIRED: ("length_required", _("Say how long the body is, with a Content-Length header.")),
}


class BodyRuleMiddleware:
    """Answers 413 or 411 by the announced length, before anything is read; takes files where a view expects them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Judge the announced body before any code reads it."""
        rule = rule_of(view)
        status = request.META.get(REFUSED)
        length = str(request.META.get("CONTENT_LENGTH") or "")
        if status is None and length.isdecimal():
            status = rule.refusal(length=int(length))
        if status is not None:
            return _refuse(request, HTTPStatus(status))
        if not rule.takes_files and request.content_type == "multipart/form-data":
            request.upload_handlers = [UnexpectedFiles(request)]
        return None


class UnexpectedFiles(FileUploadHandler):
    """Ends the reading of a form at its first file."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Refuse.

        Raises:
            BadRequest: always.
        """
        raise BadRequest(gettext("No file is expected here."))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep nothing."""
        return None

    def file_complete(self, file_size: int) -> None:
        """Keep nothing."""


def _refuse(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    code, message = REFUSALS[status]
    if request.path.startswith(PROGRAMS):
        return JsonResponse(error_body(code=code, message=str(message)), status=status)
    return render(request, "413.html", {"message": message}, status=status)
