"""A shop that delivers to stations of the platform, and what is bought of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from checkout.fulfilment.services.zones import STANDARD_ZONE, Method, Zone
from checkout.models import Station
from checkout.pricing.choices import Choices
from checkout.stations.inputs import StationInput
from checkout.stations.keeping import add_station
from checkout.zones.change_zones import add_zone, remove_zone
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, order_request, stock
from tests.world.own_shop import paid_order

RIDER = Method(name="Rider", price_minor=120_000)
AT_STATION = Method(name="Station", kind="station", price_minor=70_000)
LAGOS = Zone(name="Lagos", country="NG", subdivisions=("NG-LA",), methods=(RIDER, AT_STATION))


def station(**values: Any) -> Station:
    """Add a station in Ikeja, where nothing else is said."""
    given: dict[str, Any] = {
        "name": "Ikeja counter",
        "address": "23 Allen Avenue",
        "town": "Ikeja",
        "subdivision": "NG-LA",
        "country": "NG",
        "opening_hours": "Monday to Saturday, 9 to 18",
    }
    return add_station(data=StationInput(**given | values))


def station_shop(slug: str = "cloth-hall") -> Stocked:
    """Open a shop that delivers in Lagos, by a rider and to stations."""
    stocked = stock(open_shop(slug))
    add_zone(shop=stocked.shop, zone=LAGOS, actor_id=None, now=NOW)
    remove_zone(shop=stocked.shop, zone_id=STANDARD_ZONE.id, actor_id=None, now=NOW)
    return stocked


def choice(chosen: Station | str) -> str:
    """Return the choice of a station in Lagos."""
    return f"{AT_STATION.id}:{chosen.pk if isinstance(chosen, Station) else chosen}"


def ordered_to(stocked: Stocked, value: str, *, now: datetime | None = None) -> str:
    """Buy and pay for something that is delivered as a value says, and return the sub-order's number."""
    asked = replace(order_request(), choices=Choices(delivery={stocked.shop.slug: value}))
    return paid_order(stocked, now=now, request=asked)
