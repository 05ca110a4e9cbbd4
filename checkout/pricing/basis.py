"""Input for adjustments: one shop's lines, and the circumstances of the purchase."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from carriers.port import OfferedService, RatesRequest
from checkout.pricing.choices import Choices
from checkout.pricing.coupons.planning import PartCoupons
from checkout.pricing.delivery.priced import PartDelivery
from checkout.pricing.offers.planning import NO_PART_OFFERS, PartOffers
from checkout.pricing.quoted_lines import QuotedLine
from checkout.pricing.terms import Terms
from tenants.shops.selectors import ShopFacts

# Services by question; None: there is no answer.
Rates = Mapping[RatesRequest, tuple[OfferedService, ...] | None]
NO_RATES: Rates = MappingProxyType({})


class Address(Protocol):
    """Address of an order, as far as a price depends on it; a buyer's address is one."""

    @property
    def country(self) -> str:
        """Return the country's ISO 3166-1 alpha-2 code."""

    @property
    def state(self) -> str:
        """Return the state, province or county."""

    @property
    def city(self) -> str:
        """Return the town."""


@dataclass(frozen=True, slots=True)
class Basis:
    """One shop's lines before adjustments, its terms, the destination, the buyer's choices, coupons, and the moment.

    Args:
        offered: the delivery of the lines at their full price, once it is found.
        offers: what the shop's automatic offers take off the lines.
        rates: what carriers ask, as far as they were asked.
    """

    shop: ShopFacts
    lines: tuple[QuotedLine, ...]
    terms: Terms
    address: Address | None
    choices: Choices
    coupons: PartCoupons
    now: datetime
    offered: PartDelivery | None = None
    offers: PartOffers = NO_PART_OFFERS
    rates: Rates = field(default_factory=lambda: NO_RATES)
