"""Tax that the market charges on its commission: where it is registered, at the standard rate of the shop's country."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from django.conf import settings

from catalogue.tax_classes import TaxClass
from checkout.pricing.tax.port import ALL_BPS, TaxRate
from checkout.pricing.tax.registry import tax_rates


class Untaxed(StrEnum):
    """Reason for which no tax is charged on a commission."""

    NOT_REGISTERED = "not_registered"
    NO_TABLE = "no_table"
    NO_RATE = "no_rate"


@dataclass(frozen=True, slots=True)
class CommissionTax:
    """Rates of the tax on a commission, or the reason why there is none.

    Args:
        number: the market's own number in the country.
        source: of the rates, with the day on which it was read.
    """

    country: str
    number: str = ""
    rates: tuple[TaxRate, ...] = ()
    source: str = ""
    checked_on: str = ""
    untaxed: Untaxed | None = None

    @property
    def bps(self) -> int:
        """Return all rates together."""
        return sum(rate.bps for rate in self.rates)

    @property
    def label(self) -> str:
        """Return the names with their rates, such as "VAT 7.5%"."""
        return " + ".join(rate.label for rate in self.rates)

    def of(self, commission_minor: int) -> int:
        """Return the tax on a commission, rounded half up once."""
        return (commission_minor * self.bps + ALL_BPS // 2) // ALL_BPS

    def as_json(self, tax_minor: int) -> dict[str, Any]:
        """Return the tax in the form that is kept with the sub-order."""
        if self.untaxed is not None:
            return {"country": self.country, "untaxed": self.untaxed.value}
        return {
            "country": self.country,
            "number": self.number,
            "rates": [{"name": rate.name, "bps": rate.bps} for rate in self.rates],
            "source": self.source,
            "checked_on": self.checked_on,
            "amount_minor": tax_minor,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Return the tax that was kept with a sub-order."""
        if "untaxed" in kept:
            return cls(kept["country"], untaxed=Untaxed(kept["untaxed"]))
        rates = tuple(TaxRate(rate["name"], rate["bps"]) for rate in kept["rates"])
        return cls(kept["country"], kept["number"], rates, kept["source"], kept["checked_on"])


NO_TAX = CommissionTax("", untaxed=Untaxed.NOT_REGISTERED)


def tax_on_commission(*, country: str, on: date) -> CommissionTax:
    """Return the tax on the commission of a shop in a country, on a day; it is in memory, so it costs no statement."""
    numbers: dict[str, str] = settings.COMMISSION_TAX_NUMBERS
    number = numbers.get(country, "")
    if not number:
        return CommissionTax(country, untaxed=Untaxed.NOT_REGISTERED)
    table = tax_rates().table(country)
    if table is None:
        return CommissionTax(country, untaxed=Untaxed.NO_TABLE)
    rates = table.rates(tax_class=TaxClass.STANDARD, subdivision="", on=on)
    if not rates:
        return CommissionTax(country, untaxed=Untaxed.NO_RATE)
    return CommissionTax(country, number, rates, table.source, table.checked_on.isoformat())
