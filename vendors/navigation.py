"""The dashboard's navigation: a page is shown to those whose role may open it.

A new page gets a line in `ENTRIES` with the capability that its view asks for; the layout shows no others.
"""

from dataclasses import dataclass

from tenants.access import Capability, can
from tenants.models import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the dashboard.

    Args:
        match: a part of the names of the routes that belong to it.
    """

    route: str
    match: str
    label: str
    icon: str
    capability: Capability


ENTRIES = (
    Entry("vendors:today", "vendors:today", "Today", "home", Capability.VIEW_DASHBOARD),
    Entry("vendors:orders", "vendors:order", "Orders", "box", Capability.VIEW_ORDERS),
    Entry("vendors:products", "vendors:product", "Products", "tag", Capability.VIEW_PRODUCTS),
    Entry("vendors:balance", "vendors:balance", "Balance", "wallet", Capability.VIEW_BALANCE),
    Entry("vendors:staff", "vendors:staff", "Staff", "users", Capability.VIEW_STAFF),
    Entry("vendors:domains", "vendors:domain", "Domains", "globe", Capability.MANAGE_DOMAINS),
    Entry("vendors:shop-status", "vendors:shop-", "Status", "shop", Capability.MANAGE_STATUS),
    Entry("vendors:settings", "vendors:settings", "Settings", "settings", Capability.VIEW_BALANCE),
    Entry("vendors:exports", "vendors:export", "Export", "download", Capability.EXPORT_DATA),
    Entry("vendors:activity", "vendors:activity", "Activity", "activity", Capability.VIEW_ACTIVITY),
)


def entries_for(role: Role) -> list[Entry]:
    """Return the pages that a role may open, in order."""
    return [entry for entry in ENTRIES if can(role, entry.capability)]
