"""The dashboard's navigation: a page is shown to those whose role may open it.

A new page gets a line in `ENTRIES` with the capability that its view asks for; the layout shows no others.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from catalogue.capabilities import VIEW_PRODUCTS
from checkout.capabilities import ANSWER_DISPUTES, VIEW_COUPONS, VIEW_ORDERS
from payouts.capabilities import VIEW_BALANCE
from tenants.access import Capability, can
from tenants.capabilities import EXPORT_DATA, MANAGE_DOMAINS, MANAGE_STATUS, VIEW_ACTIVITY, VIEW_DASHBOARD, VIEW_STAFF
from tenants.models import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the dashboard.

    Args:
        match: a part of the names of the routes that belong to it.
        group: heading of the group that it is in; the first group has none.
    """

    route: str
    match: str
    label: StrOrPromise
    icon: str
    capability: Capability
    group: StrOrPromise


WORK, MONEY, PEOPLE, SETTINGS = "", gettext_lazy("Money"), gettext_lazy("People"), gettext_lazy("Settings")

ENTRIES = (
    Entry("vendors:today", "vendors:today", gettext_lazy("Today"), "home", VIEW_DASHBOARD, WORK),
    Entry("vendors:orders", "vendors:order", gettext_lazy("Orders"), "box", VIEW_ORDERS, WORK),
    Entry("vendors:messages", "vendors:message", gettext_lazy("Messages"), "inbox", VIEW_ORDERS, WORK),
    Entry("vendors:returns", "vendors:return", gettext_lazy("Returns"), "undo", VIEW_ORDERS, WORK),
    Entry("vendors:products", "vendors:product", gettext_lazy("Products"), "tag", VIEW_PRODUCTS, WORK),
    Entry("vendors:coupons", "vendors:coupon", gettext_lazy("Coupons"), "percent", VIEW_COUPONS, WORK),
    Entry("vendors:offers", "vendors:offer", gettext_lazy("Offers"), "star", VIEW_COUPONS, WORK),
    Entry("vendors:balance", "vendors:balance", gettext_lazy("Balance"), "wallet", VIEW_BALANCE, MONEY),
    Entry("vendors:commission", "vendors:commission", gettext_lazy("Commission"), "percent", VIEW_BALANCE, MONEY),
    Entry("vendors:payouts", "vendors:payout", gettext_lazy("Payouts"), "bank", VIEW_BALANCE, MONEY),
    Entry("vendors:disputes", "vendors:dispute", gettext_lazy("Disputes"), "warning", ANSWER_DISPUTES, MONEY),
    Entry("vendors:staff", "vendors:staff", gettext_lazy("Staff"), "users", VIEW_STAFF, PEOPLE),
    Entry("vendors:activity", "vendors:activity", gettext_lazy("Activity"), "activity", VIEW_ACTIVITY, PEOPLE),
    Entry("vendors:settings", "vendors:settings", gettext_lazy("Settings"), "settings", VIEW_BALANCE, SETTINGS),
    Entry("vendors:domains", "vendors:domain", gettext_lazy("Domains"), "globe", MANAGE_DOMAINS, SETTINGS),
    Entry("vendors:shop-status", "vendors:shop-", gettext_lazy("Status"), "shop", MANAGE_STATUS, SETTINGS),
    Entry("vendors:exports", "vendors:export", gettext_lazy("Export"), "download", EXPORT_DATA, SETTINGS),
)


def entries_for(role: Role) -> list[Entry]:
    """Return the pages that a role may open, group by group."""
    return [entry for entry in ENTRIES if can(role, entry.capability)]
