"""Addresses of the account pages."""

from django.conf import settings
from django.urls import reverse


def account_path(name: str, **kwargs: str | int) -> str:
    """Return the path of an account page on the platform's host, whichever host is being served."""
    return reverse(name, urlconf=settings.PUBLIC_SCHEMA_URLCONF, kwargs=kwargs)
