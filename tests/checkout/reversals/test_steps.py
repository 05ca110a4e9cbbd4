"""Steps that give money of a part back, in any sequence: never more than was paid, and in the end exactly that."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkout.errors import RefundTooLargeError
from checkout.reversals.frozen import FrozenDelivery, FrozenLine, FrozenPart
from checkout.reversals.shares import Share, goods_of, whole_delivery
from checkout.reversals.steps import Asked, Step, Taken, left_minor, step_of
from tests.checkout.reversals.any_parts import frozen_parts, whole_of
from tests.world.draws import drawn

ONE = UUID(int=1)


def after(taken: Taken, asked: Asked, step: Step) -> Taken:
    units = {key: taken.units.get(key, 0) + asked.units.get(key, 0) for key in {*taken.units, *asked.units}}
    return Taken(
        units,
        taken.delivery_minor + asked.delivery_minor,
        taken.goodwill_minor + step.goodwill_minor,
        taken.commission_minor + step.commission_minor,
        taken.commission_tax_minor + step.commission_tax_minor,
    )


@st.composite
def wishes(draw: st.DrawFn, part: FrozenPart, taken: Taken) -> Asked:
    """Return any step that is possible: units, a part of the delivery, an amount without units, or all of these."""
    units = {
        key: count
        for key, line in part.lines.items()
        if (count := draw(st.integers(0, line.quantity - taken.units.get(key, 0))))
    }
    unit, left = part.unit_minor, left_minor(part, taken)
    delivery = draw(st.integers(0, min(part.paid_delivery_minor - taken.delivery_minor, left) // unit)) * unit
    asked = Asked(units, delivery)
    most = left - step_of(part, taken, asked).refund_minor
    return replace(asked, goodwill_minor=draw(st.integers(0, most // unit)) * unit)


def rest_of(part: FrozenPart, taken: Taken, *, is_sent: bool) -> Asked:
    """Return the step that takes all that is left: by a cancellation, or after the delivery."""
    units = {key: left for key, line in part.lines.items() if (left := line.quantity - taken.units.get(key, 0))}
    if not is_sent:
        return Asked(units, ends_delivery=True)
    return Asked(units, min(part.paid_delivery_minor - taken.delivery_minor, left_minor(part, taken)))


@settings(max_examples=drawn(1_000), print_blob=True)
@given(part=frozen_parts(), is_sent=st.booleans(), data=st.data())
def test_any_sequence_ends_at_what_was_paid(part: FrozenPart, is_sent: bool, data: st.DataObject) -> None:
    paid = whole_of(part).amounts(part).total_minor
    taken, refunded, platform = Taken(), 0, 0
    for _ in range(data.draw(st.integers(0, 6))):
        asked = data.draw(wishes(part, taken))
        step = step_of(part, taken, asked)
        market_gives = step.commission_minor + step.commission_tax_minor
        shop_loses = step.refund_minor + step.share.platform_minor - market_gives
        assert min(step.refund_minor, step.commission_minor, step.commission_tax_minor, shop_loses) >= 0
        assert step.refund_minor == step.share.amounts(part).total_minor + step.goodwill_minor
        assert step.refund_minor % part.unit_minor == 0
        taken = after(taken, asked, step)
        refunded, platform = refunded + step.refund_minor, platform + step.share.platform_minor
        assert refunded + left_minor(part, taken) == paid
        assert min(left_minor(part, taken), taken.goodwill_minor) >= 0
        assert taken.commission_minor <= part.commission_minor
        assert taken.commission_tax_minor <= part.commission_tax_minor
        market_keeps = part.commission_minor - taken.commission_minor
        market_keeps += part.commission_tax_minor - taken.commission_tax_minor
        assert market_keeps <= left_minor(part, taken) + whole_of(part).platform_minor - platform, "a shop would owe"
    last = step_of(part, taken, rest_of(part, taken, is_sent=is_sent))
    assert refunded + last.refund_minor == paid
    assert taken.commission_minor + last.commission_minor == part.commission_minor
    assert taken.commission_tax_minor + last.commission_tax_minor == part.commission_tax_minor
    if not is_sent:
        assert taken.goodwill_minor + last.goodwill_minor == 0
        assert platform + last.share.platform_minor == whole_of(part).platform_minor


@settings(max_examples=drawn(300))
@given(part=frozen_parts(), data=st.data())
def test_steps_of_units_alone_are_the_differences_of_their_shares(part: FrozenPart, data: st.DataObject) -> None:
    before = {key: data.draw(st.integers(0, line.quantity)) for key, line in part.lines.items()}
    more = {key: data.draw(st.integers(0, line.quantity - before[key])) for key, line in part.lines.items()}
    has = {key: before[key] + more[key] for key in before}
    is_all = all(has[key] == line.quantity for key, line in part.lines.items())
    if is_all and before == has:
        return
    had = goods_of(part, before)
    taken = Taken(before, commission_minor=had.commission_minor)
    step = step_of(part, taken, Asked(more, ends_delivery=is_all))
    assert step.share == goods_of(part, has) - had + (whole_delivery(part) if is_all else Share())
    assert (step.goodwill_minor, step.commission_minor) == (0, step.share.commission_minor)


def two_of_a_hundred() -> FrozenPart:
    """Return two units of 10,000 with a commission of a tenth, and a delivery of 1,500."""
    line = FrozenLine(quantity=2, items_minor=20_000, discount_minor=0, platform_minor=0, tax_minor=0)
    return FrozenPart("NGN", False, 2_000, 1, {ONE: line}, FrozenDelivery(1_500, 0, 0, 0))


def test_goodwill_is_taken_off_what_goes_back_for_units_later() -> None:
    """The example of docs/orders.md."""
    part, taken, steps = two_of_a_hundred(), Taken(), []
    for asked in (Asked(goodwill_minor=4_300), Asked({ONE: 1}), Asked(delivery_minor=1_500), Asked({ONE: 1})):
        steps.append(step_of(part, taken, asked))
        taken = after(taken, asked, steps[-1])
    assert [step.refund_minor for step in steps] == [4_300, 8_000, 1_500, 7_700]
    assert [step.goodwill_minor for step in steps] == [4_300, -2_000, 0, -2_300]
    assert [step.commission_minor for step in steps] == [400, 800, 30, 770]


def test_all_of_it_can_be_given_without_units_and_then_units_give_back_nothing() -> None:
    part = two_of_a_hundred()
    gift = Asked(goodwill_minor=21_500)
    step = step_of(part, Taken(), gift)
    assert (step.refund_minor, step.commission_minor, step.share) == (21_500, 2_000, Share())
    then = step_of(part, after(Taken(), gift, step), Asked({ONE: 2}))
    assert (then.refund_minor, then.commission_minor) == (0, 0)


@pytest.mark.parametrize(
    "asked",
    [
        Asked(goodwill_minor=17_201),
        Asked(delivery_minor=1_501),
        Asked({ONE: 1}, goodwill_minor=9_201),
        Asked(goodwill_minor=-1),
        Asked(delivery_minor=-1),
    ],
)
def test_more_than_is_left_is_refused(asked: Asked) -> None:
    with pytest.raises(RefundTooLargeError):
        step_of(two_of_a_hundred(), Taken(goodwill_minor=4_300), asked)


def test_a_delivery_is_given_back_within_what_goodwill_has_left() -> None:
    with pytest.raises(RefundTooLargeError) as refusal:
        step_of(two_of_a_hundred(), Taken(goodwill_minor=21_000), Asked(delivery_minor=1_000))
    assert refusal.value.details == {"left_minor": 500}
