"""Delivery on a product's page: checkout, which knows the shops' terms, contributes it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.http import HttpRequest

from kit.wiring import Contribution, contributions


class SellingShop(Protocol):
    """A shop, as far as its delivery depends on it."""

    @property
    def id(self) -> int:
        """Return its id."""

    @property
    def shipping_minor(self) -> int:
        """Return its standard rate."""

    @property
    def terms_version(self) -> int:
        """Return the version of its terms of sale."""


@dataclass(frozen=True, slots=True)
class DeliveryFact:
    """Delivery of a shop to a visitor's place.

    Args:
        place: in words; empty where the visitor has chosen none.
        is_delivered: whether the shop delivers there.
        price_minor: the lowest; None where it depends on the basket.
        is_estimate: whether it may cost more elsewhere, or by another method.
        arrives_on: the first and the last day on which it would arrive today; None where the shop tells none.
    """

    place: str
    is_delivered: bool
    price_minor: int | None
    is_estimate: bool
    arrives_on: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class DeliveryOnPages(Contribution):
    """The function that tells a product's page of delivery."""

    is_single = True
    describe: Callable[[HttpRequest, SellingShop, datetime], DeliveryFact]


def delivery_fact(request: HttpRequest, shop: SellingShop, *, now: datetime) -> DeliveryFact:
    """Return the delivery of a shop to the visitor's place."""
    [contributed] = contributions(DeliveryOnPages)
    return contributed.describe(request, shop, now)
