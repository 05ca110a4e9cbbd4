"""Port of tax rates: the rules of a country, wherever they are read from."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from catalogue.tax_classes import TaxClass

ALL_BPS = 10_000


class DeliveryRule(StrEnum):
    """Rate at which a country taxes the delivery of goods."""

    STANDARD = "standard"  # as a service of its own
    GOODS = "goods"  # as the goods that are delivered, in proportion to their value
    NONE = "none"


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A tax or levy by its name on invoices, in basis points of the price before tax."""

    name: str
    bps: int

    @property
    def label(self) -> str:
        """Return the name with the rate, such as "VAT 7.5%"."""
        return f"{self.name} {percent(self.bps)}"


@dataclass(frozen=True, slots=True)
class NumberRule:
    """Form of the numbers under which a country registers businesses for its tax."""

    name: str
    pattern: re.Pattern[str]
    example: str


Rates = tuple[TaxRate, ...]


@dataclass(frozen=True, slots=True)
class TaxPeriod:
    """Rates that hold from a day on; classes that are not named have the standard rate.

    Args:
        subdivisions: rates that differ, by ISO 3166-2 code.
    """

    starts_on: date
    rates: Mapping[TaxClass, Rates]
    subdivisions: Mapping[str, Mapping[TaxClass, Rates]]


@dataclass(frozen=True, slots=True)
class WithholdingRule:
    """Share of what sellers are paid that a country has a market withhold, from a day on, with the source of it."""

    starts_on: date
    name: str
    bps: int
    source: str


@dataclass(frozen=True, slots=True)
class TaxTable:
    """Tax rules of a country, with the source that says so and the day on which it was read.

    Args:
        prices_include_tax: how prices are usually shown there; each shop decides for itself.
        periods: the newest first.
        withholding: rules of withholding, the newest first; a country without any has none that is known.
    """

    country: str
    tax: str
    source: str
    checked_on: date
    note: str
    number: NumberRule
    prices_include_tax: bool
    delivery: DeliveryRule
    periods: Sequence[TaxPeriod]
    withholding: Sequence[WithholdingRule] = ()

    def period(self, on: date) -> TaxPeriod | None:
        """Return the rates that hold on a day; None before the first that the table knows."""
        return next((each for each in self.periods if each.starts_on <= on), None)

    def withholding_on(self, on: date) -> WithholdingRule | None:
        """Return the rule of withholding that holds on a day; None where none is known."""
        return next((each for each in self.withholding if each.starts_on <= on), None)

    def rates(self, *, tax_class: str, subdivision: str, on: date) -> Rates:
        """Return the rates for goods of a tax class; none where they are zero-rated or exempt.

        Args:
            subdivision: ISO 3166-2 code of the destination, or empty.
        """
        period = self.period(on)
        if period is None or tax_class in UNTAXED:
            return ()
        own = period.subdivisions.get(subdivision, {})
        known = next((each for each in TaxClass if each == tax_class), TaxClass.STANDARD)
        for rates in (own, period.rates):
            if known in rates:
                return rates[known]
        return own.get(TaxClass.STANDARD) or period.rates[TaxClass.STANDARD]


class TaxRates(Protocol):
    """Source of tax rules. It answers from memory: every quote asks it, and no quote waits for a network."""

    def table(self, country: str) -> TaxTable | None:
        """Return the rules of a country by its ISO 3166-1 alpha-2 code; None where they are not known."""

    def tables(self) -> Sequence[TaxTable]:
        """Return the rules of all countries that are known, by code."""


UNTAXED = frozenset({TaxClass.ZERO, TaxClass.EXEMPT})


def percent(bps: int) -> str:
    """Return basis points as per cent: `7.5%`, `15%`."""
    whole, rest = divmod(bps, 100)
    return f"{whole}{f'.{rest:02d}'.rstrip('0') if rest else ''}%"
