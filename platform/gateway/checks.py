"""System check of the payment providers in the settings; it calls no network."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as CheckWarning

from gateway.registry import DefaultProviderError, ProviderNameError, is_taken, load_providers

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
    return _currencies_that_nobody_takes()


def _currencies_that_nobody_takes() -> list[CheckMessage]:
    found = [currency for currency in settings.SHOP_CURRENCIES if not is_taken(currency)]
    if not found:
        return []
    message = f"SHOP_CURRENCIES: no provider takes payments in {', '.join(found)}; buyers are told so."
    hint = f"List a provider that does, or leave them out; {RECIPE}"
    return [CheckWarning(message, hint=hint, id="gateway.W001")]


def _error(error: Exception, code: str, hint: str) -> Error:
    return Error(str(error), hint=f"{hint}; {RECIPE}", id=code)
