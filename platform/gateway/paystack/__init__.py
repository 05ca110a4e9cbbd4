"""Paystack behind the port."""

from functools import cache

from django.conf import settings

from gateway.paystack.adapter import Paystack


def from_settings() -> Paystack:
    """Return the adapter for the key and the address in the settings; the same one for the same settings."""
    return _build(settings.PAYSTACK_SECRET_KEY, settings.PAYSTACK_BASE_URL, settings.PAYSTACK_TIMEOUT_SECONDS)


@cache
def _build(secret_key: str, base_url: str, timeout: float) -> Paystack:
    return Paystack(secret_key=secret_key, base_url=base_url, timeout=timeout)
