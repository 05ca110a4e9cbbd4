"""Checks of delivery zones before they are stored."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext

from checkout.fulfilment.models import MethodKind
from checkout.fulfilment.services.zones import Method, Zone
from kit.errors import Fault, InvalidInputError
from kit.money import is_whole_enough
from kit.text import rules
from kit.text.characters import TextError
from kit.text.inputs import cleaned
from kit.text.subdivisions import find_subdivision, folded, subdivisions_of

MOST_ZONES, MOST_METHODS, MOST_TOWNS, MOST_BANDS, MOST_DAYS = 50, 10, 500, 20, 90
LARGEST_MINOR = 10**12
BANDED = frozenset({MethodKind.WEIGHT, MethodKind.VALUE})
TOWN = rules.name(100)

Faults = dict[str, Any]


def checked_zone(zone: Zone, *, others: Sequence[Zone], currency: str) -> Zone:
    """Return a zone with its texts cleaned for storage.

    Args:
        others: the shop's other zones, of which none may cover the same places at the same level.

    Raises:
        InvalidInputError: it can't be stored; `details` say why, by field; for methods, by their place.
    """
    faults: Faults = {}
    try:
        zone = cleaned(zone)
    except InvalidInputError as error:
        faults |= error.details
    zone, wrong = _with_places(zone)
    faults |= wrong
    if not faults and (other := next((each for each in others if _overlap(zone, each)), None)):
        name = other.name or gettext("another zone")
        message = gettext("A part of this is in %(zone)s already. Take it out there, or name smaller places here.")
        faults["country"] = [Fault(message % {"zone": name}, "overlaps")]
    methods, wrong = _checked_methods(zone.methods, currency=currency)
    faults |= wrong
    if faults:
        raise InvalidInputError(details=faults)
    return replace(zone, methods=methods)


def _with_places(zone: Zone) -> tuple[Zone, Faults]:
    faults: Faults = {}
    known = {each.code for each in subdivisions_of(zone.country)}
    if unknown := sorted(set(zone.subdivisions) - known):
        message = gettext("%(code)s is no subdivision of this country. Use ISO 3166-2 codes, such as NG-LA.")
        faults["subdivisions"] = [Fault(message % {"code": unknown[0][:12]}, "unknown_subdivision")]
    if zone.towns and not zone.country:
        faults["towns"] = [Fault(gettext("Choose the country that these towns are in."), "needs_country")]
    if len(zone.towns) > MOST_TOWNS:
        faults["towns"] = [gettext("Name at most %(most)s towns.") % {"most": MOST_TOWNS}]
        return zone, faults
    try:
        towns = {folded(town): town for town in map(TOWN, zone.towns)}
    except TextError as error:
        return zone, faults | {"towns": [Fault(str(error), error.code)]}
    return replace(zone, towns=tuple(towns.values()), subdivisions=tuple(sorted(set(zone.subdivisions)))), faults


def _overlap(one: Zone, other: Zone) -> bool:
    """Return whether two zones of the same level have a place in common, so that neither would come first."""
    if (one.country, bool(one.subdivisions), bool(one.towns)) != (
        other.country,
        bool(other.subdivisions),
        bool(other.towns),
    ):
        return False
    shares_area = not one.subdivisions or bool(set(one.subdivisions) & set(other.subdivisions))
    return shares_area and (not one.towns or bool(set(map(folded, one.towns)) & set(map(folded, other.towns))))


def _checked_methods(methods: Sequence[Method], *, currency: str) -> tuple[tuple[Method, ...], Faults]:
    if not 1 <= len(methods) <= MOST_METHODS:
        message = gettext("Give 1 to %(most)s ways to deliver.") % {"most": MOST_METHODS}
        return tuple(methods), {"methods": [message]}
    found = [_checked_method(method, currency=currency) for method in methods]
    faults = {str(place): wrong for place, (_, wrong) in enumerate(found) if wrong}
    return tuple(method for method, _ in found), {"methods": faults} if faults else {}


def _checked_method(method: Method, *, currency: str) -> tuple[Method, Faults]:
    faults: Faults = {}
    try:
        method = cleaned(method)
    except InvalidInputError as error:
        faults |= error.details
    if method.kind not in MethodKind.values:
        faults["kind"] = [gettext("Choose one of these: %(kinds)s.") % {"kinds": ", ".join(MethodKind.values)}]
    if method.kind in BANDED:
        method = replace(method, price_minor=None)
        faults |= _band_faults(method, currency=currency)
    else:
        method = replace(method, bands=())
    method, of_origin = _with_origin(method)
    faults |= of_origin
    for name in ("price_minor", "free_from_minor"):
        if wrong := _amount_fault(getattr(method, name), currency=currency):
            faults[name] = [wrong]
    if method.free_from_minor == 0:
        faults["free_from_minor"] = [Fault(gettext("Give an amount above zero, or none."), "min_value")]
    if method.kind == MethodKind.PICKUP and not method.details:
        faults["details"] = [Fault(gettext("Say where and when parcels are picked up."), "needed_for_pickup")]
    return method, faults | _day_faults(method)


def _with_origin(method: Method) -> tuple[Method, Faults]:
    """Return a method with the place from which its carrier fetches parcels, which no other kind has."""
    if method.kind != MethodKind.CARRIER:
        return replace(method, from_subdivision="", from_town=""), {}
    faults: Faults = {}
    if find_subdivision(method.from_subdivision[:2], method.from_subdivision) is None:
        message = gettext("Choose the state or region where the carrier collects your parcels, such as NG-LA.")
        faults["from_subdivision"] = [Fault(message, "unknown_subdivision")]
    if not method.from_town:
        message = gettext("Name the town where the carrier collects your parcels.")
        faults["from_town"] = [Fault(message, "needed_for_carrier")]
    return method, faults


def _day_faults(method: Method) -> Faults:
    days = {name: getattr(method, name) for name in ("handling_days", "transit_least_days", "transit_most_days")}
    faults: Faults = {
        name: [gettext("Give 0 to %(most)s days.") % {"most": MOST_DAYS}]
        for name, given in days.items()
        if given is not None and not 0 <= given <= MOST_DAYS
    }
    if not faults and method.transit_least_days > method.transit_most_days:
        message = gettext("The most days on the way can't be fewer than the least.")
        faults["transit_most_days"] = [Fault(message, "fewer_than_least")]
    return faults


def _band_faults(method: Method, *, currency: str) -> Faults:
    if not 1 <= len(method.bands) <= MOST_BANDS:
        message = gettext("Give 1 to %(most)s steps of the price.") % {"most": MOST_BANDS}
        return {"bands": [Fault(message, "needs_steps")]}
    found = [_bound_fault(method.kind, [up_to for up_to, _ in method.bands])]
    found += [_amount_fault(price, currency=currency) for _, price in method.bands]
    wrong = next(filter(None, found), "")
    return {"bands": [wrong]} if wrong else {}


def _bound_fault(kind: str, bounds: Sequence[int | None]) -> str:
    known = [bound for bound in bounds if bound is not None]
    is_ascending = all(0 < least < more for least, more in pairwise([*known, LARGEST_MINOR + 1]))
    if None in bounds[:-1] or not is_ascending:
        message = gettext("Each step has to go further than the one before; only the last may have no end.")
        return Fault(message, "not_ascending")
    if kind == MethodKind.VALUE and bounds[-1] is not None:
        message = gettext("The last step must have no end, so that more expensive goods are delivered too.")
        return Fault(message, "needs_open_end")
    return ""


def _amount_fault(amount_minor: int | None, *, currency: str) -> str:
    if amount_minor is None:
        return ""
    if not 0 <= amount_minor <= LARGEST_MINOR:
        return gettext("Give an amount of zero or more.")
    if is_whole_enough(amount_minor, currency):
        return ""
    return Fault(gettext("This currency has no smaller unit. Give a whole amount."), "no_smaller_unit")
