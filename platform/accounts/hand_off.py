"""Leaving a shop's own domain to sign in on the platform, and leaving the platform for it."""

import re
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from accounts.paths import account_path
from accounts.redirects import is_own_path
from accounts.services.hand_off import new_secret, state_of
from kit.web.hosts import platform_url, requested_host

Answer = TypeVar("Answer", bound=HttpResponse)

SECRET_COOKIE = "kasuwa_hand_off"  # noqa: S105 - a name
SECRET = re.compile(r"[\w-]{43}")
AWAY_SECONDS = 15 * 60


def leave_to_sign_in(request: HttpRequest, *, path: str) -> HttpResponseRedirect:
    """Send a visitor of a shop's own domain to sign in on the platform, and back to a path here.

    The browser keeps a secret meanwhile, and a token is valid only together with it: an attacker cannot sign another's
    browser in with the attacker's own token.
    """
    secret = kept_secret(request) or new_secret()
    asked = {
        "host": requested_host(request)[0],
        "state": state_of(secret),
        "path": path if is_own_path(path) else "/",
    }
    address = f"{platform_url(account_path('accounts:hand-off'))}?{urlencode(asked)}"
    response = HttpResponseRedirect(address, status=HTTPStatus.FOUND)
    response.set_cookie(
        _cookie_name(), secret, max_age=AWAY_SECONDS, secure=_is_secure(), httponly=True, samesite="Lax"
    )
    return confidential(response)


def kept_secret(request: HttpRequest) -> str:
    """Return the secret that the browser keeps during the sign-in, or an empty text."""
    secret = request.COOKIES.get(_cookie_name(), "")
    return secret if SECRET.fullmatch(secret) else ""


def redirect_by_page(request: HttpRequest, url: str) -> HttpResponse:
    """Lead on to a shop's own domain by a page, not by a redirect.

    Browsers hold the redirects after a form to the page's `form-action`, and shops' domains are not in ours.
    """
    context = {"url": url, "host": urlsplit(url).hostname}
    response = render(request, "accounts/hand_off.html", context)
    response.headers["Refresh"] = f"0; url={url}"
    return confidential(response)


def confidential(response: Answer) -> Answer:
    """Keep an answer out of caches, and its address out of the referrer."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _cookie_name() -> str:
    # A name that browsers take from this very host alone, over HTTPS (RFC 6265bis, section 4.1.3.2).
    return f"__Host-{SECRET_COOKIE}" if _is_secure() else SECRET_COOKIE


def _is_secure() -> bool:
    return bool(settings.SESSION_COOKIE_SECURE)
