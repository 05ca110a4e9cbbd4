"""Figures of automatic offers: uses, revenue of the parts of orders that were sold with them, and the discounts.

Units that were taken back after they were paid are in none of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from checkout.fulfilment.status import SOLD
from checkout.models import AutomaticOffer
from kit.db.roles import as_platform
from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from kit.money import MINOR_PER_MAJOR, WITHOUT_DECIMALS

FIGURES = load_statement(__package__, "offer_figures")
UNITS = {"whole": sorted(WITHOUT_DECIMALS), "major": MINOR_PER_MAJOR}


@dataclass(frozen=True, slots=True)
class OfferFigures:
    """Figures of an offer, in its shop's currency."""

    uses: int = 0
    revenue_minor: int = 0
    cost_minor: int = 0


@as_platform()  # a reversal names the person who made it
def figures_of(offers: Sequence[AutomaticOffer]) -> dict[UUID, OfferFigures]:
    """Return the figures of offers of one shop, by id; of some that were never used there are none."""
    if not offers:
        return {}
    sources = {f"offer:{each.pk}": each.pk for each in offers}
    params = {"shop_id": offers[0].shop_id, "sold": sorted(SOLD), "sources": list(sources), **UNITS}
    return {
        sources[source]: OfferFigures(uses, int(revenue), int(cost))
        for source, uses, revenue, cost in fetch_all(FIGURES, params)
    }
