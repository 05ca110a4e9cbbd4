"""What goes back for units of a part: never more than it is a part of, and in any sequence exactly the whole."""

from __future__ import annotations

import itertools
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from checkout.pricing.allocation import allocate
from checkout.reversals.frozen import FrozenDelivery, FrozenLine, FrozenPart
from checkout.reversals.shares import Share, share_of
from tests.checkout.reversals.any_parts import frozen_parts, whole_of


@settings(max_examples=2_000, print_blob=True)
@given(part=frozen_parts(), data=st.data())
def test_any_sequence_of_steps_sums_to_the_whole_and_no_step_is_odd(part: FrozenPart, data: st.DataObject) -> None:
    waiting = [key for key, line in part.lines.items() for _ in range(line.quantity)]
    order = data.draw(st.permutations(waiting))
    before, given_back = dict.fromkeys(part.lines, 0), Share()
    while order:
        count = data.draw(st.integers(1, len(order)))
        step, order = order[:count], order[count:]
        after = {key: had + step.count(key) for key, had in before.items()}
        share = share_of(part, after) - share_of(part, before)
        amounts = share.amounts(part)  # refuses what is below zero, or more than it is a part of
        assert min(share.platform_minor, share.commission_minor) >= 0
        assert share.platform_minor <= share.discount_minor + share.delivery_discount_minor
        assert share.commission_minor <= share.items_minor
        assert amounts.total_minor + share.platform_minor - share.commission_minor >= 0, "the shop gives back too much"
        assert all(each % part.unit_minor == 0 for each in (amounts.total_minor, share.platform_minor))
        before, given_back = after, given_back + share
    assert given_back == whole_of(part)


@given(part=frozen_parts())
def test_nothing_goes_back_for_no_units(part: FrozenPart) -> None:
    assert share_of(part, {}) == (Share() if any(line.quantity for line in part.lines.values()) else whole_of(part))


def test_a_unit_of_three_gets_its_share_of_every_figure() -> None:
    """The example of docs/orders.md."""
    line = FrozenLine(quantity=3, items_minor=30_000, discount_minor=1_000, platform_minor=400, tax_minor=2_175)
    part = FrozenPart("NGN", False, 2_352, 1, {UUID(int=1): line}, FrozenDelivery(1_500, 0, 0, 112))
    shares = [share_of(part, {UUID(int=1): count}) for count in range(4)]
    steps = [after - before for before, after in itertools.pairwise(shares)]
    assert [step.amounts(part).total_minor for step in steps] == [10_392, 10_392, 10_391 + 1_612]
    assert [step.discount_minor for step in steps] == [333, 333, 334]
    assert [step.commission_minor for step in steps] == [784, 784, 784]
    assert sum(step.platform_minor for step in steps) == 400
    assert allocate(1_000, {1: 1, 2: 1, 3: 1}) == {1: 334, 2: 333, 3: 333}  # how the same is split over lines
