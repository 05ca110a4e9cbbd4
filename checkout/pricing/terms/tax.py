"""Tax in a shop's terms: the registration under which it charges tax."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TaxTerms:
    """Registration of a shop for a country's tax.

    Args:
        country: ISO 3166-1 alpha-2.
        number: under which the country knows the shop.
        prices_include_tax: whether the tax is a part of its prices, or comes on top.
    """

    country: str
    number: str
    prices_include_tax: bool


def parse(stored: Mapping[str, Any]) -> TaxTerms | None:
    """Return the terms that were stored by `as_json`; None for a shop that is not registered."""
    if not stored:
        return None
    return TaxTerms(stored["country"], stored["number"], prices_include_tax=stored["prices_include_tax"])


def as_json(terms: TaxTerms | None) -> dict[str, Any]:
    """Return terms in the form that is stored."""
    if terms is None:
        return {}
    return {"country": terms.country, "number": terms.number, "prices_include_tax": terms.prices_include_tax}
