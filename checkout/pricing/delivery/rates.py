"""Prices of methods whose carrier tells them: the questions of a part, and its price by the answers; pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from carriers.port import OfferedService, Parcel, Place, RatesRequest
from checkout.fulfilment.models import MethodKind
from checkout.pricing.basis import Address, Basis
from checkout.pricing.delivery.priced import PricedMethod, RateSource
from checkout.pricing.quoted_lines import QuotedLine
from checkout.pricing.terms.delivery import MethodTerms, ZoneTerms
from kit.text.subdivisions import find_subdivision

# By the method's id; None: the carrier did not answer, or can't be asked.
ServicesByMethod = Mapping[str, tuple[OfferedService, ...] | None]
NOT_ASKED: ServicesByMethod = {}


@dataclass(frozen=True, slots=True)
class Rate:
    """A price, with its source and the service whose it is, where a carrier tells it."""

    price_minor: int
    source: RateSource | None = None
    service: str = ""
    transit_days: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class AskedRates:
    """Answers to the questions of a part, and the questions that are still to be asked."""

    services: ServicesByMethod = field(default_factory=lambda: NOT_ASKED)
    unasked: tuple[RatesRequest, ...] = ()

    def leaves_out(self, methods: Iterable[PricedMethod]) -> bool:
        """Return whether a method is not among some, as its carrier told no price."""
        silent = {method_id for method_id, services in self.services.items() if services is None}
        return bool(silent - {method.id for method in methods}) if silent else False


NOTHING_ASKED = AskedRates()


def find_rates_for(zones: Iterable[ZoneTerms], basis: Basis) -> AskedRates:
    """Return the known answers to the questions of a part; none where no method needs any, or no town is known."""
    methods = [method for zone in zones for method in zone.methods if method.kind is MethodKind.CARRIER]
    address = basis.address
    if not methods or address is None or not address.city:
        return NOTHING_ASKED
    parcel = parcel_of(basis.lines)
    if parcel is None:
        return AskedRates(dict.fromkeys(method.id for method in methods))
    questions = {method.id: _question(method, address, parcel, basis.shop.currency) for method in methods}
    services = {method_id: basis.rates.get(question) for method_id, question in questions.items()}
    unasked = dict.fromkeys(question for question in questions.values() if question not in basis.rates)
    return AskedRates(services, tuple(unasked))


def parcel_of(lines: Sequence[QuotedLine]) -> Parcel | None:
    """Return the parcel that lines make; None where something has no weight, which every carrier asks for."""
    weighed = [(line.offer.weight_g * line.line.quantity, line.total_minor) for line in lines if line.offer]
    if not weighed or not all(grams for grams, _ in weighed):
        return None
    return Parcel(sum(grams for grams, _ in weighed), sum(value_minor for _, value_minor in weighed))


def carrier_rate(method: MethodTerms, services: ServicesByMethod, *, standard_minor: int) -> Rate | None:
    """Return the price of a method whose carrier tells it: that of its cheapest service.

    While there is no answer it is the method's own price, if it has one. Where nothing could be asked yet it is an
    estimate: the method's own price, else the shop's standard rate.
    """
    if method.id not in services:
        return Rate(standard_minor if method.price_minor is None else method.price_minor, RateSource.ESTIMATE)
    offered = services[method.id]
    if offered is None:
        return None if method.price_minor is None else Rate(method.price_minor, RateSource.FALLBACK)
    cheapest = min(offered, key=lambda each: (each.price_minor, each.name), default=None)
    if cheapest is None:
        return None
    return Rate(cheapest.price_minor, RateSource.CARRIER, cheapest.name, cheapest.transit_days)


def _question(method: MethodTerms, address: Address, parcel: Parcel, currency: str) -> RatesRequest:
    origin = _place(method.from_subdivision[:2], method.from_subdivision, method.from_town)
    destination = _place(address.country, address.state, address.city)
    return RatesRequest(origin, destination, (parcel,), currency)


def _place(country: str, state: str, town: str) -> Place:
    """Return a place with the name of its state, however it was written."""
    found = find_subdivision(country, state)
    return Place(country, found.name if found else state, town.strip())
