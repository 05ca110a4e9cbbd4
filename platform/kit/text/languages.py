"""The languages of the market: which one a request, a letter or a message is written in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import get_supported_language_variant

HEADERS_REMEMBERED = 1000
LONGEST_HEADER = 500  # characters; Django reads no more of it either
ACCEPTED = re.compile(
    r"(?P<code>[a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)(?: *; *q=(?P<weight>0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?"
)


def is_language(code: str) -> bool:
    """Return whether the market speaks a language."""
    return any(code == known for known, _name in settings.LANGUAGES)


def language_of(request: HttpRequest) -> str:
    """Return the language of the browser's cookie, else the first of those that the browser asks for."""
    kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if kept and is_language(kept):
        return kept
    return _asked_for(request.META.get("HTTP_ACCEPT_LANGUAGE", "")[:LONGEST_HEADER])


def keep_language(response: HttpResponseBase, language: str) -> None:
    """Keep a language in the browser's cookie."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def language_choices() -> list[tuple[str, Any]]:
    """Return the choices of a form: the browser's language, or one by its own name."""
    return [("", _("That of my browser")), *settings.LANGUAGES]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Write everything inside in a language; in the market's own where it does not speak the one that is named."""
    with translation.override(language if is_language(language) else settings.LANGUAGE_CODE):
        yield


@lru_cache(maxsize=HEADERS_REMEMBERED)
def _asked_for(header: str) -> str:
    for code in _accepted(header):
        if code == "*":
            break
        with suppress(LookupError):
            return get_supported_language_variant(code)
    return settings.LANGUAGE_CODE


def _accepted(header: str) -> list[str]:
    """Return the languages that a browser accepts, the most wanted first (RFC 9110, section 12.5.4).

    A part that is malformed is left out; Django's own reader leaves out all of the header then.
    """
    found = [part for each in header.split(",") if (part := ACCEPTED.fullmatch(each.strip().lower()))]
    weighed = [(float(part["weight"] or 1), part["code"]) for part in found]
    return [code for weight, code in sorted(weighed, key=lambda each: -each[0]) if weight]
