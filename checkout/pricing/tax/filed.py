"""Tax rates from data files: one of a country, as JSON, which names its source and the day on which it was read."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_noop

from catalogue.tax_classes import TaxClass
from checkout.pricing.tax.port import (
    ALL_BPS,
    DeliveryRule,
    NumberRule,
    Rates,
    TaxPeriod,
    TaxRate,
    TaxTable,
    WithholdingRule,
)

SHIPPED = Path(__file__).with_name("tables")

# Texts of the shipped tables that have another form in another language; names of taxes are those of `shown.py`.
TEXTS = (
    gettext_noop("This is not tax advice: check with your accountant."),
    gettext_noop("withholding tax on income from digital marketplaces, of residents"),
    gettext_noop("TIN or Ghana Card number"),
    gettext_noop("VAT number"),
)


class FiledTaxRates:
    """Tax rates of the files in some folders; a file in a later folder replaces that of the same country."""

    def __init__(self, *folders: Path) -> None:
        files = {file.name: file for folder in folders for file in sorted(folder.glob("*.json"))}
        self._tables = {table.country: table for table in map(read_table, sorted(files.values()))}

    def table(self, country: str) -> TaxTable | None:
        """Return the rules of a country."""
        return self._tables.get(country)

    def tables(self) -> Sequence[TaxTable]:
        """Return the rules of all countries, by code."""
        return [self._tables[country] for country in sorted(self._tables)]


def from_settings() -> FiledTaxRates:
    """Return the rates of the files that come with the market, and of those that the operator keeps beside them.

    Raises:
        ImproperlyConfigured: a file can't be read as one of tax rates.
    """
    own = settings.TAX_TABLES_DIR
    return FiledTaxRates(SHIPPED, *([Path(own)] if own else []))


def read_table(file: Path) -> TaxTable:
    """Read a country's rules from a file.

    Raises:
        ImproperlyConfigured: a value is missing, or is none of its kind.
    """
    try:
        table = _table(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, re.error) as error:
        raise ImproperlyConfigured(f"{file}: {error!r} in a file of tax rates.") from error
    if file.stem != table.country:
        raise ImproperlyConfigured(f"{file} is named by another country than it is of: {table.country}.")
    return table


def _table(said: Mapping[str, Any]) -> TaxTable:
    periods = sorted(map(_period, said["periods"]), key=lambda each: each.starts_on, reverse=True)
    if not periods or not re.fullmatch(r"[A-Z]{2}", said["country"]):
        raise ValueError("A table is of a country, and has a period")
    number = said["number"]
    rule = NumberRule(str(number["name"]), re.compile(number["pattern"]), str(number["example"]))
    if not rule.pattern.fullmatch(re.sub(r"[\s-]", "", rule.example)):
        raise ValueError("The example of a number does not have its form")
    return TaxTable(
        country=said["country"],
        tax=_text(said["tax"]),
        source=_text(said["source"]),
        checked_on=date.fromisoformat(said["checked_on"]),
        note=_text(said["note"]),
        number=rule,
        prices_include_tax=said["prices_include_tax"] is True,
        delivery=DeliveryRule(said["delivery"]),
        periods=tuple(periods),
        withholding=tuple(
            sorted(map(_withholding, said.get("withholding", ())), key=lambda each: each.starts_on, reverse=True)
        ),
    )


def _period(said: Mapping[str, Any]) -> TaxPeriod:
    rates = _classes(said["rates"])
    if TaxClass.STANDARD not in rates:
        raise ValueError("A period has a standard rate")
    own = {str(code): _classes(each) for code, each in said.get("subdivisions", {}).items()}
    return TaxPeriod(starts_on=date.fromisoformat(said["from"]), rates=rates, subdivisions=own)


def _withholding(said: Mapping[str, Any]) -> WithholdingRule:
    rate = _rate(said)
    return WithholdingRule(date.fromisoformat(said["from"]), rate.name, rate.bps, _text(said["source"]))


def _classes(said: Mapping[str, Any]) -> dict[TaxClass, Rates]:
    return {TaxClass(name): tuple(map(_rate, rates)) for name, rates in said.items()}


def _rate(said: Mapping[str, Any]) -> TaxRate:
    bps = said["bps"]
    if type(bps) is not int or not 0 < bps <= ALL_BPS:
        raise ValueError(f"A rate is a whole number of basis points, not {bps!r}")
    return TaxRate(_text(said["name"]), bps)


def _text(said: Any) -> str:
    if not isinstance(said, str) or not said.strip():
        raise ValueError("A text is missing")
    return said
