"""Show a shop by example what a buyer would pay under a registration."""

from dataclasses import dataclass
from datetime import datetime

from catalogue.tax_classes import TaxClass
from checkout.fulfilment.services.tax_registration import Registration
from checkout.pricing.amounts import Amounts
from checkout.pricing.shown import tax_label
from checkout.pricing.tax.computing import NO_LINE, TaxableLine, compute_tax, rate_sums
from checkout.pricing.tax.registry import tax_rates


@dataclass(frozen=True, slots=True)
class TaxPreview:
    """Amounts of one product of a tax class, delivered, with the tax of each rate by its label in words."""

    tax_class: TaxClass
    amounts: Amounts
    taxes: tuple[tuple[str, int], ...]


def preview_tax(
    *,
    registration: Registration | None,
    country: str,
    price_minor: int,
    delivery_minor: int,
    currency: str,
    now: datetime,
) -> list[TaxPreview]:
    """Return the amounts that a buyer in a country would pay for a product of each tax class."""
    table = tax_rates().table(registration.country) if registration else None
    found = []
    for tax_class in TaxClass:
        taxes: dict[str, int] = {}
        if registration and table and country == registration.country:
            part = compute_tax(
                lines=[TaxableLine(NO_LINE, tax_class, price_minor)],
                delivery_minor=delivery_minor,
                table=table,
                subdivision="",
                on=now.date(),
                currency=currency,
                is_included=registration.prices_include_tax,
            )
            taxes = {tax_label(rate.label): tax_minor for rate, tax_minor in rate_sums(part.shares).items()}
        amounts = Amounts(
            currency=currency,
            items_minor=price_minor,
            shipping_minor=delivery_minor,
            tax_minor=sum(taxes.values()),
            prices_include_tax=bool(taxes) and registration is not None and registration.prices_include_tax,
        )
        found.append(TaxPreview(tax_class, amounts, tuple(taxes.items())))
    return found
