"""System check of the source of carriers' rates in the settings; it calls no network."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from carriers.registry import shipping_rates

HINT = "Correct SHIPPING_RATES, and the key and address of its service; see docs/delivery.md."


@register()
def check_shipping_rates(**_: Any) -> list[CheckMessage]:
    """Refuse settings from which the source of carriers' rates cannot be built."""
    try:
        shipping_rates()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        return [Error(f"SHIPPING_RATES: {error}", hint=HINT, id="carriers.E001")]
    return []
