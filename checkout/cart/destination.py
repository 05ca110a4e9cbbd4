"""Destination of a visitor's basket, as far as they have said it: kept in a cookie, so that fees are known at once."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from catalogue.discovery.delivery import DeliveryFact, Goods, SellingShop
from checkout.pricing.delivery.methods import cheapest_to
from checkout.pricing.delivery.places import Destination
from checkout.pricing.terms import NO_TERMS, find_terms
from kit.text.countries import country_name
from kit.text.subdivisions import find_subdivision

COOKIE = "kasuwa_destination"
SALT = "checkout.destination"
COOKIE_SECONDS = 400 * 24 * 3600


def destination_of(request: HttpRequest) -> Destination | None:
    """Return the destination that a visitor has chosen, or None."""
    sent = request.COOKIES.get(COOKIE)
    if not sent:
        return None
    try:
        country, state, city = signing.loads(sent, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return Destination(country, state, city)


def remember_destination(response: HttpResponse, destination: Destination) -> None:
    """Keep a destination in the visitor's browser."""
    told = [destination.country, destination.state, destination.city]
    response.set_cookie(
        COOKIE,
        signing.dumps(told, salt=SALT),
        max_age=COOKIE_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def name_of(destination: Destination) -> str:
    """Return a destination as people write it."""
    found = find_subdivision(destination.country, destination.state)
    parts = (destination.city, found.name if found else destination.state, country_name(destination.country))
    return ", ".join(part for part in parts if part)


def describe_delivery(request: HttpRequest, shop: SellingShop, goods: Sequence[Goods], now: datetime) -> DeliveryFact:
    """Return the delivery of a product to the visitor's destination, for its page."""
    destination = destination_of(request)
    terms = find_terms([shop]).get(shop.id, NO_TERMS)
    sizes = [(each.grams, each.price_minor) for each in goods]
    found = cheapest_to(terms.delivery, destination, standard_minor=shop.shipping_minor, sizes=sizes, now=now)
    return DeliveryFact(
        place=name_of(destination) if destination else "",
        is_delivered=found.is_delivered,
        price_minor=found.price_minor,
        is_estimate=found.is_estimate,
        arrives_on=found.arrives_on,
        is_too_much=found.is_too_much,
    )
