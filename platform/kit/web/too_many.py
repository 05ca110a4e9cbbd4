"""Page for a caller who has sent too many requests; its text and its header tell the same time."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext

MINUTE = 60


def in_words(seconds: int) -> str:
    """Return a time to wait as text, in whole minutes from the second minute on, never too short."""
    if seconds <= MINUTE:
        return ngettext("%(number)s second", "%(number)s seconds", seconds) % {"number": seconds}
    minutes = -(-seconds // MINUTE)
    return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}


def too_many_page(request: HttpRequest, *, retry_after: int, message: str = "") -> HttpResponse:
    """Render the page with when to come back.

    Args:
        message: what was too much, with the time in it; the page's own words where left out.
    """
    context = {"message": message, "wait": in_words(retry_after)}
    response = render(request, "429.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(retry_after)
    return response
