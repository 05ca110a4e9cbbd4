"""`{{ address.country|country_name }}`, `{{ address|address_lines }}`, `{{ address.phone|phone:address.country }}`."""

from django import template

from kit.text import address_forms, countries
from kit.text.phones import shown_phone

register = template.Library()


@register.filter
def country_name(code: str) -> str:
    """Return a country's name, or the code where it is unknown."""
    return countries.country_name(code)


@register.filter
def phone(stored: str, country: str = "") -> str:
    """Return a phone number as people in a country write it; with its country's code where that is another one."""
    return shown_phone(stored, country)


register.filter(address_forms.address_lines)
register.filter(address_forms.postal_lines)
