"""Cookies and sessions on the domains of shops' own (docs/adr/0007)."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from kit.web.hosts import is_platform_host, requested_host

HSTS = "Strict-Transport-Security"


class OwnDomainMiddleware:
    """On every host but the platform's and its subdomains: cookies are the host's alone, and so is HSTS.

    A cookie for the platform's domain would be refused there, and the shop's other subdomains are not ours to
    hold to HTTPS.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_platform_host(requested_host(request)[0]):
            return response
        for cookie in response.cookies.values():
            if cookie["domain"] == settings.BASE_DOMAIN:
                cookie["domain"] = ""
        if HSTS in response.headers:
            response.headers[HSTS] = response.headers[HSTS].split(";")[0]
        return response


class HostSessionMiddleware(SessionMiddleware):
    """Binds a session to the host where it is begun."""

    def process_request(self, request: HttpRequest) -> None:
        """Open the session of the browser's cookie, if it was begun here."""
        super().process_request(request)
        host, _ = requested_host(request)
        request.session.bound_host = "" if is_platform_host(host) else host  # type: ignore[attr-defined]
