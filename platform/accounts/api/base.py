"""Base of the calls before sign-in."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.errors import TooManyAttemptsError
from kit.errors import DomainError


def answer(
    data: Any, *, message: str = "", status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> Response:
    """Build an answer with a message for people."""
    response = Response(data, status=status, headers=dict(headers or {}))
    response.message = message  # type: ignore[attr-defined]
    return response


def attempts_refused(_method: str) -> tuple[type[DomainError], ...]:
    """Return the refusals of a call that counts attempts, for the API's description."""
    return (TooManyAttemptsError,)


class OpenApi(APIView):
    """Open to everybody, counted as sign-in attempts; a stale token in the request does not matter."""

    authentication_classes: Sequence[type[BaseAuthentication]] = ()
    permission_classes = (AllowAny,)
    throttle_scope = "sign-in"
    refusals_of = staticmethod(attempts_refused)

    def get_authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'

    def handle_exception(self, exc: Exception) -> Response:
        """Add the header that RFC 9110 asks of a 401."""
        response = super().handle_exception(exc)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            response.setdefault("WWW-Authenticate", self.get_authenticate_header(self.request))
        return response
