"""Delivery zones and methods in the words of the dashboard."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from checkout.fulfilment.models import MethodKind
from checkout.fulfilment.services.zones import Method, Zone
from checkout.pricing.delivery.priced import LABEL, LABELS
from checkout.zones.preview import ordered_zones
from kit.money import format_minor
from kit.text.countries import country_name
from kit.text.subdivisions import subdivisions_of
from tenants.models import Shop

MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class MethodRow:
    """A method with its price and days in words."""

    method: Method
    name: str
    price: str
    days: str


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone with its places in words, and its methods."""

    zone: Zone
    name: str
    places: str
    methods: list[MethodRow]


def zone_rows(zones: Sequence[Zone], *, shop: Shop) -> list[ZoneRow]:
    """Return zones in the order in which an address is looked up in them."""
    return [zone_row(zone, shop=shop) for zone in ordered_zones(zones)]


def zone_row(zone: Zone, *, shop: Shop) -> ZoneRow:
    """Return a zone in words."""
    return ZoneRow(zone, zone_name(zone), _places(zone), [method_row(method, shop=shop) for method in zone.methods])


def zone_name(zone: Zone) -> str:
    """Return the shop's name for a zone, or else its places."""
    return zone.name or _places(zone)


def method_row(method: Method, *, shop: Shop) -> MethodRow:
    """Return a method in words."""
    return MethodRow(method, method_name(method), _price(method, shop), _days(method))


def method_name(method: Method) -> str:
    """Return the name that buyers read."""
    return method.name or gettext(LABELS.get(MethodKind(method.kind), LABEL))


def _places(zone: Zone) -> str:
    if not zone.country:
        return gettext("Everywhere")
    names = {each.code: each.name for each in subdivisions_of(zone.country)}
    states = [names.get(code, code) for code in zone.subdivisions]
    parts = [_listed(zone.towns), _listed(states), country_name(zone.country)]
    return " · ".join(part for part in parts if part)


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - MOST_NAMED
    if rest <= 0:
        return ", ".join(names)
    text = ngettext("%(names)s and %(count)s more", "%(names)s and %(count)s more", rest)
    return text % {"names": ", ".join(names[:MOST_NAMED]), "count": rest}


def _price(method: Method, shop: Shop) -> str:
    text = _full_price(method, shop)
    if method.free_from_minor is None:
        return text
    return gettext("%(price)s, free from %(amount)s") % {
        "price": text,
        "amount": format_minor(method.free_from_minor, shop.currency),
    }


def _full_price(method: Method, shop: Shop) -> str:
    if method.bands:
        prices = [price for _, price in method.bands]
        words = {
            "least": format_minor(min(prices), shop.currency),
            "most": format_minor(max(prices), shop.currency),
        }
        by_weight = method.kind == MethodKind.WEIGHT
        text = gettext("%(least)s to %(most)s by weight") if by_weight else gettext("%(least)s to %(most)s by value")
        return text % words
    if method.kind == MethodKind.CARRIER:
        return _carriers_price(method, shop)
    if method.price_minor is None and method.kind != MethodKind.PICKUP:
        return gettext("Standard rate: %(price)s") % {"price": format_minor(shop.shipping_minor, shop.currency)}
    return format_minor(method.price_minor, shop.currency) if method.price_minor else gettext("Free")


def _carriers_price(method: Method, shop: Shop) -> str:
    if method.price_minor is None:
        return gettext("The carrier’s price")
    price = format_minor(method.price_minor, shop.currency)
    return gettext("The carrier’s price; %(price)s while it can’t be reached") % {"price": price}


def _days(method: Method) -> str:
    if method.handling_days is None:
        return gettext("No dates are told")
    least = method.handling_days + method.transit_least_days
    most = method.handling_days + method.transit_most_days
    if least == most:
        return ngettext("%(count)s day after the order", "%(count)s days after the order", most) % {"count": most}
    return gettext("%(least)s to %(most)s days after the order") % {"least": least, "most": most}
