"""Stations that a buyer may choose, and the chosen ones of an order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from checkout.errors import StationGoneError, StationNeededError
from checkout.models import Station
from checkout.pricing.basis import Address
from checkout.pricing.delivery.methods import STATION_AFTER
from checkout.pricing.delivery.places import Destination, Place, covers, place_of
from checkout.pricing.delivery.priced import PricedMethod
from checkout.pricing.quote import Quote, QuotedPart
from checkout.stations.selectors import open_stations, open_stations_by_id

MOST_OFFERED = 30


@dataclass(frozen=True, slots=True)
class DeliveryChoice:
    """A way of delivery on the checkout page; one for each station of a method that leads to stations.

    Args:
        value: for `delivery`.
        station: None: it needs none, or there is none yet to choose.
    """

    value: str
    method: PricedMethod
    is_chosen: bool
    station: Station | None = None

    @property
    def is_without_station(self) -> bool:
        """Return whether it can't be chosen, as there is no station for the address."""
        return self.method.is_at_station and self.station is None


@dataclass(frozen=True, slots=True)
class PartChoices:
    """A part of a quote with the ways of its delivery."""

    part: QuotedPart
    choices: tuple[DeliveryChoice, ...]


def delivery_choices(quote: Quote, address: Address | None) -> list[PartChoices]:
    """Return the parts of a quote with their ways of delivery; one statement where a method leads to stations."""
    offers_stations = any(method.is_at_station for part in quote.parts for method in part.delivery.methods)
    near: list[Station] = []
    if offers_stations and address is not None:
        near = _nearest(open_stations(countries=[address.country]), place_of(address))
    return [PartChoices(part, tuple(_choices_of(part, near))) for part in quote.parts]


def _choices_of(part: QuotedPart, near: list[Station]) -> Iterable[DeliveryChoice]:
    delivery = part.delivery
    for method in delivery.methods:
        is_chosen = delivery.chosen is not None and method.id == delivery.chosen.id
        found = [each for each in near if _is_offered(method, each)][:MOST_OFFERED] if method.is_at_station else []
        for station in found:
            value = f"{method.id}{STATION_AFTER}{station.pk}"
            yield DeliveryChoice(value, method, is_chosen and delivery.station_id == str(station.pk), station)
        if not found:
            yield DeliveryChoice(method.id, method, is_chosen)


def chosen_stations(quote: Quote) -> Mapping[str, Station]:
    """Return the stations that the parts of an order go to, by the shop's slug; no statement where none does.

    Raises:
        StationNeededError: a part goes to a station, and none was chosen.
        StationGoneError: one is closed, unknown, or outside the zone of the address.
    """
    asked = {
        part.shop.slug: (chosen, part.delivery.station_id)
        for part in quote.parts
        if part.counted and (chosen := part.delivery.chosen) is not None and chosen.is_at_station
    }
    if not asked:
        return {}
    if missing := [slug for slug, (_, station_id) in asked.items() if not station_id]:
        raise StationNeededError(details={"shops": missing})
    ids = {slug: _uuid(station_id) for slug, (_, station_id) in asked.items()}
    known = open_stations_by_id([each for each in ids.values() if each is not None])
    found = {slug: known.get(each) for slug, each in ids.items() if each is not None}
    chosen_ones = {slug: each for slug, each in found.items() if each is not None and _is_offered(asked[slug][0], each)}
    if gone := [slug for slug in asked if slug not in chosen_ones]:
        raise StationGoneError(details={"shops": gone})
    return chosen_ones


def _is_offered(method: PricedMethod, station: Station) -> bool:
    return method.zone is not None and covers(method.zone, _place_of(station))


def _place_of(station: Station) -> Place:
    return place_of(Destination(station.country, station.subdivision, station.town))


def _nearest(found: list[Station], place: Place) -> list[Station]:
    """Return stations in the order of their places, those of a town first, then those of its subdivision."""
    places = {station.pk: _place_of(station) for station in found}

    def distance(station: Station) -> tuple[bool, bool]:
        own = places[station.pk]
        is_near = own.subdivision == place.subdivision
        return not (is_near and own.town == place.town), not is_near

    return sorted(found, key=distance)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
