"""Capabilities of what a shop is owed."""

from django.utils.translation import gettext_lazy

from tenants.access import MANAGERS, OWNERS_ONLY, Capability
from tenants.models import Role, ShopStatus

VIEW_BALANCE = Capability("view_balance", gettext_lazy("See the balance"), MANAGERS | {Role.ACCOUNTANT})
MANAGE_BANK_ACCOUNT = Capability(
    "manage_bank_account", gettext_lazy("Change the bank account"), OWNERS_ONLY, frozenset({ShopStatus.CLOSING})
)
REQUEST_PAYOUT = Capability(
    "request_payout", gettext_lazy("Request a payout"), MANAGERS, frozenset({ShopStatus.CLOSING})
)

CAPABILITIES = (VIEW_BALANCE, MANAGE_BANK_ACCOUNT, REQUEST_PAYOUT)
