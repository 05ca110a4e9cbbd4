"""Destinations in the form in which they are compared, and the zone of one."""

from dataclasses import dataclass
from functools import lru_cache

from checkout.pricing.basis import Address
from checkout.pricing.terms.delivery import DeliveryTerms, ZoneTerms
from kit.text.subdivisions import folded, subdivision_code


@dataclass(frozen=True, slots=True)
class Destination:
    """A destination before there is an address: a country, and a state or a town where they are known."""

    country: str
    state: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A destination: ISO codes of country and subdivision, and the town in folded form; what is not known is empty."""

    country: str
    subdivision: str = ""
    town: str = ""


def place_of(address: Address) -> Place:
    """Return the place of an address."""
    return _place(address.country, address.state, address.city)


def zone_of(terms: DeliveryTerms, place: Place) -> ZoneTerms | None:
    """Return the most specific zone that covers a place, or None where the shop does not deliver to it."""
    return next((zone for zone in terms.zones if covers(zone, place)), None)


def covers(zone: ZoneTerms, place: Place) -> bool:
    """Return whether a place is in a zone; each level that the zone names has to be the place's own."""
    if not zone.country:
        return True
    if zone.country != place.country:
        return False
    is_in_subdivision = not zone.subdivisions or place.subdivision in zone.subdivisions
    return is_in_subdivision and (not zone.towns or place.town in zone.towns)


@lru_cache(maxsize=4_096)
def _place(country: str, state: str, city: str) -> Place:
    return Place(country, subdivision_code(country, state), folded(city))
