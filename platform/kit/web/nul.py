"""Refusing the one character that PostgreSQL's text cannot hold."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

NUL = "\x00"


class RefuseNulMiddleware:
    """Answer 400 to an address with a NUL in its path or query: the database cannot look one up.

    Forms and serializers refuse it in bodies themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if NUL in request.path or "%00" in query or NUL in query:
            raise BadRequest(gettext("An address cannot hold a NUL character."))
        return self.get_response(request)
