"""Methods of delivery that a part can be sent by: their prices and dates, and the one that is charged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from checkout.fulfilment.models import FETCHED, MethodKind
from checkout.pricing.adjustments import Adjustment, AdjustmentKind
from checkout.pricing.basis import Address, Basis
from checkout.pricing.delivery.places import place_of, zone_of
from checkout.pricing.delivery.priced import PartDelivery, PricedMethod, RateSource
from checkout.pricing.delivery.rates import NOT_ASKED, Rate, ServicesByMethod, carrier_rate, find_rates_for
from checkout.pricing.quoted_lines import QuotedLine
from checkout.pricing.terms.delivery import DeliveryTerms, MethodTerms, ZoneTerms

STATION_AFTER = ":"  # between the ids of a method and of a station in a buyer's choice


def find_delivery(basis: Basis, so_far: Sequence[Adjustment] = ()) -> PartDelivery:
    """Return the delivery of a part.

    The price by value, and the value from which it is free, are of the goods less the discounts so far. The method is
    the buyer's; without a choice, or where it is gone, the cheapest that brings the parcel, and a pick-up only where
    nothing does. Without a destination it is the cheapest of all zones.
    """
    discount_minor = _discount_minor(so_far) if so_far else 0
    if basis.offered is not None and not discount_minor:
        return basis.offered
    terms, address = basis.terms.delivery, basis.address
    asked_rates = find_rates_for(_zones_for(terms, address), basis)
    methods = offered_methods(
        terms,
        address,
        standard_minor=basis.shop.shipping_minor,
        value_minor=sum(line.total_minor for line in basis.lines) - discount_minor,
        grams=weight_g(basis.lines),
        now=basis.now,
        rates=asked_rates.services,
    )
    asked, _, station_id = basis.choices.delivery.get(basis.shop.slug, "").partition(STATION_AFTER)
    wanted = next((each for each in methods if each.id == asked), None)
    chosen = wanted or cheapest(methods)
    has_places = len(terms.zones) > 1 or bool(terms.zones and terms.zones[0].country)
    is_estimate = chosen is not None and chosen.rate is RateSource.ESTIMATE
    return PartDelivery(
        methods=methods,
        chosen=chosen,
        is_estimate=is_estimate or (address is None and has_places),
        is_choice_gone=bool(asked) and wanted is None,
        station_id=station_id if wanted and wanted.is_at_station else "",
        unasked=asked_rates.unasked,
        is_unpriced=asked_rates.leaves_out(methods),
    )


def offered_methods(
    terms: DeliveryTerms,
    address: Address | None,
    *,
    standard_minor: int,
    value_minor: int,
    grams: int,
    now: datetime,
    rates: ServicesByMethod = NOT_ASKED,
) -> tuple[PricedMethod, ...]:
    """Return the methods for a place with their prices and dates; those of all zones where no place is given.

    Args:
        standard_minor: the shop's standard rate.
        value_minor: what the goods cost after discounts.
        grams: what they weigh.
        rates: services of the carriers that were asked, by the method's id; the price of another's is an estimate.
    """
    found = []
    for zone in _zones_for(terms, address):
        for method in zone.methods:
            if method.kind is MethodKind.CARRIER:
                rate = carrier_rate(method, rates, standard_minor=standard_minor)
            else:
                rate = _own_rate(method, standard_minor, value_minor=value_minor, grams=grams)
            if rate is not None:
                price = 0 if _is_free(method, value_minor) else rate.price_minor
                dates = _dates(method, now, rate.transit_days)
                found.append(PricedMethod(method, price, dates, zone, rate.source, rate.service))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class PriceTo:
    """The lowest price of a delivery of a product to a place, before it is known what else is bought.

    Args:
        is_too_much: whether the place is delivered to, and by no method that takes something as heavy or dear.
        arrives_on: the days on which a parcel by the cheapest method would arrive; None: the shop tells none.
    """

    is_delivered: bool
    price_minor: int | None = None
    is_estimate: bool = False
    arrives_on: tuple[date, date] | None = None
    is_too_much: bool = False


def cheapest_to(
    terms: DeliveryTerms,
    address: Address | None,
    *,
    standard_minor: int,
    sizes: Sequence[tuple[int, int]],
    now: datetime,
) -> PriceTo:
    """Return the lowest price of a delivery to a place, or to any place of a shop's where none is given.

    Of steps by weight or value those count that a single piece may need, or more pieces after it; a pick-up counts only
    where nothing brings the parcel.

    Args:
        sizes: weight and price of a piece of each variant.
    """
    methods = [method for zone in _zones_for(terms, address) for method in zone.methods]
    prices = {method: found for method in methods if (found := _all_prices(method, standard_minor, sizes))}
    brought = [method for method in prices if method.kind not in FETCHED] or list(prices)
    if not brought:
        return PriceTo(is_delivered=False, is_too_much=bool(methods))
    usual = min(brought, key=lambda method: min(prices[method]))
    is_exact = len({price for method in brought for price in prices[method]}) == 1
    return PriceTo(
        is_delivered=True,
        price_minor=min(prices[usual]),
        is_estimate=not is_exact or any(map(_depends_on_parcel, brought)),
        arrives_on=_dates(usual, now),
    )


def _zones_for(terms: DeliveryTerms, address: Address | None) -> tuple[ZoneTerms, ...]:
    if address is None:
        return terms.zones
    zone = zone_of(terms, place_of(address))
    return (zone,) if zone else ()


def _all_prices(method: MethodTerms, standard_minor: int, sizes: Sequence[tuple[int, int]]) -> list[int]:
    """Return the prices of a method for any number of pieces; none where it takes not even one."""
    if not method.bands:
        return [_listed_minor(method, standard_minor, value_minor=0, grams=0) or 0]
    least = min((grams if method.kind is MethodKind.WEIGHT else price_minor for grams, price_minor in sizes), default=0)
    return [band.price_minor for band in method.bands if band.up_to is None or least <= band.up_to]


def weight_g(lines: Sequence[QuotedLine]) -> int:
    """Return the weight of lines; a variant without one weighs nothing."""
    return sum(line.offer.weight_g * line.line.quantity for line in lines if line.offer)


def _discount_minor(so_far: Iterable[Adjustment]) -> int:
    return -sum(each.amount_minor for each in so_far if each.kind is AdjustmentKind.DISCOUNT)


def cheapest(methods: Sequence[PricedMethod]) -> PricedMethod | None:
    """Return the cheapest method, the shop's first of several; one that brings the parcel before any pick-up."""
    return min(methods, key=lambda each: (each.is_pickup, each.price_minor), default=None)


def _depends_on_parcel(method: MethodTerms) -> bool:
    """Return whether a method without steps may cost something else, once it is known what is sent."""
    return method.free_from_minor is not None or method.kind is MethodKind.CARRIER


def _is_free(method: MethodTerms, value_minor: int) -> bool:
    return method.free_from_minor is not None and value_minor >= method.free_from_minor


def _own_rate(method: MethodTerms, standard_minor: int, *, value_minor: int, grams: int) -> Rate | None:
    """Return the price of a method; None where the parcel is too heavy, or the goods too dear, for all of its bands."""
    price_minor = _listed_minor(method, standard_minor, value_minor=value_minor, grams=grams)
    return None if price_minor is None else Rate(price_minor)


def _listed_minor(method: MethodTerms, standard_minor: int, *, value_minor: int, grams: int) -> int | None:
    if method.kind in {MethodKind.WEIGHT, MethodKind.VALUE}:
        size = grams if method.kind is MethodKind.WEIGHT else value_minor
        return next((band.price_minor for band in method.bands if band.up_to is None or size <= band.up_to), None)
    if method.price_minor is None:
        return 0 if method.kind is MethodKind.PICKUP else standard_minor
    return method.price_minor


def _dates(method: MethodTerms, now: datetime, transit_days: tuple[int, int] | None = None) -> tuple[date, date] | None:
    """Return the days on which a parcel would arrive; the carrier's days on the way count before the shop's."""
    if method.handling_days is None:
        return None
    today = timezone.localtime(now, timezone.get_default_timezone()).date()
    leaves_on = today + timedelta(days=method.handling_days)
    least, most = transit_days or method.transit_days
    return leaves_on + timedelta(days=least), leaves_on + timedelta(days=most)
