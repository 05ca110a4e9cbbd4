"""The account's own navigation."""

from typing import Any

from django.urls import reverse

_PAGES = [
    ("accounts:profile", "Profile"),
    ("accounts:addresses", "Addresses"),
    ("accounts:change-password", "Password"),
    ("accounts:data", "Your data"),
]


def register_account_page(route: str, label: str) -> None:
    """Add another app's page to the account's navigation; called from its `ready`."""
    if (route, label) not in _PAGES:
        _PAGES.append((route, label))


def account_tabs(current: str) -> list[dict[str, Any]]:
    """Return the account's pages, with the current one marked.

    Args:
        current: a route; without a namespace, one of our own.
    """
    current = current if ":" in current else f"accounts:{current}"
    return [{"label": label, "url": reverse(route), "current": route == current} for route, label in _PAGES]
