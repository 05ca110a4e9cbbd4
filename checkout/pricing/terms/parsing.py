"""Terms of sale of one shop, parsed from its row.

A section is a column of `ShopTerms`, a field of `Terms`, and a module here with the section's frozen dataclasses, their
`as_json` for the service that stores it and their `parse`. An empty column is a section of which
a shop has set nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from checkout.pricing.terms import delivery, offers, tax
from checkout.pricing.terms.delivery import EVERYWHERE, DeliveryTerms
from checkout.pricing.terms.offers import OfferTerms
from checkout.pricing.terms.tax import TaxTerms

SECTIONS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "delivery": delivery.parse,
    "offers": offers.parse,
    "tax": tax.parse,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of one shop."""

    delivery: DeliveryTerms = EVERYWHERE
    offers: tuple[OfferTerms, ...] = ()
    tax: TaxTerms | None = None


NO_TERMS = Terms()


def parse(columns: Mapping[str, Any]) -> Terms:
    """Return the terms that a row's sections hold."""
    return Terms(**{name: read(columns[name]) for name, read in SECTIONS.items()})
