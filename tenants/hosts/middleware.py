"""Middleware that sets a request's shop and schema by its host name."""

import logging
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django_tenants.utils import get_public_schema_name

from kit.web.hosts import host_url
from tenants.database.connections import SchemaConnection, schema_connection
from tenants.database.pooling import refuse_unsafe_pooling
from tenants.database.roles import roles_are_on
from tenants.errors import ShopGoneError, ShopOutdatedError, ShopUnavailableError
from tenants.hosts.look_up import get_shop_by_host
from tenants.hosts.requests import RoutedRequest
from tenants.models import Shop
from tenants.schemas.graph import needed_migrations
from tenants.shops.addresses import HostKind, home_host, kind_of, requested_host

logger = logging.getLogger(__name__)

# Addresses for programs, answered under any name of the platform: a redirect would lose their headers.
ANSWERED_UNDER_ALIASES = ("/health/", "/webhooks/", "/api/")
SAFE = frozenset({"GET", "HEAD"})
ANSWERED_UNDER_ADDRESSES = ("/health/",)
# Addresses answered on every host of a shop, not only on its main one: those for programs, those for sign-in at
# this very host, and the page where an owner undoes a domain that does not work.
ANSWERED_AWAY_FROM_HOME = (
    "/api/",
    "/health/",
    "/webhooks/",
    "/.well-known/",
    "/static/",
    "/media/",
    "/account/hand-off/",
    "/dashboard/settings/domains/",
)
RUN_BY_THE_PLATFORM = ("/health/", "/account/")  # they ask about all shops, and about people
UNKNOWN_HOST_URLCONF = "tenants.hosts.urls_unknown_host"
UNAVAILABLE_URLCONF = "tenants.hosts.urls_unavailable"
GONE_URLCONF = "tenants.hosts.urls_gone"
OUTDATED_URLCONF = "tenants.hosts.urls_outdated"


class ShopHostMiddleware:
    """Set `request.shop`, the schema and the URL configuration by the requested host.

    Nothing of a shop's configuration is reachable unless the shop's schema is known to exist and to have what the code
    needs, and the connection is back in `public` after each response, also after an error.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        needed_migrations()  # read now, so that no visitor waits for it

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refuse_unsafe_pooling()
        here = schema_connection()
        _enter_platform(here)
        try:
            return self._route(cast("RoutedRequest", request)) or self.get_response(request)
        finally:
            _enter_platform(here)

    def _route(self, request: RoutedRequest) -> HttpResponse | None:
        host, port = requested_host(request)
        kind = kind_of(host)
        request.shop = None
        request.tenant = schema_connection().tenant
        if kind is HostKind.ALIAS and not request.path_info.startswith(ANSWERED_UNDER_ALIASES):
            return _send_on(request, settings.BASE_DOMAIN, port)
        if kind is HostKind.ADDRESS and not request.path_info.startswith(ANSWERED_UNDER_ADDRESSES):
            request.urlconf = UNKNOWN_HOST_URLCONF
        elif kind is HostKind.OTHER:
            shop = self._enter_shop(request, host)
            if shop is not None and host != home_host(shop) and _is_page(request):
                return _send_on(request, home_host(shop), port)
        else:
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
        return None

    def _enter_shop(self, request: RoutedRequest, host: str) -> Shop | None:
        try:
            shop = get_shop_by_host(host) if host else None
        except ShopGoneError:
            request.urlconf = GONE_URLCONF
            return None
        except ShopUnavailableError:
            logger.exception("The shop at %s is registered, and its schema is missing.", host)
            request.urlconf = UNAVAILABLE_URLCONF
            return None
        except ShopOutdatedError:
            logger.warning("The shop at %s is not served: its schema is behind. Run: manage.py migrate_shops", host)
            request.urlconf = OUTDATED_URLCONF
            return None
        if shop is None:
            request.urlconf = UNKNOWN_HOST_URLCONF
            return None
        request.shop = request.tenant = shop
        request.urlconf = settings.ROOT_URLCONF
        schema_connection().set_tenant(shop)
        if roles_are_on() and not request.path_info.startswith(RUN_BY_THE_PLATFORM):
            schema_connection().set_role(shop.pk)
        return shop


def _enter_platform(here: SchemaConnection) -> None:
    if here.schema_name != get_public_schema_name():
        here.set_schema_to_public()
    here.set_role(None)


def _is_page(request: HttpRequest) -> bool:
    """Return whether a request may be sent on to where a shop lives.

    What changes something is done where it was sent: a redirect would lose what the browser sends along.
    """
    return request.method in SAFE and not request.path_info.startswith(ANSWERED_AWAY_FROM_HOME)


def _send_on(request: HttpRequest, host: str, port: str) -> HttpResponse:
    """Redirect to the same path at another host, for now.

    Browsers keep permanent redirects: those from a host to the platform's for every port, and those between a
    shop's hosts beyond the day on which the shop moves back, when they would lead in a circle.
    """
    address = host_url(host)
    if port and settings.PLATFORM_SCHEME == "http":
        address = f"http://{host}:{port}"
    response = HttpResponseRedirect(address + request.get_full_path())
    if request.method not in SAFE:
        response.status_code = 307
    return response
