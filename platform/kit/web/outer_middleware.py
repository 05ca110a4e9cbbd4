"""The middleware around all others: every answer passes it, also the refusals of the rest and Django's own."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kit.request_id import begin_request, chosen_request_id, end_request
from kit.web.front_ends import API, cors_headers, preflight_headers
from kit.web.headers import add_to_vary, header_of


class OuterMiddleware:
    """Gives each request an id, told in the answer's `X-Request-ID`.

    Caches keep no answer of the API unless its view allows it; pages of listed front ends can read all of them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = chosen_request_id(header_of(request, "X-Request-ID"))
        request.request_id = request_id  # type: ignore[attr-defined]
        begun = begin_request(request_id)
        try:
            response = (request.method == "OPTIONS" and _preflight(request)) or self.get_response(request)
        finally:
            end_request(begun)
        response.headers["X-Request-ID"] = request_id
        if request.path_info.startswith(API):
            response.headers.setdefault("Cache-Control", "no-store")
        if settings.FRONT_END_ORIGINS:
            _add_cors(request, response)
        return response


def _preflight(request: HttpRequest) -> HttpResponse | None:
    """Answer a browser's question about a call; the call itself is judged when it comes."""
    if not header_of(request, "Access-Control-Request-Method"):
        return None
    headers = preflight_headers(path=request.path_info, origin=header_of(request, "Origin"))
    return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=dict(headers)) if headers else None


def _add_cors(request: HttpRequest, response: HttpResponse) -> None:
    for name, value in cors_headers(path=request.path_info, origin=header_of(request, "Origin")).items():
        if name == "Vary":
            add_to_vary(response, value)
        else:
            response.headers[name] = value
