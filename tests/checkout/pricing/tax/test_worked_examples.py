"""The worked examples of tax in docs/pricing.md are what quotes charge."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkout.pricing.shown import shown_adjustments
from kit.money import format_minor
from tests.checkout.pricing.tax.test_charging import Place, priced, registered

DOCS = Path(__file__).resolve().parents[4] / "docs" / "pricing.md"
# Country and way of pricing, currency, price and delivery, destination, by the name in the documentation.
EXAMPLES = {
    "Nigeria, 7.5%, added": (("NG", False), "NGN", (1_850_000, 150_000), "NG"),
    "Nigeria, 7.5%, included": (("NG", True), "NGN", (1_850_000, 150_000), "NG"),
    "Ghana, 15% + 2.5% + 2.5%, included": (("GH", True), "GHS", (12_000, 0), "GH"),
    "Côte d'Ivoire, 18%, included": (("CI", True), "XOF", (1_500_000, 0), "CI"),
    "Nigeria, 7.5%, added, to Ghana": (("NG", False), "NGN", (1_850_000, 150_000), "GH"),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_documented_figures_are_charged(name: str) -> None:
    (country, is_included), currency, (price, delivery), to = EXAMPLES[name]
    amounts = priced(
        [(price, "standard")],
        registered(country, is_included=is_included),
        currency=currency,
        shipping_minor=delivery,
        address=Place(to),
    ).amounts
    told = format_minor(amounts.tax_minor, currency) if amounts.tax_minor else "none"
    [row] = [line for line in DOCS.read_text().splitlines() if line.startswith(f"| {name} |")]
    _, _, _, tax, total, _ = (cell.strip() for cell in row.split("|"))
    assert tax.split(" of it")[0] == told
    assert total == format_minor(amounts.total_minor, currency)


def test_ghanas_levies_are_told_apart() -> None:
    [part] = priced([(12_000, "standard")], registered("GH", is_included=True), currency="GHS", shipping_minor=0).parts
    rows = shown_adjustments(part.adjustments, prices_include_tax=True)
    assert [(row.label, row.amount_minor) for row in rows if row.kind == "tax"] == [
        ("VAT 15%, included", 1_500),
        ("NHIL 2.5%, included", 250),
        ("GETFund 2.5%, included", 250),
    ]
