"""Payment providers by name, as the settings list them."""

import re

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from gateway.port import PaymentProvider
from kit.settings_cache import cached_by_settings

# A name is part of webhook addresses, account codes and rows.
NAME = re.compile(r"[a-z][a-z0-9_]{1,19}")


class UnknownProviderError(LookupError):
    """The settings list no payment provider of this name."""


class ProviderNameError(ImproperlyConfigured):
    """A name in PAYMENT_PROVIDERS can't be one."""


class DefaultProviderError(ImproperlyConfigured):
    """DEFAULT_PAYMENT_PROVIDER is not among PAYMENT_PROVIDERS."""


def provider_names() -> tuple[str, ...]:
    """Return the names of all payment providers, sorted.

    Raises:
        ProviderNameError: one of them can't be a name.
        DefaultProviderError: the default is not among them.
    """
    names = tuple(sorted(settings.PAYMENT_PROVIDERS))
    if wrong := [name for name in names if not NAME.fullmatch(name)]:
        raise ProviderNameError(f"PAYMENT_PROVIDERS: {wrong[0]!r} is no name; use up to 20 of a-z, 0-9 and _.")
    if settings.DEFAULT_PAYMENT_PROVIDER not in names:
        message = f"DEFAULT_PAYMENT_PROVIDER: {settings.DEFAULT_PAYMENT_PROVIDER!r} is not among PAYMENT_PROVIDERS."
        raise DefaultProviderError(message)
    return names


@cached_by_settings
def get_provider(name: str) -> PaymentProvider:
    """Return a payment provider, set up from the settings.

    Its factory is named by its dotted path, so that a provider's library is imported by the processes that use it,
    when they do.

    Raises:
        UnknownProviderError: there is no such provider.
    """
    factory = settings.PAYMENT_PROVIDERS.get(name)
    if factory is None:
        raise UnknownProviderError(f"There is no payment provider {name!r}.")
    provider: PaymentProvider = import_string(factory)()
    return provider


@cached_by_settings
def provider_for(*, currency: str) -> str:
    """Return the name of the provider that takes charges in a currency.

    The default one where it takes the currency, or where no provider does (`is_taken`); else the first by name that
    does.
    """
    default: str = settings.DEFAULT_PAYMENT_PROVIDER
    return _taker(currency) or default


@cached_by_settings
def is_taken(currency: str) -> bool:
    """Return whether a provider takes charges in a currency."""
    return _taker(currency) is not None


def _taker(currency: str) -> str | None:
    default: str = settings.DEFAULT_PAYMENT_PROVIDER
    if _takes(default, currency):
        return default
    return next((name for name in provider_names() if _takes(name, currency)), None)


def _takes(name: str, currency: str) -> bool:
    return currency in get_provider(name).limits.smallest_minor


@cached_by_settings
def transfer_provider_for(*, currency: str) -> str | None:
    """Return the name of the provider that sends transfers in a currency; None where none does.

    The default one where it sends them, else the first by name that does; whether it takes charges too does not matter.
    """
    default: str = settings.DEFAULT_PAYMENT_PROVIDER
    return next((name for name in (default, *provider_names()) if _sends(name, currency)), None)


def _sends(name: str, currency: str) -> bool:
    provider = get_provider(name)
    facts = provider.transfers
    return provider.capabilities.transfers and facts is not None and currency in facts.currencies


def provider_label(name: str) -> str:
    """Return a provider's name for people; of one that the settings list no more, its plain name."""
    try:
        return get_provider(name).label
    except UnknownProviderError:
        return name.replace("_", " ").title()


def load_providers() -> None:
    """Build every provider's client, so that the first payment need not wait for it."""
    for name in provider_names():
        get_provider(name)
