"""`{{ address.country|country_name }}`."""

from django import template

from kit.text import countries

register = template.Library()


@register.filter
def country_name(code: str) -> str:
    """Return a country's name, or the code where it is unknown."""
    return countries.country_name(code)
