"""Countries by ISO 3166-1 alpha-2 code."""

from functools import cache

from django_countries import countries

DEFAULT_COUNTRY = "NG"


@cache
def country_choices() -> tuple[tuple[str, str], ...]:
    """Return (code, name) pairs sorted by name, for a form's select."""
    return tuple((country.code, str(country.name)) for country in countries)


@cache
def country_codes() -> frozenset[str]:
    """Return all codes."""
    return frozenset(code for code, _ in country_choices())


def country_name(code: str) -> str:
    """Return a country's name, or the code where it is unknown."""
    return dict(country_choices()).get(code, code)
