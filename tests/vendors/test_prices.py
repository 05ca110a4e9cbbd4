"""Prices as people type them become minor units, exactly or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.money import format_minor
from kit.money.amounts import parse_amount
from kit.templatetags.money import major


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("18500", 1_850_000),
        ("18,500", 1_850_000),
        ("18500.5", 1_850_050),
        ("18500.50", 1_850_050),
        ("1,234,567.89", 123_456_789),
        (" ₦18,500 ", 1_850_000),
        ("NGN 18500", 1_850_000),
        ("N500", 50_000),
        ("0.01", 1),
        ("0.29", 29),  # 0.29 × 100 is 28.999… in binary
        ("9007199254740.93", 900_719_925_474_093),  # beyond what a float holds
        ("0", 0),
    ],
)
def test_amounts(typed: str, minor: int) -> None:
    assert parse_amount(typed, "NGN") == minor


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-1",
        "1.234",
        "18.500",
        "18,50",
        "1,8500",
        ",500",
        "1.",
        ".5",
        "1e3",
        "١٢",
        "18 500",
        "free",
        "₦",
        "NaN",
        "1_000",
    ],
)
def test_what_reads_in_two_ways_or_none(typed: str) -> None:
    with pytest.raises(ValueError, match="Write it like"):
        parse_amount(typed, "NGN")


@given(st.integers(min_value=0, max_value=10**12))
def test_what_is_shown_is_read_back(minor: int) -> None:
    assert parse_amount(major(minor), "NGN") == minor
    assert parse_amount(format_minor(minor, "NGN"), "NGN") == minor
