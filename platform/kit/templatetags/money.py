"""`{{ amount_minor|money:currency }}`."""

from django import template

from kit.money import format_minor, names, plain_amount, symbol_of

register = template.Library()


@register.filter
def money(minor: int | None, currency: str) -> str:
    """Format minor units for people; nothing for nothing.

    Raises:
        ValueError: there is an amount without a currency.
    """
    if minor is not None and not currency:
        raise ValueError(f"The amount {minor} has no currency.")
    return "" if minor is None else format_minor(int(minor), currency)


@register.filter
def currency_name(code: str) -> str:
    """Name a currency for people."""
    return names.currency_name(code)


@register.filter
def major(minor: int | None) -> str:
    """Format minor units as a plain decimal, as a form field takes it."""
    return "" if minor is None else plain_amount(int(minor))


@register.filter
def currency_symbol(currency: str) -> str:
    """Return the sign of a currency, or its code where it has none."""
    return symbol_of(currency)
