"""The account's own navigation."""

from typing import Any

from django.urls import reverse


def account_tabs(current: str) -> list[dict[str, Any]]:
    """Return the account's pages, with the current one marked."""
    pages = [("profile", "Profile"), ("addresses", "Addresses"), ("change-password", "Password")]
    return [{"label": label, "url": reverse(f"accounts:{name}"), "current": name == current} for name, label in pages]
