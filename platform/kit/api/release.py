"""Release of a call of the API once it is answered."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.views import View
from rest_framework.request import Request
from rest_framework.response import Response


class ReleaseMiddleware:
    """Part a rendered answer from its view and request, which hold each other.

    They are freed then by their reference counts. Left to the cycle collector, which would find them thousands of
    requests later, they took 3 % of a purchase's processor time (docs/performance.md).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        context = getattr(response, "renderer_context", None) if isinstance(response, Response) else None
        if context:
            call = context.pop("request", None)
            view = context.pop("view", None)
            context.pop("response", None)
            if call is not None:
                call.parser_context = {}
            if view is not None:
                release_view(view)
        return response


def release_view(view: View) -> None:
    """Part a view that has answered from its request, and from its own methods, which Django puts into it."""
    call = vars(view).get("request")
    if isinstance(call, Request):
        call.parser_context = {}
    vars(view).clear()
