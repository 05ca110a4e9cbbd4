"""Pebble, a tiny payment provider that is unlike Paystack wherever it can be.

It shows that a provider is a folder and two lines of settings, as docs/recipes/add-a-provider.md tells.
"""

from functools import cache
from typing import Any

from django.conf import settings

from tests.gateway.conformance.pebble.adapter import Pebble


def from_settings() -> Pebble:
    """Return the adapter for the address and the key in the settings."""
    given: Any = settings  # the tests alone have these two
    return _build(given.PEBBLE_URL, given.PEBBLE_KEY)


@cache
def _build(url: str, key: str) -> Pebble:
    return Pebble(url=url, key=key)
