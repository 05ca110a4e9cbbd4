"""The demo's pick-up stations and delivery zones: free above a sum, by value with a pick-up, near a shop alone."""

from collections.abc import Mapping
from datetime import datetime

from checkout.fulfilment.models import MethodKind
from checkout.fulfilment.services.zones import STANDARD_ZONE, Method, Zone
from checkout.stations.inputs import StationInput
from checkout.stations.keeping import add_station
from checkout.zones.change_zones import add_zone, remove_zone
from tenants.models import Shop

RIDER = Method(name="Rider", price_minor=1_200_00, free_from_minor=50_000_00, handling_days=1, transit_most_days=1)
PARCEL = Method(name="Parcel", price_minor=2_500_00, handling_days=2, transit_least_days=2, transit_most_days=4)
VAN = Method(
    name="Van",
    kind=MethodKind.VALUE,
    bands=((20_000_00, 2_000_00), (100_000_00, 3_500_00), (None, 5_000_00)),
    handling_days=2,
    transit_least_days=1,
    transit_most_days=2,
)
COUNTER = Method(
    name="Pick-up at the workshop",
    kind=MethodKind.PICKUP,
    price_minor=0,
    handling_days=1,
    details="14 Masaga Road, Bida. Monday to Saturday, 9 to 5.",
)
STATION = Method(
    name="Pick-up station", kind=MethodKind.STATION, price_minor=700_00, handling_days=1, transit_most_days=2
)
STATIONS = (
    StationInput(
        name="Ikeja counter",
        address="23 Allen Avenue",
        town="Ikeja",
        subdivision="NG-LA",
        country="NG",
        opening_hours="Monday to Saturday, 9 to 18",
    ),
    StationInput(
        name="Surulere counter",
        address="12 Bode Thomas Street",
        town="Surulere",
        subdivision="NG-LA",
        country="NG",
        opening_hours="Every day, 8 to 20",
    ),
)
NEAR = Method(name="Our own van", handling_days=1, transit_least_days=1, transit_most_days=3)
# By shop: its zones, and whether it goes on to deliver everywhere else at its standard rate.
ZONES: Mapping[str, tuple[tuple[Zone, ...], bool]] = {
    "aba-leather": (
        (
            Zone(name="Lagos", country="NG", subdivisions=("NG-LA",), methods=(RIDER, STATION)),
            Zone(name="The rest of Nigeria", country="NG", methods=(PARCEL,)),
        ),
        False,
    ),
    "copper-kitchen": (
        (Zone(name="Niger State", country="NG", subdivisions=("NG-NI",), methods=(VAN, COUNTER)),),
        True,
    ),
    "lumen-electric": (
        (Zone(name="The south-west", country="NG", subdivisions=("NG-LA", "NG-OG", "NG-OY"), methods=(NEAR,)),),
        False,
    ),
}


def load_delivery(shops: Mapping[str, Shop], *, now: datetime) -> None:
    """Add the stations and set the zones; the orders of the weeks before were placed at the standard rates."""
    for station in STATIONS:
        add_station(data=station)
    for slug, (zones, is_everywhere) in ZONES.items():
        for zone in zones:
            add_zone(shop=shops[slug], zone=zone, actor_id=None, now=now)
        if not is_everywhere:
            remove_zone(shop=shops[slug], zone_id=STANDARD_ZONE.id, actor_id=None, now=now)
