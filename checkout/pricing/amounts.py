"""Amounts of a line, a part or an order: the one set of figures that a price is made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add, attrgetter, itemgetter
from typing import Any

from kit.money import CurrencyMismatchError
from kit.money.columns import AMOUNT_COLUMNS, AmountColumns

# Columns of a row and fields of an API's body, by the same names; the total follows from the others.
GIVEN = tuple(name for name in AMOUNT_COLUMNS if name != "total_minor")
# Fields of `amounts` in an API's body, and the columns whose names differ.
COLUMN_OF = {"delivery_minor": "shipping_minor"}
AMOUNT_FIELDS = tuple("delivery_minor" if name == "shipping_minor" else name for name in AMOUNT_COLUMNS)
_values = attrgetter(*AMOUNT_COLUMNS)
_columns_of = itemgetter(*(COLUMN_OF.get(name, name) for name in AMOUNT_FIELDS))


@dataclass(frozen=True, slots=True)
class Amounts:
    """Amounts of a price, told apart, in minor units of one currency.

    Args:
        items_minor: the items at their prices.
        discount_minor: the discount on the items.
        shipping_minor: the delivery.
        delivery_discount_minor: the discount on the delivery.
        tax_minor: the tax, on top of the rest or, where `prices_include_tax`, a part of it.
    """

    currency: str
    items_minor: int = 0
    discount_minor: int = 0
    shipping_minor: int = 0
    delivery_discount_minor: int = 0
    tax_minor: int = 0
    prices_include_tax: bool = False

    def __post_init__(self) -> None:
        if type(self.total_minor) is not int:
            raise TypeError(f"Amounts are integers of minor units, not {self!r}.")
        if not (0 <= self.discount_minor <= self.items_minor and self.tax_minor >= 0):
            raise ValueError(f"A discount is within the items, and nothing is below zero: {self!r}.")
        if not 0 <= self.delivery_discount_minor <= self.shipping_minor:
            raise ValueError(f"A delivery's discount is within the delivery: {self!r}.")
        if self.prices_include_tax and self.tax_minor > self.total_minor:
            raise ValueError(f"An included tax is a part of the total: {self!r}.")

    @property
    def total_minor(self) -> int:
        """Return the sum to pay."""
        net = self.items_minor - self.discount_minor + self.shipping_minor - self.delivery_discount_minor
        return net + self.added_tax_minor

    @property
    def added_tax_minor(self) -> int:
        """Return the tax that is paid on top of the rest."""
        return 0 if self.prices_include_tax else self.tax_minor

    @classmethod
    def of(cls, row: AmountColumns) -> "Amounts":
        """Return the amounts that a row has frozen."""
        return cls(**{name: getattr(row, name) for name in GIVEN})

    def columns(self) -> dict[str, Any]:
        """Return the amounts as columns of a row and fields of an API's body."""
        return dict(zip(AMOUNT_COLUMNS, _values(self), strict=True))

    def __add__(self, other: "Amounts") -> "Amounts":
        """Add amounts of the same currency.

        The tax of a sum is the tax that is added on top of it. A tax that is a part of some prices counts only where
        none is added at all: beside added tax it is told with its own part (docs/adr/0062).

        Raises:
            CurrencyMismatchError: the currencies differ.
        """
        if self.currency != other.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency} cannot be added.")
        added_minor = self.added_tax_minor + other.added_tax_minor
        return Amounts(
            currency=self.currency,
            items_minor=self.items_minor + other.items_minor,
            discount_minor=self.discount_minor + other.discount_minor,
            shipping_minor=self.shipping_minor + other.shipping_minor,
            delivery_discount_minor=self.delivery_discount_minor + other.delivery_discount_minor,
            tax_minor=added_minor or self.tax_minor + other.tax_minor,
            prices_include_tax=not added_minor and (self.prices_include_tax or other.prices_include_tax),
        )


def amounts_body(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return amounts as an API's `amounts`, of a row's or a quote's columns."""
    return dict(zip(AMOUNT_FIELDS, _columns_of(columns), strict=True))


def totals_by_currency(amounts: Iterable[Amounts]) -> tuple[Amounts, ...]:
    """Add up amounts for each currency on its own, in the order of the codes."""
    found: dict[str, list[Amounts]] = {}
    for each in amounts:
        found.setdefault(each.currency, []).append(each)
    return tuple(reduce(add, found[currency]) for currency in sorted(found))
