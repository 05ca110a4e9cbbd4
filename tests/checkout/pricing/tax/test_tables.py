"""Tax rates come from files: each of a country, with its source, its date and the form of its numbers."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from checkout.pricing.tax.filed import SHIPPED, FiledTaxRates, from_settings, read_table
from checkout.pricing.tax.port import TaxRate, percent
from checkout.pricing.tax.registry import tax_rates
from kit.text.countries import country_codes

ON = date(2026, 3, 2)
NIGERIA: dict[str, Any] = json.loads((SHIPPED / "NG.json").read_text())


def write(folder: Path, name: str = "NG", **changes: Any) -> Path:
    file = folder / f"{name}.json"
    file.write_text(json.dumps(NIGERIA | changes))
    return file


def test_each_table_names_its_source_its_day_and_whom_to_ask() -> None:
    tables = from_settings().tables()
    assert [table.country for table in tables] == ["CI", "GH", "KE", "NG", "ZA"]
    for table in tables:
        assert table.country in country_codes()
        assert "https://" in table.source
        assert "check with your accountant" in table.note
        assert table.checked_on >= date(2026, 1, 1)
        assert not table.rates(tax_class="zero", subdivision="", on=ON)
        assert not table.rates(tax_class="exempt", subdivision="", on=ON)


@pytest.mark.parametrize(
    ("country", "tax_class", "labels"),
    [
        ("NG", "standard", ["VAT 7.5%"]),
        ("GH", "standard", ["VAT 15%", "NHIL 2.5%", "GETFund 2.5%"]),
        ("KE", "standard", ["VAT 16%"]),
        ("ZA", "standard", ["VAT 15%"]),
        ("CI", "standard", ["TVA 18%"]),
        ("CI", "reduced", ["TVA 9%"]),
        ("NG", "reduced", ["VAT 7.5%"]),  # no reduced rate there: the standard one
        ("NG", "a class of a later release", ["VAT 7.5%"]),
    ],
)
def test_rates_of_a_class(country: str, tax_class: str, labels: list[str]) -> None:
    table = tax_rates().table(country)
    assert table is not None
    assert [rate.label for rate in table.rates(tax_class=tax_class, subdivision="", on=ON)] == labels


def test_rates_hold_from_their_day_on(tmp_path: Path) -> None:
    later = {"from": "2026-07-01", "rates": {"standard": [{"name": "VAT", "bps": 1000}]}}
    table = read_table(write(tmp_path, periods=[*NIGERIA["periods"], later]))
    said = {
        day: [rate.bps for rate in table.rates(tax_class="standard", subdivision="", on=date.fromisoformat(day))]
        for day in ("2019-12-31", "2026-06-30", "2026-07-01")
    }
    assert said == {"2019-12-31": [], "2026-06-30": [750], "2026-07-01": [1000]}


def test_a_subdivision_may_have_rates_of_its_own(tmp_path: Path) -> None:
    lagos = {"standard": [{"name": "VAT", "bps": 750}, {"name": "Lagos levy", "bps": 100}]}
    period = NIGERIA["periods"][0] | {"subdivisions": {"NG-LA": lagos}}
    table = read_table(write(tmp_path, periods=[period]))
    for code, bps in (("NG-LA", [750, 100]), ("NG-KN", [750]), ("", [750])):
        assert [rate.bps for rate in table.rates(tax_class="reduced", subdivision=code, on=ON)] == bps
    assert not table.rates(tax_class="zero", subdivision="NG-LA", on=ON)


def test_files_of_the_operator_replace_those_that_are_shipped(tmp_path: Path, settings: Any) -> None:
    write(tmp_path, periods=[{"from": "2026-01-01", "rates": {"standard": [{"name": "VAT", "bps": 1000}]}}])
    write(tmp_path, "RW", country="RW")
    settings.TAX_TABLES_DIR = str(tmp_path)
    assert [table.country for table in tax_rates().tables()] == ["CI", "GH", "KE", "NG", "RW", "ZA"]
    nigeria = tax_rates().table("NG")
    assert nigeria is not None
    assert nigeria.rates(tax_class="standard", subdivision="", on=ON) == (TaxRate("VAT", 1000),)


def test_another_source_of_rates_takes_one_setting(settings: Any) -> None:
    settings.TAX_RATES = f"{__name__}.without_rates"
    assert tax_rates().table("NG") is None


def without_rates() -> FiledTaxRates:
    return FiledTaxRates()


@pytest.mark.parametrize(
    "changes",
    [
        {"country": "GH"},
        {"country": "Nigeria"},
        {"checked_on": "yesterday"},
        {"source": ""},
        {"note": None},
        {"delivery": "sometimes"},
        {"periods": []},
        {"periods": [{"from": "2026-01-01", "rates": {"reduced": []}}]},
        {"periods": [{"from": "2026-01-01", "rates": {"standard": [{"name": "VAT", "bps": 7.5}]}}]},
        {"periods": [{"from": "2026-01-01", "rates": {"standard": [{"name": "VAT", "bps": 10_001}]}}]},
        {"periods": [{"from": "2026-01-01", "rates": {"standard": [{"name": "VAT", "bps": 0}]}}]},
        {"periods": [{"from": "2026-01-01", "rates": {"luxury": [], "standard": []}}]},
        {"number": {"name": "TIN", "pattern": "[0-9", "example": "1"}},
        {"number": {"name": "TIN", "pattern": "[0-9]{4}", "example": "1"}},
        {"number": None},
    ],
)
def test_a_file_that_is_no_table_is_refused_by_name(tmp_path: Path, changes: dict[str, Any]) -> None:
    file = write(tmp_path, **changes)
    with pytest.raises(ImproperlyConfigured, match=str(file)):
        FiledTaxRates(tmp_path)


@pytest.mark.parametrize(("bps", "text"), [(750, "7.5%"), (1_500, "15%"), (825, "8.25%"), (5, "0.05%"), (10, "0.1%")])
def test_rates_are_shown_as_per_cent(bps: int, text: str) -> None:
    assert percent(bps) == text
