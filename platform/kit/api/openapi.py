"""The API's description, with the envelope around every answer and the usual refusals."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import permissions

from kit.api.bodies import takes_body
from kit.api.envelope import ErrorEnvelope
from kit.api.input import has_parameters, query_class_of
from kit.errors import error_body, success_body

SUCCESS = {"2XX"} | {str(code) for code in range(200, 300)}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def _refusal(description: str, code: str, message: str, errors: Any = None) -> OpenApiResponse:
    value = error_body(code=code, message=message, errors=errors)
    return OpenApiResponse(ErrorEnvelope, description, examples=[OpenApiExample(code, value=value)])


INVALID = _refusal(
    "Something in the request is not right.",
    "invalid",
    "Please correct the marked fields.",
    {"field": ["This field is required."]},
)
UNAUTHENTICATED = _refusal("Sign in first.", "not_authenticated", "Authentication credentials were not provided.")
FORBIDDEN = _refusal("Not yours to do.", "permission_denied", "You do not have permission to perform this action.")
MISSING = _refusal("There is nothing here.", "not_found", "Not found.")
THROTTLED = _refusal("Too many requests; `Retry-After` says how long to wait.", "throttled", "Request was throttled.")


class EnvelopeSchema(AutoSchema):
    """Describes data as it travels: in the envelope, and with the refusals that any call may meet."""

    def _get_response_bodies(self, direction: str = "response") -> Any:
        responses = super()._get_response_bodies(direction)
        for code, answer in self._usual_refusals().items():
            if code not in responses:
                responses[code] = self._get_response_for_code(answer, code, direction=direction)
        return dict(sorted(responses.items()))

    def _get_response_for_code(
        self, serializer: Any, status_code: Any, media_types: Any = None, direction: str = "response"
    ) -> Any:
        response = super()._get_response_for_code(serializer, status_code, media_types, direction)
        if str(status_code) not in SUCCESS or not self._is_enveloped():
            return response
        for media in response.get("content", {}).values():
            media["schema"] = _in_envelope(media.get("schema", {}))
            for example in media.get("examples", {}).values():
                example["value"] = success_body(example["value"])
        return response

    def get_override_parameters(self) -> list[Any]:
        """Return the parameters of a GET, as the view's `query_class` has them."""
        declared = query_class_of(type(self.view))
        return [declared] if self.method == "GET" and has_parameters(declared) else []

    def get_request_serializer(self) -> Any:
        """Return the fields of the body; nothing where the call takes none."""
        return super().get_request_serializer() if takes_body(type(self.view), self.method) else None

    def _is_enveloped(self) -> bool:
        renderers = getattr(self.view, "renderer_classes", [])
        return any(renderer.__name__ == "EnvelopeRenderer" for renderer in renderers)

    def _usual_refusals(self) -> dict[str, OpenApiResponse]:
        refusals: dict[int, OpenApiResponse] = {HTTPStatus.TOO_MANY_REQUESTS: THROTTLED}
        if self.method in UNSAFE - {"DELETE"} or has_parameters(query_class_of(type(self.view))):
            refusals[HTTPStatus.BAD_REQUEST] = INVALID
        guards = self.view.get_permissions()
        if guards and not any(isinstance(guard, permissions.AllowAny) for guard in guards):
            refusals[HTTPStatus.UNAUTHORIZED] = UNAUTHENTICATED
            if not all(type(guard) is permissions.IsAuthenticated for guard in guards):
                refusals[HTTPStatus.FORBIDDEN] = FORBIDDEN
        if "{" in self.path:
            refusals[HTTPStatus.NOT_FOUND] = MISSING
        return {str(int(code)): answer for code, answer in refusals.items()}


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
