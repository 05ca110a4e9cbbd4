"""A registered shop's tax is the last step of a quote, on what is paid within the country of its registration."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.selectors.offers import Offer
from checkout.pricing.adjustments import Adjustment, AdjustmentKind, Funder, adjusted
from checkout.pricing.amounts import Amounts
from checkout.pricing.basis import Basis
from checkout.pricing.choices import NO_CHOICES
from checkout.pricing.coupons.planning import NO_PART_COUPONS
from checkout.pricing.lines import CartLine
from checkout.pricing.quote import Quote, QuotedPart, quote
from checkout.pricing.quoted_lines import QuotedLine, quote_line
from checkout.pricing.tax.charging import find_tax
from checkout.pricing.tax.filed import SHIPPED
from checkout.pricing.terms import NO_TERMS, Terms
from checkout.pricing.terms.tax import TaxTerms, as_json, parse
from tenants.shops.selectors import ShopFacts
from tests.world.clock import NOW


@dataclass(frozen=True)
class Place:
    """A destination."""

    country: str
    state: str = ""
    city: str = ""


def shop(number: int, currency: str = "NGN", shipping_minor: int = 150_000) -> ShopFacts:
    facts = {"id": number, "schema_name": f"shop_{number}", "slug": f"s{number}", "name": f"Shop {number}"}
    rest = {"status": "live", "currency": currency, "shipping_minor": shipping_minor, "commission_bps": 800}
    return ShopFacts(**facts, **rest, logo="", returns_on=None, primary_host=None, terms_version=1)  # type: ignore[arg-type]


def registered(country: str = "NG", *, is_included: bool = False) -> Terms:
    return replace(NO_TERMS, tax=TaxTerms(country, "12345678-0001", prices_include_tax=is_included))


def amounts_of(part: QuotedPart, line: QuotedLine) -> Amounts:
    """The amounts of one line, with the adjustments that are its own."""
    return adjusted(
        currency=part.amounts.currency,
        items_minor=line.total_minor,
        adjustments=[each for each in part.adjustments if each.variant_id == line.line.variant_id],
        prices_include_tax=part.amounts.prices_include_tax,
    )


def priced(
    goods: list[tuple[int, str]],
    terms: Terms,
    *,
    currency: str = "NGN",
    shipping_minor: int = 150_000,
    address: Place | None = None,
) -> Quote:
    """A quote of one shop's goods, by price and tax class."""
    lines, offers = basket(goods, shop_id=1)
    facts = {1: shop(1, currency, shipping_minor)}
    return quote(lines=lines, shops=facts, offers=offers, terms={1: terms}, address=address, now=NOW)


def basket(goods: list[tuple[int, str]], *, shop_id: int) -> tuple[list[CartLine], dict[UUID, Offer]]:
    lines, offers = [], {}
    for number, (price, tax_class) in enumerate(goods, start=1):
        key = UUID(int=1_000 * shop_id + number)
        lines.append(CartLine(key, shop_id, 1, price))
        offers[key] = Offer(
            key, key, f"SKU-{number}", "Tote", {}, price, 9, is_on_sale=True, image="", tax_class=tax_class
        )
    return lines, offers


def test_tax_of_a_shop_that_is_not_registered_is_none() -> None:
    amounts = priced([(1_850_000, "standard")], NO_TERMS).amounts
    assert (amounts.tax_minor, amounts.prices_include_tax, amounts.total_minor) == (0, False, 2_000_000)


@pytest.mark.parametrize(
    ("is_included", "tax", "total"),
    [(False, 150_000, 2_150_000), (True, 139_535, 2_000_000)],  # 7.5 % of 20,000; 20,000 × 7.5 ÷ 107.5
)
def test_tax_is_added_to_goods_and_delivery_or_told_apart(is_included: bool, tax: int, total: int) -> None:
    quoted = priced([(1_850_000, "standard")], registered(is_included=is_included))
    [part] = quoted.parts
    assert (quoted.amounts.tax_minor, quoted.amounts.total_minor) == (tax, total)
    assert quoted.amounts.prices_include_tax is is_included
    taxes = [each for each in part.adjustments if each.kind is AdjustmentKind.TAX]
    assert {each.label for each in taxes} == {"VAT 7.5%"}
    assert {each.variant_id for each in taxes} == {None, part.lines[0].line.variant_id}
    assert part.tax is not None
    assert part.tax.as_json() == {
        "country": "NG",
        "number": "12345678-0001",
        "rates": [
            {
                "label": "VAT 7.5%",
                "rate_bps": 750,
                "base_minor": 2_000_000 - (tax if is_included else 0),
                "tax_minor": tax,
            }
        ],
    }


@pytest.mark.parametrize(
    ("address", "tax"),
    [(None, 150_000), (Place("NG", "Lagos"), 150_000), (Place(""), 150_000), (Place("GH"), 0), (Place("FR"), 0)],
)
def test_what_leaves_the_country_is_not_taxed(address: Place | None, tax: int) -> None:
    """As long as no destination is known, the goods are taken to stay."""
    quoted = priced([(1_850_000, "standard")], registered(), address=address)
    assert (quoted.amounts.tax_minor, quoted.amounts.total_minor) == (tax, 2_000_000 + tax)
    abroad = priced([(1_850_000, "standard")], registered(is_included=True), address=address)
    assert abroad.amounts.total_minor == 2_000_000, "prices that include tax stay the same abroad"
    assert abroad.amounts.prices_include_tax is bool(tax)


def test_each_line_has_the_rate_of_its_class() -> None:
    goods = [(1_000_000, "standard"), (1_000_000, "reduced"), (1_000_000, "zero"), (1_000_000, "exempt")]
    [part] = priced(goods, registered("CI"), currency="XOF", shipping_minor=0).parts
    assert [amounts_of(part, line).tax_minor for line in part.lines] == [180_000, 90_000, 0, 0]
    assert part.amounts.tax_minor == 270_000


def test_a_shop_of_a_country_without_table_charges_none() -> None:
    assert priced([(1_850_000, "standard")], registered("FR")).amounts.tax_minor == 0


def test_tax_is_on_what_is_left_after_discounts() -> None:
    """A discount of the whole part lowers its lines in proportion; one on the delivery lowers the delivery's tax."""
    lines, offers = basket([(1_000_000, "standard"), (1_000_000, "zero")], shop_id=1)
    quoted = tuple(quote_line(line, offer=offers[line.variant_id], shop=shop(1), is_ready=True) for line in lines)
    first = lines[0].variant_id
    so_far = [
        Adjustment(AdjustmentKind.DISCOUNT, "A", "A", Funder.SHOP, -200_000, first),
        Adjustment(AdjustmentKind.DISCOUNT, "B", "B", Funder.PLATFORM, -900_000),
        Adjustment(AdjustmentKind.DELIVERY, "flat", "Delivery", Funder.BUYER, 150_000),
        Adjustment(AdjustmentKind.DELIVERY_DISCOUNT, "C", "C", Funder.SHOP, -150_000),
    ]
    basis = Basis(shop(1), quoted, registered(), None, NO_CHOICES, NO_PART_COUPONS, NOW)
    charged = find_tax(basis, so_far)
    assert charged is not None
    assert [(share.variant_id, share.tax_minor) for share in charged.part.shares] == [(first, 30_000)]  # of 4,000
    assert charged.part.bases == ((charged.part.shares[0].rate, 400_000),)


PARTS = st.lists(
    st.tuples(
        st.sampled_from(["", "NG", "GH", "KE", "ZA"]),
        st.booleans(),
        st.integers(0, 10**7),
        st.lists(
            st.tuples(
                st.one_of(st.integers(1, 40), st.integers(1, 10**10)),
                st.sampled_from(["standard", "reduced", "zero", "exempt"]),
            ),
            min_size=1,
            max_size=4,
        ),
    ),
    min_size=1,
    max_size=5,
)


@given(drawn=PARTS, country=st.sampled_from([None, "NG", "GH"]))
def test_a_basket_over_shops_with_and_without_tax_sums_to_the_unit(
    drawn: list[tuple[str, bool, int, list[tuple[int, str]]]], country: str | None
) -> None:
    lines: list[CartLine] = []
    offers: dict[UUID, Offer] = {}
    shops: dict[int, ShopFacts] = {}
    terms: dict[int, Terms] = {}
    for number, (of, is_included, shipping_minor, goods) in enumerate(drawn, start=1):
        own_lines, own_offers = basket(goods, shop_id=number)
        lines += own_lines
        offers |= own_offers
        shops[number] = shop(number, shipping_minor=shipping_minor)
        terms[number] = registered(of, is_included=is_included) if of else NO_TERMS
    asked: dict[str, Any] = {
        "shops": shops,
        "offers": offers,
        "now": NOW,
        "address": Place(country) if country else None,
    }
    quoted = quote(lines=lines, terms=terms, **asked)
    without = quote(lines=lines, **asked)
    assert quoted.amounts.total_minor == sum(part.amounts.total_minor for part in quoted.parts)
    added_minor = sum(part.amounts.added_tax_minor for part in quoted.parts)
    assert quoted.amounts.total_minor == without.amounts.total_minor + added_minor
    for part, before in zip(quoted.parts, without.parts, strict=True):
        amounts = part.amounts
        assert amounts.tax_minor == sum(a.amount_minor for a in part.adjustments if a.kind is AdjustmentKind.TAX)
        assert 0 <= amounts.tax_minor <= amounts.total_minor
        whole = [each for each in part.adjustments if each.variant_id is None]
        rest = adjusted(currency="NGN", items_minor=0, adjustments=whole, prices_include_tax=amounts.prices_include_tax)
        assert (
            reduce(add, [rest, *(amounts_of(part, line) for line in part.counted)]).total_minor == amounts.total_minor
        )
        own = terms[part.shop.id].tax
        assert (part.tax is not None) == (own is not None and country in (None, own.country))
        if part.tax is None or amounts.prices_include_tax:
            assert amounts.total_minor == before.amounts.total_minor, "its prices stay the same to the unit"


@pytest.mark.parametrize("terms", [None, TaxTerms("NG", "123", prices_include_tax=True)])
def test_tax_terms_are_read_as_they_were_stored(terms: TaxTerms | None) -> None:
    assert parse(as_json(terms)) == terms


@pytest.mark.parametrize("state", ["Lagos", "lagos state", "NG-LA"])
def test_the_rates_of_a_state_are_those_of_its_name_too(tmp_path: Path, settings: Any, state: str) -> None:
    lagos = {"standard": [{"name": "VAT", "bps": 1_000}]}
    table = json.loads((SHIPPED / "NG.json").read_text())
    table["periods"][0]["subdivisions"] = {"NG-LA": lagos}
    (tmp_path / "NG.json").write_text(json.dumps(table))
    settings.TAX_TABLES_DIR = str(tmp_path)
    goods, terms = [(1_000_000, "standard")], registered()
    there = priced(goods, terms, address=Place("NG", state), shipping_minor=0).amounts.tax_minor
    elsewhere = priced(goods, terms, address=Place("NG", "Kano"), shipping_minor=0).amounts.tax_minor
    assert (there, elsewhere) == (100_000, 75_000)
