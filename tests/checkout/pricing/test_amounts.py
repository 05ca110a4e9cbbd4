"""Amounts add up, are never below zero, and are not added across currencies."""

from dataclasses import fields, replace
from functools import reduce
from operator import add
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.pricing.adjustments import Adjustment, AdjustmentKind, Funder, adjusted, shop_discount_minor
from checkout.pricing.amounts import GIVEN, Amounts, totals_by_currency
from kit.money import CurrencyMismatchError
from kit.money.columns import AMOUNT_COLUMNS

MINOR = st.integers(0, 10**12)


@st.composite
def some_amounts(draw: st.DrawFn, currency: str = "NGN", *, is_included: bool = False) -> Amounts:
    """Amounts of a purchase, with discounts and tax."""
    items, shipping = draw(MINOR), draw(MINOR)
    discount, less = draw(st.integers(0, items)), draw(st.integers(0, shipping))
    tax = draw(st.integers(0, items - discount + shipping - less)) if is_included else draw(MINOR)
    return Amounts(currency, items, discount, shipping, less, tax, is_included)


@given(amounts=st.booleans().flatmap(lambda included: some_amounts(is_included=included)))
def test_the_total_is_the_sum_of_its_amounts(amounts: Amounts) -> None:
    net = amounts.items_minor - amounts.discount_minor + amounts.shipping_minor - amounts.delivery_discount_minor
    assert amounts.total_minor == net + (0 if amounts.prices_include_tax else amounts.tax_minor)
    assert amounts.total_minor >= 0
    assert tuple(amounts.columns()) == AMOUNT_COLUMNS


def test_a_row_keeps_each_of_them() -> None:
    assert {field.name for field in fields(Amounts)} == set(GIVEN)


@given(a=some_amounts(), b=some_amounts(), c=some_amounts())
def test_a_sum_has_the_sum_of_the_totals_in_any_order(a: Amounts, b: Amounts, c: Amounts) -> None:
    assert (a + b) + c == a + (b + c) == c + b + a
    assert (a + b + c).total_minor == a.total_minor + b.total_minor + c.total_minor


@given(a=some_amounts("NGN"), b=some_amounts("GHS"), c=some_amounts("NGN"))
def test_currencies_are_never_added_up(a: Amounts, b: Amounts, c: Amounts) -> None:
    with pytest.raises(CurrencyMismatchError):
        a + b
    assert totals_by_currency([a, b, c]) == (b, a + c)


@given(
    each=st.lists(st.booleans().flatmap(lambda included: some_amounts(is_included=included)), min_size=2, max_size=5)
)
def test_a_sum_over_prices_with_and_without_tax_has_the_sum_of_the_totals(each: list[Amounts]) -> None:
    whole = reduce(add, each)
    assert whole == reduce(add, reversed(each)) == each[0] + reduce(add, each[1:])
    assert whole.total_minor == sum(one.total_minor for one in each)
    assert whole.added_tax_minor == sum(one.added_tax_minor for one in each)


@pytest.mark.parametrize(
    ("included", "added", "whole"),
    [
        (7, 5, (5, False)),  # the seven are told with their own part
        (7, 0, (7, True)),
        (0, 5, (5, False)),
        (0, 0, (0, True)),
    ],
)
def test_the_tax_of_a_sum_is_what_is_added_where_something_is(
    included: int, added: int, whole: tuple[int, bool]
) -> None:
    a = Amounts("NGN", 100, tax_minor=included, prices_include_tax=True)
    b = Amounts("NGN", 100, tax_minor=added)
    for both in (a + b, b + a):
        assert (both.tax_minor, both.prices_include_tax, both.total_minor) == (*whole, 200 + added)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"items_minor": -1, "discount_minor": -1}, ValueError),
        ({"discount_minor": -1}, ValueError),
        ({"discount_minor": 1_001}, ValueError),
        ({"shipping_minor": -1}, ValueError),
        ({"delivery_discount_minor": -1}, ValueError),
        ({"delivery_discount_minor": 301}, ValueError),
        ({"tax_minor": -1}, ValueError),
        ({"tax_minor": 1_301, "prices_include_tax": True}, ValueError),
        ({"items_minor": 1_000.0}, TypeError),
        ({"tax_minor": 0.5}, TypeError),
    ],
)
def test_impossible_amounts_cannot_be_made(change: dict[str, Any], error: type[Exception]) -> None:
    whole = Amounts("NGN", items_minor=1_000, shipping_minor=300)
    with pytest.raises(error):
        replace(whole, **change)


def test_each_adjustment_is_summed_where_its_kind_says() -> None:
    adjustments = [
        Adjustment(AdjustmentKind.DISCOUNT, "ADIRE10", "10 % off", Funder.SHOP, -100),
        Adjustment(AdjustmentKind.DISCOUNT, "MARKET5", "Market week", Funder.PLATFORM, -50),
        Adjustment(AdjustmentKind.DELIVERY, "flat", "Delivery", Funder.BUYER, 300),
        Adjustment(AdjustmentKind.DELIVERY_DISCOUNT, "free", "Free delivery", Funder.SHOP, -300),
        Adjustment(AdjustmentKind.TAX, "vat", "VAT", Funder.BUYER, 64),
    ]
    amounts = adjusted(currency="NGN", items_minor=1_000, adjustments=adjustments)
    assert amounts == Amounts("NGN", 1_000, 150, 300, 300, 64)
    assert amounts.total_minor == 1_000 + sum(each.amount_minor for each in adjustments)
    assert shop_discount_minor(adjustments) == 100


@pytest.mark.parametrize(
    ("kind", "amount"),
    [(AdjustmentKind.DISCOUNT, 1), (AdjustmentKind.DELIVERY, -1), (AdjustmentKind.TAX, -1)],
)
def test_an_adjustment_has_the_sign_of_its_kind(kind: AdjustmentKind, amount: int) -> None:
    with pytest.raises(ValueError, match="sign"):
        Adjustment(kind, "x", "X", Funder.SHOP, amount)
