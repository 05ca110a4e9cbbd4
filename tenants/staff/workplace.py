"""The dashboard to which a sign-in leads people who work in a shop."""

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from kit.db.roles import as_platform
from kit.web.hosts import platform_url
from tenants.shops.addresses import shop_url
from tenants.shops.selectors import memberships_of


def shop_workplace(user: User) -> str:
    """Return the dashboard of the shop where a person works, or of several shops the list to choose from."""
    with as_platform():  # a person's shops are no shop's to know
        shops = [membership.shop for membership in memberships_of(user)]
    if not shops:
        return ""
    if len(shops) == 1:
        return shop_url(shops[0], "/dashboard/")
    return platform_url(reverse("tenants:own-shops", urlconf=settings.PUBLIC_SCHEMA_URLCONF))
