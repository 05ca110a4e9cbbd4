"""`{{ account_number|masked }}`: what is shown of a number that is nobody else's business."""

from django import template

from gateway.bank_accounts import masked as mask

register = template.Library()


@register.filter
def masked(number: str | None) -> str:
    """Return the last four digits behind dots."""
    return mask(number or "")
