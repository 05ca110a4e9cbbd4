"""`{{ account_number|masked }}`: the part of a private number that is shown."""

from django import template

from gateway.bank_accounts import masked as mask

register = template.Library()


@register.filter
def masked(number: str | None) -> str:
    """Return the last four digits behind dots."""
    return mask(number or "")
