"""Source of tax rates that the settings name."""

from django.conf import settings
from django.utils.module_loading import import_string

from checkout.pricing.tax.port import TaxRates
from kit.settings_cache import cached_by_settings


@cached_by_settings
def tax_rates() -> TaxRates:
    """Return the market's tax rates, set up from the settings."""
    rates: TaxRates = import_string(settings.TAX_RATES)()
    return rates
