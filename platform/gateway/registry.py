"""Which payment providers there are."""

from django.utils.module_loading import import_string

from gateway.port import PaymentProvider

# Dotted, so that a provider's library is imported by the processes that use it, when they do.
PROVIDERS = {"paystack": "gateway.paystack.from_settings"}


def get_provider(name: str = "paystack") -> PaymentProvider:
    """Return a payment provider, set up from the settings.

    Raises:
        LookupError: there is no such provider.
    """
    if name not in PROVIDERS:
        raise LookupError(f"There is no payment provider {name!r}.")
    provider: PaymentProvider = import_string(PROVIDERS[name])()
    return provider
