"""Countries by ISO 3166-1 alpha-2 code, named in the language that is active."""

from collections.abc import Mapping
from functools import cache

from django.utils.translation import get_language
from django_countries import countries

DEFAULT_COUNTRY = "NG"


def country_choices() -> tuple[tuple[str, str], ...]:
    """Return (code, name) pairs sorted by name, for a form's select."""
    return tuple(_names(get_language() or "").items())


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
