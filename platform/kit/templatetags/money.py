"""`{{ amount_minor|money:currency }}`."""

from django import template

from kit.money import MINOR_PER_MAJOR, format_minor, names, symbol_of

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
    if minor is None:
        return ""
    whole, rest = divmod(int(minor), MINOR_PER_MAJOR)
    return f"{whole}.{rest:02d}" if rest else str(whole)


@register.filter
def currency_symbol(currency: str) -> str:
    """Return the sign of a currency, or its code where it has none."""
    return symbol_of(currency)
