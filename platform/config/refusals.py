"""What is answered where no view could: the envelope to programs, a page to people."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

PROGRAMS = ("/api/v1/", "/webhooks/")
MESSAGES = {
    HTTPStatus.BAD_REQUEST: ("invalid", "This request makes no sense, or is too large."),
    HTTPStatus.FORBIDDEN: ("permission_denied", "This is not yours to do."),
    HTTPStatus.NOT_FOUND: ("not_found", "There is no such address in this API; /api/docs/ lists them."),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("server_error", "Something went wrong here. Please try again in a moment."),
}


def _answering(status: HTTPStatus, page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    code, message = MESSAGES[status]

    @wraps(page)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.path.startswith(PROGRAMS):
            body = {"status": "error", "code": code, "message": message, "errors": None}
            return JsonResponse(body, status=status)
        return page(request, *args, **kwargs)

    return answer


bad_request = _answering(HTTPStatus.BAD_REQUEST, defaults.bad_request)
forbidden = _answering(HTTPStatus.FORBIDDEN, defaults.permission_denied)
not_found = _answering(HTTPStatus.NOT_FOUND, defaults.page_not_found)
server_error = _answering(HTTPStatus.INTERNAL_SERVER_ERROR, defaults.server_error)
