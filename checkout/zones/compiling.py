"""Compile a shop's zones into its terms of sale."""

from collections.abc import Sequence
from datetime import datetime

from checkout.fulfilment.models import MethodKind
from checkout.fulfilment.services.zones import Method, Zone, read_zones
from checkout.pricing.terms import store_terms
from checkout.pricing.terms.delivery import Band, DeliveryTerms, MethodTerms, ZoneTerms, as_json
from kit.text.subdivisions import folded
from tenants.models import Shop


def compile_zones(zones: Sequence[Zone]) -> DeliveryTerms:
    """Return the terms that zones make: those of towns first, then of subdivisions, then of countries."""
    ordered = sorted(zones, key=lambda zone: (not zone.towns, not zone.subdivisions, not zone.country))
    return DeliveryTerms(tuple(map(_zone_terms, ordered)))


def store_zones(*, shop: Shop, zones: Sequence[Zone], now: datetime) -> None:
    """Store the terms that a shop's zones make; in the transaction that has written their rows."""
    store_terms(shop_id=shop.pk, now=now, delivery=as_json(compile_zones(zones)))


def compile_again(*, shop: Shop, now: datetime) -> None:
    """Store the terms of the rows that a shop has, after others were put in their place."""
    store_zones(shop=shop, zones=read_zones(schema_name=shop.schema_name), now=now)


def _zone_terms(zone: Zone) -> ZoneTerms:
    return ZoneTerms(
        id=str(zone.id),
        name=zone.name,
        country=zone.country,
        subdivisions=frozenset(zone.subdivisions),
        towns=frozenset(map(folded, zone.towns)),
        methods=tuple(map(_method_terms, zone.methods)),
    )


def _method_terms(method: Method) -> MethodTerms:
    return MethodTerms(
        id=str(method.id),
        name=method.name,
        kind=MethodKind(method.kind),
        price_minor=method.price_minor,
        bands=tuple(Band(up_to, price_minor) for up_to, price_minor in method.bands),
        free_from_minor=method.free_from_minor,
        handling_days=method.handling_days,
        transit_days=(method.transit_least_days, method.transit_most_days),
        details=method.details,
        from_subdivision=method.from_subdivision,
        from_town=method.from_town,
    )
