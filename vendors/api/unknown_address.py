"""Addresses below the API that lead nowhere."""

from typing import Any

from django.utils.translation import gettext
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kit.errors import NotFoundError


class UnknownAddressApi(APIView):
    """Answer an unknown address in the API's own form."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a request of any method.

        Raises:
            NotFoundError: always.
        """
        raise NotFoundError(gettext("There is no such address in this API; /api/docs/ lists them."))

    def get(self, request: Request) -> Response:
        """Never reached."""
        raise NotFoundError
