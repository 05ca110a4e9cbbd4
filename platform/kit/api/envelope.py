"""One shape for every answer of the API, good or bad."""

import logging
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import set_rollback

from kit.api.moments import MomentEncoder
from kit.db.timeouts import BUSY_RETRY_SECONDS, as_busy
from kit.errors import DomainError, TooManyRequestsError, error_body, success_body
from kit.json_text import encoder_of

logger = logging.getLogger(__name__)


_as_json = encoder_of(
    MomentEncoder,
    ensure_ascii=not api_settings.UNICODE_JSON,
    allow_nan=not api_settings.STRICT_JSON,
    separators=(",", ":"),
)


class MomentRenderer(JSONRenderer):
    """Render JSON with all moments in one form."""

    encoder_class = MomentEncoder

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """Return the JSON; REST framework's own renderer looks for an indentation, and makes an encoder, each time."""
        if (
            data is None
            or not self.compact
            or ";" in (accepted_media_type or "")
            or (renderer_context or {}).get("indent")
        ):
            rendered: bytes = super().render(data, accepted_media_type, renderer_context)
            return rendered
        # As there: two characters that end a line in JavaScript, and so a string in a page.
        return _as_json(data).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").encode()


class EnvelopeRenderer(MomentRenderer):
    """Wrap data in `{"status", "message", "data"}`; error bodies are wrapped already."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        context = renderer_context or {}
        response = context.get("response")
        if response is not None and getattr(context.get("request"), "refused_token", None):
            response.setdefault("WWW-Authenticate", 'Bearer realm="api", error="invalid_token"')
        if response is not None and response.status_code == HTTPStatus.NO_CONTENT:
            return b""
        if response is not None and not response.exception:
            data = success_body(data, message=getattr(response, "message", ""))
        rendered: bytes = super().render(data, accepted_media_type, renderer_context)
        return rendered


def envelope(data: Any) -> bytes:
    """Return a successful answer in its envelope, for answers that are cached before rendering."""
    rendered: bytes = MomentRenderer().render(success_body(data))
    return rendered


def located(address: str) -> dict[str, str]:
    """Return the header that tells the address of a resource which a call has made (RFC 9110, section 15.3.2)."""
    return {"Location": address}


@extend_schema_field({"$ref": "#/components/schemas/ErrorDetails"})
class ErrorsField(serializers.JSONField):
    """The faults of a request, by field or by line."""


class ErrorEnvelope(serializers.Serializer[Any]):
    """The body of a refusal."""

    status = serializers.ChoiceField(choices=["error"])
    code = serializers.CharField(help_text="Stable, for programs.")
    message = serializers.CharField(help_text="For people: what went wrong and what to do.")
    errors = ErrorsField()  # type: ignore[assignment]
    request_id = serializers.CharField(help_text="As in `X-Request-ID`; quote it when you write to us.")


def error_response(*, status: int, code: str, message: str, errors: Any = None) -> Response:
    """Build a refusal in the envelope."""
    response = Response(error_body(code=code, message=message, errors=errors), status=status)
    response.exception = True
    return response


def handle_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """Map an exception to the envelope; unanticipated ones are left to Django's handler and its log."""
    error = as_busy(error) or error
    if isinstance(error, exceptions.NotAuthenticated):
        error = _what_is_wrong_with_the_token(error, context)
    if isinstance(error, DomainError):
        set_rollback()
        response = error_response(status=error.status, code=error.code, message=error.message, errors=error.details)
        if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
            response["Retry-After"] = BUSY_RETRY_SECONDS
        if isinstance(error, TooManyRequestsError):
            response["Retry-After"] = str(error.retry_after)
        return response
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    return _from_api_exception(error)


def _what_is_wrong_with_the_token(error: exceptions.NotAuthenticated, context: dict[str, Any]) -> Exception:
    """Return the error that tells why the caller's token was refused, with the header that DRF has set."""
    refused: Exception | None = getattr(context.get("request"), "refused_token", None)
    if refused is None:
        return error
    refused.auth_header = getattr(error, "auth_header", "")  # type: ignore[attr-defined]
    return refused


def _from_api_exception(error: exceptions.APIException) -> Response:
    details = None
    code = str(error.default_code)
    message = str(error.detail) if isinstance(error.detail, str) else gettext("Please correct the marked fields.")
    if isinstance(error, exceptions.ValidationError):
        details, code = error.detail, "invalid"
    elif isinstance(error.detail, dict):
        message = str(error.detail.get("detail", message))
        code = str(error.detail.get("code", code))
    response = error_response(status=error.status_code, code=code, message=message, errors=details)
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait) + 1)
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    return response
