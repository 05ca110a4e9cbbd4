"""Cells that a spreadsheet runs nothing from, and amounts that read in one way only."""

from __future__ import annotations

import pytest

from kit.money.amounts import parse_amount
from kit.web.tables import csv_response, plain_cell, safe_cell


@pytest.mark.parametrize("text", ["'-1", "''=1", "=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(1)"])
def test_what_looks_like_a_formula_is_made_harmless_and_read_back(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert plain_cell(safe_cell(text)) == text


@pytest.mark.parametrize("value", ["Tote", "'quoted'", "", 12, -3, "a=b"])
def test_everything_else_stays_as_it_is(value: object) -> None:
    assert safe_cell(value) == str(value)
    assert plain_cell(str(value)) == str(value)


def test_a_table_is_sent_as_a_file_to_keep() -> None:
    response = csv_response(file_name="prices é.csv", header=["sku"], rows=[["=A"], ["B"]] * 600)
    body = b"".join(response.streaming_content).decode()  # type: ignore[arg-type]
    assert body.startswith("﻿sku\r\n'=A\r\nB\r\n")
    assert body.count("\r\n") == 1_201
    assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''prices%20%C3%A9.csv"


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1250.50", "NGN", 125_050),
        ("₦1,250", "NGN", 125_000),
        ("NGN 1,250.5", "NGN", 125_050),
        ("GH₵ 12", "GHS", 1_200),
        ("R12.99", "ZAR", 1_299),
        ("$3", "USD", 300),
        ("KSh 1,000", "KES", 100_000),
    ],
)
def test_amounts_are_read_exactly(text: str, currency: str, minor: int) -> None:
    assert parse_amount(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency"),
    [("$5", "NGN"), ("₦5", "GHS"), ("1.250", "NGN"), ("12,50", "NGN"), ("1.250,50", "NGN"), ("1 250", "NGN"),
     ("", "NGN"), ("-5", "NGN"), ("1e3", "NGN"), ("٣", "NGN"), ("1,25,000", "NGN"), ("₦₦5", "NGN")],
)  # fmt: skip
def test_what_reads_in_two_ways_or_none_is_refused(text: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"Write it like|This is an amount in"):
        parse_amount(text, currency)
