"""Cancelled units: what goes back is never more than it is a part of, and in any sequence exactly the whole."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from checkout.pricing.allocation import allocate
from checkout.reversals.frozen import FrozenDelivery, FrozenLine, FrozenPart
from checkout.reversals.shares import Share, goods_of
from checkout.reversals.steps import Asked, Step, Taken, step_of
from tests.checkout.reversals.any_parts import frozen_parts, whole_of
from tests.world.draws import drawn


@settings(max_examples=drawn(2_000), print_blob=True)
@given(part=frozen_parts(), data=st.data())
def test_any_sequence_of_steps_sums_to_the_whole_and_no_step_is_odd(part: FrozenPart, data: st.DataObject) -> None:
    waiting = [key for key, line in part.lines.items() for _ in range(line.quantity)]
    order = data.draw(st.permutations(waiting))
    taken, given_back = Taken(), Share()
    while order:
        count = data.draw(st.integers(1, len(order)))
        units, order = order[:count], order[count:]
        step = step_of(part, taken, Asked({key: units.count(key) for key in part.lines}, ends_delivery=not order))
        share = step.share
        amounts = share.amounts(part)  # refuses what is below zero, or more than it is a part of
        assert (step.refund_minor, step.goodwill_minor) == (amounts.total_minor, 0)
        assert min(share.platform_minor, share.commission_minor) >= 0
        assert share.platform_minor <= share.discount_minor + share.delivery_discount_minor
        assert share.commission_minor == step.commission_minor <= share.items_minor
        assert amounts.total_minor + share.platform_minor - share.commission_minor >= 0, "the shop gives back too much"
        assert all(each % part.unit_minor == 0 for each in (amounts.total_minor, share.platform_minor))
        taken, given_back = _after(taken, units, step), given_back + share
    assert given_back == whole_of(part)


def _after(taken: Taken, units: list[UUID], step: Step) -> Taken:
    had = {key: taken.units.get(key, 0) + units.count(key) for key in {*taken.units, *units}}
    return Taken(had, commission_minor=taken.commission_minor + step.commission_minor)


@given(part=frozen_parts())
def test_nothing_goes_back_for_no_units(part: FrozenPart) -> None:
    assert goods_of(part, {}) == Share()


def test_a_unit_of_three_gets_its_share_of_every_figure() -> None:
    """The example of docs/orders.md."""
    one = UUID(int=1)
    line = FrozenLine(quantity=3, items_minor=30_000, discount_minor=1_000, platform_minor=400, tax_minor=2_175)
    part = FrozenPart("NGN", False, 2_352, 1, {one: line}, FrozenDelivery(1_500, 0, 0, 112))
    steps = [
        step_of(part, Taken({one: had}, commission_minor=784 * had), Asked({one: 1}, ends_delivery=had == 2))
        for had in range(3)
    ]
    assert [step.refund_minor for step in steps] == [10_392, 10_392, 10_391 + 1_612]
    assert [step.share.discount_minor for step in steps] == [333, 333, 334]
    assert [step.commission_minor for step in steps] == [784, 784, 784]
    assert sum(step.share.platform_minor for step in steps) == 400
    assert allocate(1_000, {1: 1, 2: 1, 3: 1}) == {1: 334, 2: 333, 3: 333}  # how the same is split over lines
