"""The account's own navigation."""

from typing import Any

from django.urls import reverse

from accounts.tabs import OWN_TABS, AccountTab
from kit.wiring import contributions


def account_tabs(current: str) -> list[dict[str, Any]]:
    """Return the account's pages, with the current one marked.

    Args:
        current: a route; without a namespace, one of our own.
    """
    current = current if ":" in current else f"accounts:{current}"
    tabs = (*OWN_TABS, *contributions(AccountTab))
    return [{"label": tab.label, "url": reverse(tab.route), "current": tab.route == current} for tab in tabs]
