"""The source of carriers' rates that the settings name."""

from django.conf import settings
from django.utils.module_loading import import_string

from carriers.port import ShippingRates
from kit.settings_cache import cached_by_settings


@cached_by_settings
def shipping_rates() -> ShippingRates | None:
    """Return the market's source of carriers' rates, set up from the settings; None where it has none."""
    if not settings.SHIPPING_RATES:
        return None
    rates: ShippingRates = import_string(settings.SHIPPING_RATES)()
    return rates
