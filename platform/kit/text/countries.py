"""Countries by ISO 3166-1 alpha-2 code, named in the language that is active."""

from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.utils.translation import get_language, gettext
from django_countries import countries

DEFAULT_COUNTRY = "NG"
COUNTRIES_OF = {  # by the currencies of shops; the dollar is that of trade across borders, and no country's alone
    "NGN": ("NG",),
    "GHS": ("GH",),
    "KES": ("KE",),
    "ZAR": ("ZA",),
    "XOF": ("BF", "BJ", "CI", "GW", "ML", "NE", "SN", "TG"),
}


def country_choices() -> tuple[tuple[str, str], ...]:
    """Return (code, name) pairs sorted by name, for a form's select."""
    return tuple(_names(get_language() or "").items())


def country_groups() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the pairs in two groups for a select: countries in whose currency shops sell here, then all others."""
    near = {code for currency in settings.SHOP_CURRENCIES for code in COUNTRIES_OF.get(currency, ())}
    pairs = country_choices()
    first, others = [tuple(each for each in pairs if (each[0] in near) is is_near) for is_near in (True, False)]
    return (gettext("Countries of this market"), first), (gettext("All other countries"), others)


@cache
def country_codes() -> frozenset[str]:
    """Return all codes."""
    return frozenset(code for code, _ in country_choices())


def country_name(code: str) -> str:
    """Return a country's name, or the code where it is unknown."""
    return _names(get_language() or "").get(code, code)


@cache
def _names(language: str) -> Mapping[str, str]:  # noqa: ARG001 - tells apart what is remembered
    return {country.code: str(country.name) for country in countries}
