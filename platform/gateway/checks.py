"""System check of the payment providers in the settings; it calls no network."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from gateway.registry import DefaultProviderError, ProviderNameError, load_providers

RECIPE = "see step 4 of docs/recipes/add-a-provider.md."


@register()
def check_providers(**_: Any) -> list[CheckMessage]:
    """Refuse settings from which not every payment provider can be built."""
    try:
        load_providers()
    except ProviderNameError as error:
        return [_error(error, "gateway.E001", "Give it a name of 2 to 20 of a-z, 0-9 and _ that begins with a letter")]
    except DefaultProviderError as error:
        return [_error(error, "gateway.E002", "Set it to one of PAYMENT_PROVIDERS, or list the provider there")]
    except ImportError as error:
        return [_error(error, "gateway.E003", "Correct the factory's dotted path in PAYMENT_PROVIDERS")]
    except (AttributeError, TypeError, ValueError) as error:
        return [_error(error, "gateway.E004", "A provider can't be built: declare and set its key and address")]
    return []


def _error(error: Exception, code: str, hint: str) -> Error:
    return Error(str(error), hint=f"{hint}; {RECIPE}", id=code)
