"""Views to which providers post their events."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from kit.errors import DomainError, error_body, success_body
from kit.web.body_rules import BodyRule, body_rule
from webhooks.errors import BodyTooLargeError, MethodNotAllowedError
from webhooks.services import approve_transfer, may_be_an_event, receive_event

# The largest events that any provider documents are a few kilobytes.
MAX_BODY = 256 * 1024

View = Callable[..., HttpResponse]


def enveloped(view: View) -> View:
    """Answer refusals in the envelope of the API; providers read no pages."""

    @wraps(view)
    def wrapped(request: HttpRequest, **named: str) -> HttpResponse:
        try:
            return view(request, **named)
        except DomainError as error:
            body = error_body(code=error.code, message=error.message, errors=error.details)
            response = JsonResponse(body, status=error.status)
            if error.status == HTTPStatus.METHOD_NOT_ALLOWED:
                response["Allow"] = "POST"
            return response

    return wrapped


@body_rule(BodyRule(max_bytes=MAX_BODY, needs_length=True, is_welcome=may_be_an_event))
@csrf_exempt
@enveloped
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """Take in an event of a provider; it is stored and answered at once, and processed later."""
    if request.method != "POST":
        raise MethodNotAllowedError
    receive_event(provider=provider, body=_read_body(request), headers=request.headers, now=timezone.now())
    return JsonResponse(success_body(None, message=gettext("Received.")))


@body_rule(BodyRule(max_bytes=MAX_BODY, needs_length=True))
@csrf_exempt
@enveloped
def approve(request: HttpRequest, provider: str) -> HttpResponse:
    """Answer whether a transfer is one of ours, before the provider moves money: 200, or 400."""
    if request.method != "POST":
        raise MethodNotAllowedError
    approve_transfer(provider=provider, body=_read_body(request), headers=request.headers)
    return JsonResponse(success_body(None, message=gettext("Approved.")))


def _read_body(request: HttpRequest) -> bytes:
    """Read the raw body up to its limit; the announced length is not trusted.

    Raises:
        BodyTooLargeError: the body is longer.
    """
    body = request.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        raise BodyTooLargeError
    return body
