"""Delivery on a product's page: checkout, which knows the shops' terms, contributes it."""

from collections.abc import Callable, Sequence
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
class Goods:
    """A piece of a product, as far as its delivery depends on it."""

    grams: int
    price_minor: int


@dataclass(frozen=True, slots=True)
class DeliveryFact:
    """Delivery of a shop to a visitor's place.

    Args:
        place: in words; empty where the visitor has chosen none.
        is_delivered: whether the shop delivers the product there.
        is_too_much: whether it delivers there, and by no method that takes something as heavy or dear.
        price_minor: the lowest; None where it depends on the basket.
        is_estimate: whether it may cost more elsewhere, or by another method.
        arrives_on: the first and the last day on which it would arrive today; None where the shop tells none.
    """

    place: str
    is_delivered: bool
    price_minor: int | None
    is_estimate: bool
    arrives_on: tuple[date, date] | None = None
    is_too_much: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryOnPages(Contribution):
    """The function that tells a product's page of delivery."""

    is_single = True
    describe: Callable[[HttpRequest, SellingShop, Sequence[Goods], datetime], DeliveryFact]


def delivery_fact(request: HttpRequest, shop: SellingShop, goods: Sequence[Goods], *, now: datetime) -> DeliveryFact:
    """Return the delivery of a product to the visitor's place.

    Args:
        goods: a piece of each of its variants.
    """
    [contributed] = contributions(DeliveryOnPages)
    return contributed.describe(request, shop, goods, now)
