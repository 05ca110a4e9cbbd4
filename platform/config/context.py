"""Template data of every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kit.db.roles import as_platform
from kit.web.hosts import platform_url
from tenants.shops.addresses import shop_url
from tenants.shops.selectors import memberships_of


def market(request: HttpRequest) -> dict[str, Any]:
    """Add the market's name and address, and the shop whose host this is."""
    return {
        "platform_name": settings.PLATFORM_NAME,
        "platform_url": platform_url(),
        "shop": getattr(request, "shop", None),
        "environment": settings.ENVIRONMENT,
        "own_shops": SimpleLazyObject(lambda: own_shops(request)),
    }


def own_shops(request: HttpRequest) -> list[dict[str, str]]:
    """Return the dashboards of the shops where the signed-in person works; asked for by the menu alone."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    known = getattr(request, "memberships", None)  # a dashboard's page has asked already
    if known is None:
        with as_platform():
            known = memberships_of(user)
    return [{"name": each.shop.name, "url": shop_url(each.shop, "/dashboard/")} for each in known]
