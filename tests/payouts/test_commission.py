"""A commission is taken of what the shop sells its items for, rounded down, and its parts sum to the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payouts.commission import commission_of


@pytest.mark.parametrize(
    ("items", "discount", "bps", "commission"),
    [
        (0, 0, 800, 0),
        (1, 0, 800, 0),
        (12, 0, 800, 0),
        (13, 0, 800, 1),
        (1_850_001, 0, 800, 148_000),
        (99, 0, 10_000, 99),
        (99, 0, 0, 0),
        (1_850_001, 100_001, 800, 140_000),
        (99, 99, 10_000, 0),
    ],
)
def test_the_fraction_stays_with_the_shop(items: int, discount: int, bps: int, commission: int) -> None:
    assert commission_of(items_minor=items, shop_discount_minor=discount, rate_bps=bps) == commission


@given(
    items=st.integers(0, 10**12), share=st.integers(0, 100), shipping=st.integers(0, 10**9), bps=st.integers(0, 10_000)
)
def test_no_unit_is_lost_or_invented(items: int, share: int, shipping: int, bps: int) -> None:
    discount = items * share // 100
    commission = commission_of(items_minor=items, shop_discount_minor=discount, rate_bps=bps)
    payable = items - discount + shipping - commission
    assert payable + commission == items - discount + shipping
    assert 0 <= commission <= items - discount
    assert 0 <= (items - discount) * bps - commission * 10_000 < 10_000
