"""Bodies of the API's calls: none where a call takes none, and of a kind that its view reads.

What can be told from the headers and the address is judged ahead of the view, by the same middleware as parameters
(`kit.api.input`); what a body says is judged by the parser (`kit.api.parsers`) and by the body's serializer.
"""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext

from kit.errors import Fault, InvalidInputError, error_body

if TYPE_CHECKING:  # REST framework's views import the parsers, which import this
    from rest_framework.views import APIView

V = TypeVar("V")

WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
NOTHING = frozenset({b"", b"{}"})
NO_LENGTH = frozenset({None, "", "0"})


def without_body(handler: V) -> V:
    """Mark a view's method that takes no body: one that is sent is refused, and none is described."""
    handler.takes_no_body = True  # type: ignore[attr-defined]
    return handler


def takes_list(handler: V) -> V:
    """Mark a view's method whose body is a list, of the entries of a `kit.api.input.ListInput`."""
    handler.takes_a_list = True  # type: ignore[attr-defined]
    return handler


def is_list(view: type[Any], method: str) -> bool:
    """Return whether the body of a call is a list; others are objects."""
    return getattr(getattr(view, method.lower(), None), "takes_a_list", False)


def takes_body(view: type[Any], method: str) -> bool:
    """Return whether a call takes a body."""
    return method in WITH_BODY and not getattr(getattr(view, method.lower()), "takes_no_body", False)


def refused_body(view: "type[APIView]", request: HttpRequest) -> HttpResponse | None:
    """Return the refusal of a body that the call cannot take, None where it may be read or there is none."""
    if request.META.get("CONTENT_LENGTH") in NO_LENGTH:
        return None
    if not takes_body(view, request.method or ""):
        return None if request.body.strip() in NOTHING else _unexpected()
    is_read = any(parser.media_type == request.content_type for parser in view.parser_classes)
    return None if is_read else _unreadable(request.content_type or "", view)


def _unexpected() -> HttpResponse:
    error = InvalidInputError(details={"body": [gettext("This call takes no body. Send it without one.")]})
    return _refusal(error.status, error.code, error.message, error.details)


def _unreadable(sent: str, view: "type[APIView]") -> HttpResponse:
    known = [parser.media_type for parser in view.parser_classes]
    message = gettext("Send the body as %(known)s, and say so in the header Content-Type.")
    text = message % {"known": ", ".join(known)}
    code = "unsupported_media_type"
    fault = Fault(gettext("“%(sent)s” can't be read here.") % {"sent": sent[:100]}, code)
    return _refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, code, text, {"Content-Type": [fault]})


def _refusal(status: int, code: str, message: str, errors: Any) -> HttpResponse:
    return JsonResponse(error_body(code=code, message=message, errors=errors), status=status)
