"""Capabilities of a shop's own settings, staff and life."""

from django.utils.translation import gettext_lazy

from tenants.access import EVERYBODY, MANAGERS, OWNERS_ONLY, Capability
from tenants.models import ShopStatus

ENDING = frozenset({ShopStatus.SUSPENDED, ShopStatus.CLOSING})
ALWAYS = ENDING | {ShopStatus.CLOSED}

VIEW_DASHBOARD = Capability("view_dashboard", gettext_lazy("See the dashboard"), EVERYBODY)
MANAGE_PROFILE = Capability("manage_profile", gettext_lazy("Change profile and policies"), MANAGERS, ENDING)
MANAGE_STAFF = Capability("manage_staff", gettext_lazy("Invite people, change roles"), OWNERS_ONLY, ENDING)
MANAGE_DOMAINS = Capability("manage_domains", gettext_lazy("Add and remove domains"), OWNERS_ONLY)
MANAGE_STATUS = Capability("manage_status", gettext_lazy("Open the shop, go on holiday"), MANAGERS)
CLOSE_SHOP = Capability(
    "close_shop",
    gettext_lazy("Close the shop for good"),
    OWNERS_ONLY,
    frozenset({ShopStatus.CLOSING, ShopStatus.CLOSED}),
)
VIEW_STAFF = Capability("view_staff", gettext_lazy("See who works here"), MANAGERS)
VIEW_ACTIVITY = Capability("view_activity", gettext_lazy("See the shop’s activity"), MANAGERS)
EXPORT_DATA = Capability("export_data", gettext_lazy("Take a copy of all data"), OWNERS_ONLY, ALWAYS)
LEAVE_SHOP = Capability("leave_shop", gettext_lazy("Leave the shop"), EVERYBODY, ALWAYS)

CAPABILITIES = (
    VIEW_DASHBOARD,
    MANAGE_PROFILE,
    MANAGE_STAFF,
    MANAGE_DOMAINS,
    MANAGE_STATUS,
    CLOSE_SHOP,
    VIEW_STAFF,
    VIEW_ACTIVITY,
    EXPORT_DATA,
    LEAVE_SHOP,
)
