"""Django's and django-csp's middleware, as the market needs it."""

from http import HTTPStatus
from typing import Any, cast

from csp.middleware import HEADER, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.messages.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.utils.functional import LazyObject, empty
from django.utils.http import escape_leading_slashes

from kit.web.lazy_values import lazily_of

READS = frozenset({"GET", "HEAD"})
CHANGED_BY_A_VIEW = ("_csp_exempt", "_csp_config", "_csp_update", "_csp_replace")


class ContentPolicyMiddleware(CSPMiddleware):
    """Sends the content policy, put together once; django-csp does it for each answer, twice.

    Where a view changes the policy, or none is sent, django-csp decides. There are no nonces: no page has a script or
    a style of its own.
    """

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        self._policy = build_policy()
        self._without = tuple(settings.CONTENT_SECURITY_POLICY.get("EXCLUDE_URL_PREFIXES", ()))

    def process_request(self, request: HttpRequest) -> None:
        """Prepare nothing."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Add the policy."""
        attributes = response.__dict__
        if settings.DEBUG or not attributes.keys().isdisjoint(CHANGED_BY_A_VIEW):
            return cast("HttpResponse", super().process_response(request, response))
        if HEADER not in response and not request.path_info.startswith(self._without):
            response[HEADER] = self._policy
        return response


class KeepMethodRedirect(HttpResponsePermanentRedirect):
    """A permanent redirect after which the method and the body are sent again (RFC 9110, section 15.4.9)."""

    status_code = int(HTTPStatus.PERMANENT_REDIRECT)


class SlashMiddleware(CommonMiddleware):
    """Leads from an address without its slash to the one that there is, and never makes a GET of another method."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Return the redirect, or the response with its length."""
        found = super().process_response(request, response)
        if found is not response and request.method not in READS:
            return KeepMethodRedirect(found.headers["Location"])
        return found

    def get_full_path_with_slash(self, request: HttpRequest) -> str:
        """Return the address with its slash, also for other methods while DEBUG is on, where Django's own fails."""
        return escape_leading_slashes(request.get_full_path(force_append_slash=True))


class LazyMessageMiddleware(MessageMiddleware):
    """Open the store of messages when code adds or reads one."""

    def process_request(self, request: HttpRequest) -> None:
        """Promise a store."""
        request._messages = lazily_of(request, default_storage)  # type: ignore[attr-defined]  # noqa: SLF001

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Keep unread messages, if the store was opened."""
        store = getattr(request, "_messages", None)
        if isinstance(store, LazyObject) and store.__dict__["_wrapped"] is empty:
            return response
        return super().process_response(request, response)
