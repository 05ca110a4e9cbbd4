"""The least difference that a buyer can be charged."""

from gateway import get_provider, provider_for


def least_charge(currency: str) -> int:
    """Return the least amount that the provider of a currency takes, in minor units."""
    return get_provider(provider_for(currency=currency)).limits.minimum_minor(currency)
