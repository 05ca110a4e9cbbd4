"""The API's description, with the envelope around every answer and the usual refusals."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import permissions

from kit.api.bodies import is_list, takes_body
from kit.api.envelope import ErrorEnvelope
from kit.api.idempotent import KEY_HEADER, REPLAYED_HEADER, key_pattern, shortest_key
from kit.api.input import ListInput, PageQuery, has_parameters, query_class_of
from kit.api.refusals import error_example, refusal, refusals
from kit.db.timeouts import TooSlowError, UnreachableError
from kit.errors import BusyError, Fault, success_body
from kit.text.patterns import PATH_SEGMENT, SLUG, TIME_OF_DAY
from kit.text.serializers import LineField, SecretField
from kit.web.versions import IF_MATCH, VersionMissingError
from kit.work.idempotency import IdempotencyKeyReusedError
from kit.work.idempotent_calls import KEPT_FOR, CallInProgressError

SUCCESS = {"2XX"} | {str(code) for code in range(200, 300)}
TEXTS = (LineField, SecretField)
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# Headers of answers by status; the description of a host holds each of them once (`config.openapi`).
HEADERS_OF_STATUS = {"201": ["Location"], "401": ["WWW-Authenticate"], "429": ["Retry-After"], "503": ["Retry-After"]}


def _refusal(description: str, code: str, message: str, errors: Any = None) -> OpenApiResponse:
    return OpenApiResponse(ErrorEnvelope, description, examples=[error_example(code, message, errors)])


INVALID = _refusal(
    "Something in the request is not right.",
    "invalid",
    "Please correct the marked fields.",
    {"field": [Fault("This field is required.", "required")]},
)
UNREADABLE = _refusal("The body can't be read.", "parse_error", "The body has to be a JSON object.")
NO_LIST = _refusal("The body can't be read.", "parse_error", "The body has to be a JSON list.")
UNSUPPORTED = _refusal(
    "The body is of another kind than the one that is described.",
    "unsupported_media_type",
    "Send the body as application/json, and say so in the header Content-Type.",
    {"Content-Type": ["“application/x-www-form-urlencoded” can't be read here."]},
)
UNAUTHENTICATED = _refusal("Sign in first.", "not_authenticated", "Authentication credentials were not provided.")
# Codes of REST framework and its tokens, for a token that is not good and for one whose account is not.
BAD_TOKENS = [
    _refusal("", "token_not_valid", "We did not issue this token, or it was used already. Sign in again."),
    _refusal("", "token_expired", "This token has expired. Use a newer one, or sign in again."),
    _refusal("", "token_wrong_type", "Send the access token with calls, and the refresh token to renew it."),
    _refusal("", "bad_authorization_header", "Authorization header must contain two space-delimited values"),
    _refusal("", "password_changed", "The user's password has been changed."),
    _refusal("", "user_inactive", "User is inactive"),
    _refusal("", "user_not_found", "User not found"),
]
TOO_LARGE = _refusal("The body is too large.", "body_too_large", "This is larger than we take here.")
NO_LENGTH = _refusal("The body's length is not said.", "length_required", "Say how long the body is.")
FORBIDDEN = _refusal("Not yours to do.", "permission_denied", "You do not have permission to perform this action.")
MISSING = _refusal("There is nothing here.", "not_found", "Not found.")
THROTTLED = _refusal("Too many requests; `Retry-After` says how long to wait.", "throttled", "Request was throttled.")
KEY_HELP = (
    "A random value of yours, such as a UUID: the same call with the same key is done once, and has the first answer "
    f"again for {KEPT_FOR.total_seconds() / 3600:.0f} hours."
)
VERSION_MISSING = refusal("The market takes no change without `If-Match`.", VersionMissingError)
BUSY = refusals(BusyError, UnreachableError, TooSlowError)[BusyError.status]


def _key_parameter(least: int) -> OpenApiParameter:
    schema = {"type": "string", "pattern": key_pattern(least)}
    return OpenApiParameter(KEY_HEADER, schema, OpenApiParameter.HEADER, description=KEY_HELP)


class EnvelopeSchema(AutoSchema):
    """Describes data as it travels: in the envelope, and with the refusals that any call may meet.

    A view or a permission class whose calls share refusals names them in `refusals_of(method)`.
    """

    method: str

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """Return the operation; one that takes no credentials says so."""
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            ways = operation.get("security", [])
            operation["security"] = ways if any(ways) else []
            if any(each["name"] == IF_MATCH.name for each in operation.get("parameters", [])):
                status = str(VersionMissingError.status)
                missing = operation["responses"][status] = self._get_response_for_code(VERSION_MISSING, status)
                _name_by_code(missing)
        return operation

    def _get_response_bodies(self, direction: str = "response") -> Any:
        responses = super()._get_response_bodies(direction)
        for status, answer in self._usual_refusals():
            described = self._get_response_for_code(answer, str(int(status)), direction=direction)
            _add_examples(responses.setdefault(str(int(status)), described), described)
        for status, response in responses.items():
            if status not in SUCCESS:
                _name_by_code(response)
        return dict(sorted(responses.items()))

    def _get_response_for_code(
        self, serializer: Any, status_code: Any, media_types: Any = None, direction: str = "response"
    ) -> Any:
        response = super()._get_response_for_code(serializer, status_code, media_types, direction)
        if str(status_code) not in SUCCESS or not self._is_enveloped():
            return response
        media = response.get("content", {}).get("application/json")
        if media is not None:
            media["schema"] = _in_envelope(media.get("schema", {}))
            for example in media.get("examples", {}).values():
                example["value"] = success_body(_wrapped_once(example["value"]))
        return response

    def _get_response_headers_for_code(self, status_code: str, direction: str = "response") -> Any:
        headers = super()._get_response_headers_for_code(status_code, direction)
        names = ["X-Request-ID", *HEADERS_OF_STATUS.get(status_code, [])]
        if status_code in SUCCESS and shortest_key(type(self.view), self.method):
            names.append(REPLAYED_HEADER)
        return headers | {name: {"$ref": f"#/components/headers/{name}"} for name in names}

    def get_override_parameters(self) -> list[Any]:
        """Return the parameters of a GET, as the view's `query_class` has them; of others the Idempotency-Key."""
        declared = query_class_of(type(self.view))
        if self.method == "GET" and has_parameters(declared):
            return [declared]
        least = shortest_key(type(self.view), self.method)
        return [_key_parameter(least)] if least else []

    def get_request_serializer(self) -> Any:
        """Return the fields of the body; nothing where the call takes none."""
        return super().get_request_serializer() if takes_body(type(self.view), self.method) else None

    def _get_request_body(self, direction: str = "request") -> Any:
        """Describe a body; the list of a `ListInput` with its length, and with its examples as they are."""
        found = super()._get_request_body(direction)
        serializer = self.get_request_serializer()
        if isinstance(serializer, type) and issubclass(serializer, ListInput):
            media = found["content"]["application/json"]
            media["schema"] |= {"minItems": 1, "maxItems": serializer.most}
            for example in media.get("examples", {}).values():
                example["value"] = _wrapped_once(example["value"])
        return found

    def _get_request_for_media_type(self, serializer: Any, direction: str = "request") -> Any:
        """Describe a body; that of a PATCH with the fields that it requires, unless the view takes any of them."""
        if self.method != "PATCH" or getattr(self.view, "takes_parts", False):
            return super()._get_request_for_media_type(serializer, direction)
        self.method = "PUT"
        try:
            return super()._get_request_for_media_type(serializer, direction)
        finally:
            self.method = "PATCH"

    def _map_serializer_field(self, field: Any, direction: str, bypass_extensions: bool = False) -> Any:
        """Describe a field; one that is sent with the pattern of the texts that it takes."""
        schema = super()._map_serializer_field(field, direction, bypass_extensions)
        if direction == "request" and isinstance(field, TEXTS) and "string" in schema.get("type", ()):
            schema.setdefault("pattern", field.pattern())
        if direction == "request" and not getattr(field, "allow_empty", True) and schema.get("type") == "array":
            schema.setdefault("minItems", 1)
        if schema.get("format") == "time":  # of RFC 3339, which has a zone; a time of day has none
            del schema["format"]
            schema["pattern"] = TIME_OF_DAY
        return schema

    def _insert_field_validators(self, field: Any, schema: dict[str, Any]) -> None:
        pattern = (
            schema.pop("pattern", "") if isinstance(field, TEXTS) else ""
        )  # it tells itself whether it may be empty
        super()._insert_field_validators(field, schema)
        if pattern:
            schema["pattern"] = pattern

    def _resolve_path_parameters(self, variables: Any) -> Any:
        found = super()._resolve_path_parameters(variables)
        for each in found:
            if each["schema"] == {"type": "string"}:
                each["schema"]["pattern"] = SLUG if f"<slug:{each['name']}>" in self.path_regex else PATH_SEGMENT
        return found

    def _is_enveloped(self) -> bool:
        renderers = getattr(self.view, "renderer_classes", [])
        return any(renderer.__name__ == "EnvelopeRenderer" for renderer in renderers)

    def _usual_refusals(self) -> Iterator[tuple[int, OpenApiResponse]]:
        yield HTTPStatus.BAD_REQUEST, INVALID
        yield HTTPStatus.TOO_MANY_REQUESTS, THROTTLED
        yield HTTPStatus.SERVICE_UNAVAILABLE, BUSY
        if takes_body(type(self.view), self.method):
            yield HTTPStatus.BAD_REQUEST, NO_LIST if is_list(type(self.view), self.method) else UNREADABLE
            yield HTTPStatus.UNSUPPORTED_MEDIA_TYPE, UNSUPPORTED
            yield HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE
            yield HTTPStatus.LENGTH_REQUIRED, NO_LENGTH
        if self.method in UNSAFE and self.view.get_authenticators():
            yield HTTPStatus.FORBIDDEN, FORBIDDEN  # a session without its CSRF token
        is_paged = self.method == "GET" and issubclass(query_class_of(type(self.view)), PageQuery)
        if "{" in self.path or is_paged:
            yield HTTPStatus.NOT_FOUND, MISSING
        if shortest_key(type(self.view), self.method):
            yield from refusals(CallInProgressError, IdempotencyKeyReusedError).items()
        yield from self._refusals_of_access()
        if own := getattr(self.view, "refusals_of", None):
            yield from refusals(*own(self.method)).items()

    def _refusals_of_access(self) -> Iterator[tuple[int, OpenApiResponse]]:
        guards = self.view.get_permissions()
        if not guards or any(isinstance(guard, permissions.AllowAny) for guard in guards):
            return
        yield HTTPStatus.UNAUTHORIZED, UNAUTHENTICATED
        yield from ((HTTPStatus.UNAUTHORIZED, token) for token in BAD_TOKENS)
        for guard in guards:
            if own := getattr(guard, "refusals_of", None):
                yield from refusals(*own(self.method)).items()
            elif type(guard) is not permissions.IsAuthenticated:
                yield HTTPStatus.FORBIDDEN, FORBIDDEN


def _examples(response: dict[str, Any]) -> dict[str, Any]:
    media: dict[str, Any] = response.get("content", {}).get("application/json", {})
    found: dict[str, Any] = media.setdefault("examples", {})
    return found


def _add_examples(response: dict[str, Any], usual: dict[str, Any]) -> None:
    """Add the examples of refusals that an operation's own description of a status does not have."""
    own = _examples(response)
    known = {example["value"]["code"] for example in own.values()}
    own.update({name: each for name, each in _examples(usual).items() if each["value"]["code"] not in known})


def _name_by_code(response: dict[str, Any]) -> None:
    found = _examples(response)
    by_code = {example["value"]["code"]: example for example in found.values()}
    found.clear()
    found.update(by_code)


def _wrapped_once(value: Any) -> Any:
    """Return an example of a list: drf-spectacular puts a list around each example, also around one that is a list."""
    is_twice = isinstance(value, list) and len(value) == 1 and isinstance(value[0], list)
    return value[0] if is_twice else value


def _in_envelope(schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "status": {"type": "string", "enum": ["success"]},
            "message": {"type": "string"},
            "data": schema,
        },
        "required": ["status", "message", "data"],
    }
