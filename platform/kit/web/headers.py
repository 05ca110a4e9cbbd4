"""Headers of a request by name, and the header of an answer that lists such names."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.request import HttpHeaders
from rest_framework.request import Request


def header_of(request: HttpRequest | Request, name: str) -> str:
    """Return a header's value, empty where there is none.

    `request.headers` builds a mapping of all headers at its first use, which takes longer than the rest of what a
    middleware does.
    """
    value: str = meta_of(request).get(_variable(name), "")
    return value


def meta_of(request: HttpRequest | Request) -> dict[str, Any]:
    """Return a request's environment; REST framework's request finds it only after looking for one of its own."""
    meta: dict[str, Any] = getattr(request, "_request", request).META
    return meta


@cache
def _variable(name: str) -> str:
    """Return a header's name in the environment of a WSGI call (PEP 3333)."""
    variable: str = HttpHeaders.to_wsgi_name(name)
    return variable


def add_to_vary(response: HttpResponse, *names: str) -> None:
    """Name headers of the request by which the answer differs, beside those that are named already."""
    known = response.headers.get("Vary", "")
    missing = [name for name in names if name not in known]
    if missing:
        response.headers["Vary"] = ", ".join([known, *missing] if known else missing)


def asks_for_fragment(request: HttpRequest) -> bool:
    """Return whether htmx asks for a part of a page; going back in the history it wants all of it."""
    return header_of(request, "HX-Request") == "true" and not header_of(request, "HX-History-Restore-Request")
