"""A split amount sums to the unit, and is the same in whatever order it is split."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.pricing.allocation import allocate

AMOUNT = st.integers(-(10**12), 10**12)
WEIGHTS = st.dictionaries(st.integers(), st.integers(0, 10**10), min_size=1, max_size=30).filter(
    lambda weights: sum(weights.values()) > 0
)


@given(amount=AMOUNT, weights=WEIGHTS)
def test_shares_sum_to_the_unit_and_are_within_one_of_the_exact_share(amount: int, weights: dict[int, int]) -> None:
    shares = allocate(amount, weights)
    whole = sum(weights.values())
    assert shares.keys() == weights.keys()
    assert sum(shares.values()) == amount
    assert all(abs(share * whole - amount * weights[key]) < whole for key, share in shares.items())


@given(amount=AMOUNT, weights=WEIGHTS, random=st.randoms(use_true_random=False))
def test_the_order_of_the_weights_does_not_matter(amount: int, weights: dict[int, int], random: object) -> None:
    shuffled = list(weights.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' own random
    assert allocate(amount, dict(shuffled)) == allocate(amount, weights)


@given(data=st.data(), weights=WEIGHTS)
def test_no_share_is_more_than_its_weight_where_the_amount_is_within_them(
    data: st.DataObject, weights: dict[int, int]
) -> None:
    amount = data.draw(st.integers(0, sum(weights.values())))
    assert all(0 <= share <= weights[key] for key, share in allocate(amount, weights).items())


def test_units_that_are_left_go_to_the_largest_fractions_then_to_the_lowest_keys() -> None:
    assert allocate(100, {"c": 1, "a": 1, "b": 1}) == {"a": 34, "b": 33, "c": 33}
    assert allocate(-100, {"c": 1, "a": 1, "b": 1}) == {"a": -34, "b": -33, "c": -33}
    assert allocate(10, {"a": 14, "b": 86}) == {"a": 1, "b": 9}
    assert allocate(10, {"a": 16, "b": 84}) == {"a": 2, "b": 8}
    assert allocate(0, {"a": 0}) == {"a": 0}


@pytest.mark.parametrize(("amount", "weights"), [(1, {}), (1, {"a": 0}), (1, {"a": 2, "b": -1}), (0, {"a": -1})])
def test_what_cannot_be_split_is_refused(amount: int, weights: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        allocate(amount, weights)
