"""The language of an answer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from kit.text.languages import language_of
from kit.web.headers import add_to_vary

VARIES_BY = ("Accept-Language", "Cookie")


class LanguageMiddleware:
    """Answers in the caller's language, and says so to caches.

    It comes before all that may write a page, also one that refuses. What is public to caches is the same in every
    language, so it varies by none (tests/kit/test_languages.py).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        headers = response.headers
        if "public" not in headers.get("Cache-Control", ""):
            add_to_vary(response, *VARIES_BY)
            headers["Content-Language"] = language
        return response
