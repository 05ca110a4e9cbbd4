"""Methods of delivery that a part can be sent by: their prices and dates, and the one that is charged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from checkout.fulfilment.models import FETCHED, MethodKind
from checkout.pricing.adjustments import Adjustment, AdjustmentKind
from checkout.pricing.basis import Address, Basis
from checkout.pricing.delivery.places import place_of, zone_of
from checkout.pricing.delivery.priced import PartDelivery, PricedMethod
from checkout.pricing.quoted_lines import QuotedLine
from checkout.pricing.terms.delivery import DeliveryTerms, MethodTerms, ZoneTerms

STATION_AFTER = ":"  # between the ids of a method and of a station in a buyer's choice


def find_delivery(basis: Basis, so_far: Iterable[Adjustment] = ()) -> PartDelivery:
    """Return the delivery of a part.

    The price by value, and the value from which it is free, are of the goods less the discounts so far. The method is
    the buyer's; without a choice, or where it is gone, the cheapest that brings the parcel, and a pick-up only where
    nothing does. Without a destination it is the cheapest of all zones.
    """
    discount_minor = _discount_minor(so_far)
    if basis.offered is not None and not discount_minor:
        return basis.offered
    terms, address = basis.terms.delivery, basis.address
    methods = offered_methods(
        terms,
        address,
        standard_minor=basis.shop.shipping_minor,
        value_minor=sum(line.total_minor for line in basis.lines) - discount_minor,
        grams=weight_g(basis.lines),
        now=basis.now,
    )
    asked, _, station_id = basis.choices.delivery.get(basis.shop.slug, "").partition(STATION_AFTER)
    wanted = next((each for each in methods if each.id == asked), None)
    return PartDelivery(
        methods=methods,
        chosen=wanted or cheapest(methods),
        is_estimate=address is None and (len(terms.zones) > 1 or bool(terms.zones and terms.zones[0].country)),
        is_choice_gone=bool(asked) and wanted is None,
        station_id=station_id if wanted and wanted.is_at_station else "",
    )


def offered_methods(
    terms: DeliveryTerms,
    address: Address | None,
    *,
    standard_minor: int,
    value_minor: int,
    grams: int,
    now: datetime,
) -> tuple[PricedMethod, ...]:
    """Return the methods for a place with their prices and dates; those of all zones where no place is given.

    Args:
        standard_minor: the shop's standard rate.
        value_minor: what the goods cost after discounts.
        grams: what they weigh.
    """
    return tuple(
        PricedMethod(method, price, _dates(method, now), zone)
        for zone in _zones_for(terms, address)
        for method in zone.methods
        if (price := _price_minor(method, standard_minor, value_minor=value_minor, grams=grams)) is not None
    )


@dataclass(frozen=True, slots=True)
class PriceTo:
    """The lowest price of a delivery to a place, before it is known what is delivered.

    Args:
        arrives_on: the days on which a parcel by the cheapest method would arrive; None: the shop tells none.
    """

    is_delivered: bool
    price_minor: int | None = None
    is_estimate: bool = False
    arrives_on: tuple[date, date] | None = None


def cheapest_to(terms: DeliveryTerms, address: Address | None, *, standard_minor: int, now: datetime) -> PriceTo:
    """Return the lowest price of a delivery to a place, or to any place of a shop's where none is given.

    Steps by weight or value count with the lowest of them, and a pick-up only where nothing brings the parcel.
    """
    methods = [method for zone in _zones_for(terms, address) for method in zone.methods]
    brought = [method for method in methods if method.kind not in FETCHED] or methods
    if not brought:
        return PriceTo(is_delivered=False)
    prices = {method: _all_prices(method, standard_minor) for method in brought}
    usual = min(brought, key=lambda method: min(prices[method]))
    is_exact = len({price for each in prices.values() for price in each}) == 1
    return PriceTo(
        is_delivered=True,
        price_minor=min(prices[usual]),
        is_estimate=not is_exact or any(method.free_from_minor is not None for method in brought),
        arrives_on=_dates(usual, now),
    )


def _zones_for(terms: DeliveryTerms, address: Address | None) -> tuple[ZoneTerms, ...]:
    if address is None:
        return terms.zones
    zone = zone_of(terms, place_of(address))
    return (zone,) if zone else ()


def _all_prices(method: MethodTerms, standard_minor: int) -> list[int]:
    if method.bands:
        return [band.price_minor for band in method.bands]
    return [_listed_minor(method, standard_minor, value_minor=0, grams=0) or 0]


def weight_g(lines: Sequence[QuotedLine]) -> int:
    """Return the weight of lines; a variant without one weighs nothing."""
    return sum(line.offer.weight_g * line.line.quantity for line in lines if line.offer)


def _discount_minor(so_far: Iterable[Adjustment]) -> int:
    return -sum(each.amount_minor for each in so_far if each.kind is AdjustmentKind.DISCOUNT)


def cheapest(methods: Sequence[PricedMethod]) -> PricedMethod | None:
    """Return the cheapest method, the shop's first of several; one that brings the parcel before any pick-up."""
    return min(methods, key=lambda each: (each.is_pickup, each.price_minor), default=None)


def _price_minor(method: MethodTerms, standard_minor: int, *, value_minor: int, grams: int) -> int | None:
    """Return the price of a method; None where the parcel is too heavy, or the goods too dear, for all of its bands."""
    price = _listed_minor(method, standard_minor, value_minor=value_minor, grams=grams)
    is_free = method.free_from_minor is not None and value_minor >= method.free_from_minor
    return 0 if is_free and price is not None else price


def _listed_minor(method: MethodTerms, standard_minor: int, *, value_minor: int, grams: int) -> int | None:
    if method.kind in {MethodKind.WEIGHT, MethodKind.VALUE}:
        size = grams if method.kind is MethodKind.WEIGHT else value_minor
        return next((band.price_minor for band in method.bands if band.up_to is None or size <= band.up_to), None)
    if method.price_minor is None:
        return 0 if method.kind is MethodKind.PICKUP else standard_minor
    return method.price_minor


def _dates(method: MethodTerms, now: datetime) -> tuple[date, date] | None:
    if method.handling_days is None:
        return None
    today = timezone.localtime(now, timezone.get_default_timezone()).date()
    leaves_on = today + timedelta(days=method.handling_days)
    least, most = method.transit_days
    return leaves_on + timedelta(days=least), leaves_on + timedelta(days=most)
