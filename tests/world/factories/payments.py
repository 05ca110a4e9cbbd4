"""References of charges that never went to a provider."""

from django.conf import settings

from gateway import get_provider


def new_reference() -> str:
    """A reference as the default provider takes it."""
    return get_provider(settings.DEFAULT_PAYMENT_PROVIDER).references.new()
