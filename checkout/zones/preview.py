"""Preview of a shop's delivery: the methods that a buyer in a place would be offered, with prices and dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from checkout.fulfilment.services.zones import Zone
from checkout.pricing.delivery.methods import cheapest, offered_methods
from checkout.pricing.delivery.places import Destination, place_of, zone_of
from checkout.pricing.delivery.priced import PricedMethod
from checkout.zones.compiling import compile_zones


@dataclass(frozen=True, slots=True)
class DeliveryPreview:
    """Delivery to a place.

    Args:
        zone: the one that it belongs to; None where the shop doesn't deliver there.
        charged: the method that is charged while the buyer chooses no other.
    """

    zone: Zone | None
    methods: tuple[PricedMethod, ...]
    charged: PricedMethod | None


def ordered_zones(zones: Sequence[Zone]) -> list[Zone]:
    """Return zones in the order in which an address is looked up in them."""
    by_id = {str(zone.id): zone for zone in zones}
    return [by_id[terms.id] for terms in compile_zones(zones).zones]


def preview_delivery(
    zones: Sequence[Zone], place: Destination, *, standard_minor: int, value_minor: int, grams: int, now: datetime
) -> DeliveryPreview:
    """Return the methods for a place with their prices and dates, and the zone that the place belongs to.

    Args:
        standard_minor: the shop's standard rate.
        value_minor: what the goods cost.
        grams: what they weigh.
    """
    terms = compile_zones(zones)
    found = zone_of(terms, place_of(place))
    methods = offered_methods(
        terms, place, standard_minor=standard_minor, value_minor=value_minor, grams=grams, now=now
    )
    zone = next((each for each in zones if found and str(each.id) == found.id), None)
    return DeliveryPreview(zone, methods, cheapest(methods))
