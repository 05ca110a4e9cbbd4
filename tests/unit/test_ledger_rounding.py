"""A commission is rounded down, and its parts sum to the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.money import commission_of


@pytest.mark.parametrize(
    ("items", "bps", "commission"),
    [(0, 800, 0), (1, 800, 0), (12, 800, 0), (13, 800, 1), (1_850_001, 800, 148_000), (99, 10_000, 99), (99, 0, 0)],
)
def test_the_fraction_stays_with_the_shop(items: int, bps: int, commission: int) -> None:
    assert commission_of(items, bps) == commission


@given(items=st.integers(0, 10**12), shipping=st.integers(0, 10**9), bps=st.integers(0, 10_000))
def test_no_unit_is_lost_or_invented(items: int, shipping: int, bps: int) -> None:
    commission = commission_of(items, bps)
    payable = items + shipping - commission
    assert payable + commission == items + shipping
    assert 0 <= commission <= items
    assert 0 <= items * bps - commission * 10_000 < 10_000
