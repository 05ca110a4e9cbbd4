"""`{% for each in part|price_rows %}` and `{{ parts|included_tax }}`."""

from collections.abc import Iterable
from typing import Any

from django import template

from checkout.offers.words import hints_of
from checkout.pricing.quote import QuotedPart
from checkout.pricing.shown import ShownAdjustment, shown_adjustments, tax_label

register = template.Library()
register.filter("tax_label", tax_label)


@register.filter
def price_rows(part: Any) -> list[ShownAdjustment]:
    """Return the adjustments of a part as rows: of a quote's, of a stored one, or of a shop's view of it."""
    amounts = getattr(part, "amounts", part)
    return shown_adjustments(part.adjustments, prices_include_tax=amounts.prices_include_tax)


@register.filter
def offer_hints(part: QuotedPart) -> list[str]:
    """Return the hints to more of the offers of a part's shop."""
    return hints_of(part.offer_hints, currency=part.shop.currency)


@register.filter
def included_tax(parts: Iterable[Any]) -> int:
    """Return the tax that the prices of some stored parts include."""
    return sum(part.tax_minor for part in parts if part.prices_include_tax)
