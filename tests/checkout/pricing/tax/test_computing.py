"""Tax of a part sums to the unit over lines and levies, is never negative, and included tax is within the price."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.pricing.tax.computing import PartTax, TaxableLine, compute_tax, rate_sums, tax_on
from checkout.pricing.tax.filed import from_settings
from checkout.pricing.tax.port import TaxTable
from kit.money import is_whole_enough

TABLES = {table.country: table for table in from_settings().tables()}
CURRENCIES = {"NG": "NGN", "GH": "GHS", "KE": "KES", "ZA": "ZAR", "CI": "XOF"}
ON = date(2026, 3, 2)
DRAWN = st.lists(
    st.tuples(
        st.integers(1, 500),
        st.sampled_from(["standard", "reduced", "zero", "exempt", "unknown"]),
        st.one_of(st.integers(0, 20), st.integers(0, 10**12)),
    ),
    min_size=1,
    max_size=9,
    unique_by=lambda line: line[0],
)


def lines_of(drawn: list[tuple[int, str, int]]) -> list[TaxableLine]:
    return [TaxableLine(UUID(int=key), tax_class, paid) for key, tax_class, paid in drawn]


def computed(lines: list[TaxableLine], delivery_minor: int, table: TaxTable, *, is_included: bool) -> PartTax:
    return compute_tax(
        lines=lines,
        delivery_minor=delivery_minor,
        table=table,
        subdivision="",
        on=ON,
        currency=CURRENCIES[table.country],
        is_included=is_included,
    )


@given(
    drawn=DRAWN,
    delivery=st.integers(0, 10**6),
    country=st.sampled_from(sorted(TABLES)),
    is_included=st.booleans(),
    random=st.randoms(use_true_random=False),
)
def test_tax_is_never_negative_and_within_what_it_is_on(
    drawn: list[tuple[int, str, int]], delivery: int, country: str, is_included: bool, random: Any
) -> None:
    lines, table = lines_of(drawn), TABLES[country]
    found = computed(lines, delivery, table, is_included=is_included)
    by_line: dict[UUID | None, int] = {}
    for share in found.shares:
        assert share.tax_minor > 0
        by_line[share.variant_id] = by_line.get(share.variant_id, 0) + share.tax_minor
    paid: dict[UUID | None, int] = {None: delivery} | {line.variant_id: line.paid_minor for line in lines}
    assert all(tax_minor <= paid[variant_id] for variant_id, tax_minor in by_line.items())
    untaxed = {line.variant_id for line in lines if line.tax_class in ("zero", "exempt")}
    assert not untaxed & by_line.keys()
    assert is_whole_enough(sum(by_line.values()), CURRENCIES[country])
    random.shuffle(lines)
    assert computed(lines, delivery, table, is_included=is_included) == found


@given(drawn=DRAWN, delivery=st.integers(0, 10**6), is_included=st.booleans())
def test_each_levy_of_a_part_is_the_rounded_share_of_all_that_has_its_rate(
    drawn: list[tuple[int, str, int]], delivery: int, is_included: bool
) -> None:
    """Ghana's rate is made of three; the whole is rounded once, and they sum to it."""
    lines = lines_of(drawn)
    found = computed(lines, delivery, TABLES["GH"], is_included=is_included)
    paid = delivery + sum(line.paid_minor for line in lines if line.tax_class not in ("zero", "exempt"))
    whole = tax_on(paid, bps=2_000, currency="GHS", is_included=is_included)
    sums = {rate.name: tax_minor for rate, tax_minor in rate_sums(found.shares).items()}
    assert sum(sums.values()) == whole
    assert all(abs(sums.get(name, 0) - whole * bps / 2_000) < 1 for name, bps in (("VAT", 1_500), ("NHIL", 250)))


@pytest.mark.parametrize(
    ("paid", "bps", "currency", "is_included", "tax"),
    [
        (1_850_000, 750, "NGN", False, 138_750),
        (1_850_000, 750, "NGN", True, 129_070),  # 18,500 × 7.5 ÷ 107.5 = 1,290.697…
        (20, 750, "NGN", False, 2),  # 1.5 is rounded up
        (19, 750, "NGN", False, 1),
        (6, 750, "NGN", False, 0),
        (1_500_000, 1_800, "XOF", True, 228_800),  # 2,288.13… francs are 2,288
        (277_800, 1_800, "XOF", False, 50_000),  # 500.04 francs
        (1, 10_000, "NGN", True, 1),
        (0, 750, "NGN", True, 0),
    ],
)
def test_tax_is_rounded_half_up_to_what_can_be_paid(
    paid: int, bps: int, currency: str, is_included: bool, tax: int
) -> None:
    assert tax_on(paid, bps=bps, currency=currency, is_included=is_included) == tax


def test_a_line_of_one_unit_gets_no_more_tax_than_its_price() -> None:
    """Each of three levies has a unit left over, and all three would go to the first line of equal ones."""
    lines = [TaxableLine(UUID(int=key), "standard", 1) for key in range(1, 17)]
    found = computed(lines, 0, TABLES["GH"], is_included=True)
    by_line = [sum(share.tax_minor for share in found.shares if share.variant_id == line.variant_id) for line in lines]
    assert (sum(by_line), max(by_line)) == (3, 1)
