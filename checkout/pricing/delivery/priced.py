"""A method of delivery at its price for a part, and the delivery of a part."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_noop

from carriers.port import RatesRequest
from checkout.fulfilment.models import FETCHED, MethodKind
from checkout.pricing.terms.delivery import MethodTerms, ZoneTerms

LABELS = {MethodKind.PICKUP: gettext_noop("Pick-up"), MethodKind.STATION: gettext_noop("Pick-up at a station")}
LABEL = gettext_noop("Delivery")
WORDS_OF_DELIVERY = frozenset({LABEL, *LABELS.values()})


class RateSource(StrEnum):
    """Source of a price that a carrier asks."""

    CARRIER = "carrier"  # its own answer
    ESTIMATE = "estimate"  # the shop's price, as long as no town is known
    FALLBACK = "fallback"  # the shop's price, while the carrier does not answer


@dataclass(frozen=True, slots=True)
class PricedMethod:
    """A method at its price for a part.

    Args:
        arrives_on: the days on which the parcel would arrive; None: the shop tells none.
        zone: the places that it is offered in, which stations have to be in.
        rate: None: no carrier is asked for its price.
        service: of the carrier whose price it is.
    """

    terms: MethodTerms
    price_minor: int
    arrives_on: tuple[date, date] | None
    zone: ZoneTerms | None = None
    rate: RateSource | None = None
    service: str = ""

    @property
    def id(self) -> str:
        """Return the method's id."""
        return self.terms.id

    @property
    def label(self) -> str:
        """Return the shop's name for it, or else the market's word."""
        return self.terms.name or LABELS.get(self.terms.kind, LABEL)

    @property
    def is_pickup(self) -> bool:
        """Return whether the buyer fetches the parcel."""
        return self.terms.kind in FETCHED

    @property
    def is_at_station(self) -> bool:
        """Return whether the buyer chooses a station of the platform, and fetches it there."""
        return self.terms.kind is MethodKind.STATION

    @property
    def is_fallback(self) -> bool:
        """Return whether the price is the shop's own, as the carrier tells none."""
        return self.rate is RateSource.FALLBACK

    @property
    def details(self) -> str:
        """Return the place and the times of a pick-up, or the carrier's service that brings the parcel."""
        return self.terms.details or self.service

    @property
    def earliest_on(self) -> date | None:
        """Return the first day on which it may arrive."""
        return self.arrives_on[0] if self.arrives_on else None

    @property
    def latest_on(self) -> date | None:
        """Return the last day on which it should arrive."""
        return self.arrives_on[1] if self.arrives_on else None

    @property
    def leaves_on(self) -> date | None:
        """Return the day by which it should leave the shop; None where only the carrier knows its days on the way."""
        if self.arrives_on is None or self.rate is RateSource.CARRIER:
            return None
        return self.arrives_on[0] - timedelta(days=self.terms.transit_days[0])

    def as_dict(self) -> dict[str, Any]:
        """Return the method in the form that is stored with an order."""
        return {
            "method_id": self.id,
            "name": self.label,
            "kind": self.terms.kind.value,
            "earliest_on": self.earliest_on.isoformat() if self.earliest_on else None,
            "latest_on": self.latest_on.isoformat() if self.latest_on else None,
            "leaves_on": self.leaves_on.isoformat() if self.leaves_on else None,
            "details": self.details,
        }


@dataclass(frozen=True, slots=True)
class PartDelivery:
    """Delivery of a part.

    Args:
        methods: in the shop's order.
        chosen: the one that is charged; None where the shop can't deliver.
        is_estimate: whether another destination, which is not known yet, may cost something else.
        is_choice_gone: whether the buyer chose a method that is not offered for this part.
        station_id: of the station that the buyer chose with it, unchecked; empty: none.
        unasked: questions to carriers that have to be answered before the price is known.
        is_unpriced: whether a method is left out, as its carrier tells no price.
    """

    methods: tuple[PricedMethod, ...] = ()
    chosen: PricedMethod | None = None
    is_estimate: bool = False
    is_choice_gone: bool = False
    station_id: str = ""
    unasked: tuple[RatesRequest, ...] = ()
    is_unpriced: bool = False


NO_DELIVERY = PartDelivery()
