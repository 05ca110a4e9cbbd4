"""Delivery in a shop's terms: its zones, most specific first, and the methods in each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checkout.fulfilment.models import STANDARD_METHOD_ID, STANDARD_ZONE_ID, MethodKind


@dataclass(frozen=True, slots=True)
class Band:
    """A price for parcels up to a weight, or for goods up to a value; `up_to` is None in the last of all."""

    up_to: int | None
    price_minor: int


@dataclass(frozen=True, slots=True)
class MethodTerms:
    """A way to get a parcel to the places of a zone.

    Args:
        price_minor: None: the shop's standard rate; of a carrier's, the price while it tells none: None: not offered.
        bands: ascending; of methods by weight (grams) or by value (minor units).
        free_from_minor: what is left of the goods' price after discounts from which it costs nothing.
        handling_days: until the parcel leaves the shop; None: no dates are told.
        transit_days: the least and the most days on the way.
        details: where and when a parcel is picked up.
        from_subdivision, from_town: where a carrier fetches parcels, ISO 3166-2 and as the shop writes it.
    """

    id: str
    name: str
    kind: MethodKind
    price_minor: int | None = None
    bands: tuple[Band, ...] = ()
    free_from_minor: int | None = None
    handling_days: int | None = None
    transit_days: tuple[int, int] = (0, 0)
    details: str = ""
    from_subdivision: str = ""
    from_town: str = ""


@dataclass(frozen=True, slots=True)
class ZoneTerms:
    """Places to which a shop delivers alike.

    Args:
        country: ISO 3166-1 alpha-2; empty: everywhere.
        subdivisions: ISO 3166-2 codes; empty: the whole country.
        towns: in folded form; empty: all of them.
    """

    id: str
    name: str
    country: str
    subdivisions: frozenset[str]
    towns: frozenset[str]
    methods: tuple[MethodTerms, ...]


@dataclass(frozen=True, slots=True)
class DeliveryTerms:
    """Zones of a shop, the most specific first."""

    zones: tuple[ZoneTerms, ...] = ()


# A shop that has set no zones delivers everywhere at its standard rate: it has this zone, with these ids.
STANDARD = ZoneTerms(
    id=str(STANDARD_ZONE_ID),
    name="",
    country="",
    subdivisions=frozenset(),
    towns=frozenset(),
    methods=(MethodTerms(id=str(STANDARD_METHOD_ID), name="", kind=MethodKind.FLAT),),
)
EVERYWHERE = DeliveryTerms((STANDARD,))


def parse(stored: Mapping[str, Any]) -> DeliveryTerms:
    """Return the terms that were stored by `as_json`; an empty mapping: those of a shop that has set no zones."""
    return DeliveryTerms(tuple(_zone(each) for each in stored["zones"])) if stored else EVERYWHERE


def as_json(terms: DeliveryTerms) -> dict[str, Any]:
    """Return terms in the form that is stored."""
    return {"zones": [_zone_json(zone) for zone in terms.zones]}


def _zone(stored: Mapping[str, Any]) -> ZoneTerms:
    return ZoneTerms(
        id=stored["id"],
        name=stored["name"],
        country=stored["country"],
        subdivisions=frozenset(stored["subdivisions"]),
        towns=frozenset(stored["towns"]),
        methods=tuple(_method(each) for each in stored["methods"]),
    )


def _method(stored: Mapping[str, Any]) -> MethodTerms:
    least, most = stored["transit_days"]
    return MethodTerms(
        id=stored["id"],
        name=stored["name"],
        kind=MethodKind(stored["kind"]),
        price_minor=stored["price_minor"],
        bands=tuple(Band(up_to, price_minor) for up_to, price_minor in stored["bands"]),
        free_from_minor=stored["free_from_minor"],
        handling_days=stored["handling_days"],
        transit_days=(least, most),
        details=stored["details"],
        from_subdivision=stored.get("from_subdivision", ""),
        from_town=stored.get("from_town", ""),
    )


def _zone_json(zone: ZoneTerms) -> dict[str, Any]:
    return {
        "id": zone.id,
        "name": zone.name,
        "country": zone.country,
        "subdivisions": sorted(zone.subdivisions),
        "towns": sorted(zone.towns),
        "methods": [_method_json(method) for method in zone.methods],
    }


def _method_json(method: MethodTerms) -> dict[str, Any]:
    return {
        "id": method.id,
        "name": method.name,
        "kind": method.kind.value,
        "price_minor": method.price_minor,
        "bands": [[band.up_to, band.price_minor] for band in method.bands],
        "free_from_minor": method.free_from_minor,
        "handling_days": method.handling_days,
        "transit_days": list(method.transit_days),
        "details": method.details,
        "from_subdivision": method.from_subdivision,
        "from_town": method.from_town,
    }
