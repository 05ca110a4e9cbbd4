"""Reading `sellers.csv`, `products.csv` and `order_items.csv`."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from kit.money import minor_from_decimal

FILES = ("sellers.csv", "products.csv", "order_items.csv")


class SourceError(Exception):
    """The files have another form than expected; the message names the place."""


@dataclass(frozen=True, slots=True)
class Seller:
    """A seller, who becomes a shop."""

    id: str
    city: str
    state: str


@dataclass(frozen=True, slots=True)
class Unit:
    """One row of `order_items.csv`: one unit of a product, sold by a seller at a price."""

    order_id: str
    product_id: str
    seller_id: str
    price_minor: int
    freight_minor: int

    @property
    def sku(self) -> tuple[str, str]:
        """Return the seller and product: two sellers of a product are two products of ours."""
        return self.seller_id, self.product_id


@dataclass(frozen=True, slots=True)
class SourceOrder:
    """All rows of an order."""

    id: str
    units: tuple[Unit, ...]

    def quantities(self) -> Counter[tuple[str, str]]:
        """Return the ordered quantity of each seller's product."""
        return Counter(unit.sku for unit in self.units)

    def prices(self) -> dict[tuple[str, str], int]:
        """Return the price of each seller's product in this order, in minor units."""
        return {unit.sku: unit.price_minor for unit in self.units}

    def freight(self) -> Counter[str]:
        """Return the shipping price of each seller's part, in minor units."""
        freight: Counter[str] = Counter()
        for unit in self.units:
            freight[unit.seller_id] += unit.freight_minor
        return freight


@dataclass(frozen=True, slots=True)
class Source:
    """Source of a replay."""

    sellers: dict[str, Seller]
    categories: dict[str, str]
    orders: tuple[SourceOrder, ...]

    def stock_needed(self) -> Counter[tuple[str, str]]:
        """Return the quantity of each seller's product that the orders need."""
        needed: Counter[tuple[str, str]] = Counter()
        for order in self.orders:
            needed.update(order.quantities())
        return needed

    def first_prices(self) -> dict[tuple[str, str], int]:
        """Return the price of each seller's product in the first order that has it."""
        prices: dict[tuple[str, str], int] = {}
        for order in self.orders:
            for sku, price in order.prices().items():
                prices.setdefault(sku, price)
        return prices


def read_source(folder: Path, *, orders: int | None, shops: int | None) -> Source:
    """Read a folder; keep the first `orders` orders that the first `shops` sellers can fulfil alone.

    Raises:
        SourceError: a file or a column is missing, or a figure cannot be read.
    """
    if missing := [name for name in FILES if not (folder / name).is_file()]:
        raise SourceError(f"{folder} has no {', '.join(missing)}.")
    sellers = {row["seller_id"]: Seller(row["seller_id"], row["city"], row["state"]) for row in _rows(folder, FILES[0])}
    if shops is not None:
        sellers = dict(list(sellers.items())[:shops])
    wanted = [order for order in _orders(folder) if all(unit.seller_id in sellers for unit in order.units)]
    chosen = tuple(wanted[:orders])
    used = {unit.seller_id for order in chosen for unit in order.units}
    return Source(
        sellers={seller_id: seller for seller_id, seller in sellers.items() if seller_id in used},
        categories={row["product_id"]: row["category"] for row in _rows(folder, FILES[1])},
        orders=chosen,
    )


def _orders(folder: Path) -> Iterator[SourceOrder]:
    units: dict[str, list[Unit]] = {}
    for line, row in enumerate(_rows(folder, FILES[2]), start=2):
        try:
            price, freight = (minor_from_decimal(Decimal(row[name])) for name in ("unit_price", "freight"))
        except (InvalidOperation, ValueError) as error:
            raise SourceError(f"{FILES[2]}, line {line}: {error}") from error
        unit = Unit(row["order_id"], row["product_id"], row["seller_id"], price, freight)
        units.setdefault(unit.order_id, []).append(unit)
    for order_id, own in units.items():
        yield SourceOrder(order_id, tuple(own))


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with (folder / name).open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)
