"""Addresses below the API that lead nowhere."""

from typing import Any

from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kit.errors import NotFoundError


class UnknownAddressApi(APIView):
    """Says in the API's own form that there is nothing here."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse whatever the method.

        Raises:
            NotFoundError: always.
        """
        raise NotFoundError("There is no such address in this API; /api/docs/ lists them.")

    def get(self, request: Request) -> Response:
        """Never reached."""
        raise NotFoundError
