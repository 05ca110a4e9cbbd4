"""What an exchange costs: the examples of docs/orders.md, and any part with discounts, tax and goodwill."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkout.exchanging.prices import ExchangePrice, price_units
from checkout.reversals.frozen import FrozenDelivery, FrozenLine, FrozenPart
from checkout.reversals.steps import Asked, Taken, left_minor, step_of
from tests.checkout.reversals.any_parts import frozen_parts
from tests.world.draws import drawn

LINE, OTHER = UUID(int=1), UUID(int=99)
# With a coupon, ₦9,000 were paid for ₦10,000.
PART = FrozenPart(
    currency="NGN",
    prices_include_tax=False,
    commission_minor=72_000,
    unit_minor=1,
    lines={LINE: FrozenLine(1, 1_000_000, 100_000, 0, 0)},
    delivery=FrozenDelivery(0, 0, 0, 0),
)


def wanted(price_minor: int, list_minor: int) -> dict[str, int | str]:
    return {"variant_id": str(OTHER), "price_minor": price_minor, "list_minor": list_minor}


def priced(
    part: FrozenPart, taken: Taken, units: dict[UUID, int], prices: tuple[int, int], least: int
) -> ExchangePrice:
    replacements = {str(key): wanted(*prices) for key in units}
    return price_units(part, taken, units=units, wanted=replacements, least_minor=least)


@pytest.mark.parametrize(
    ("price", "list_price", "costs", "difference"),
    [
        (1_000_000, 1_000_000, 900_000, 0),
        (1_200_000, 1_000_000, 1_100_000, 200_000),
        (800_000, 1_000_000, 720_000, -180_000),
        (600_000, 600_000, 600_000, -300_000),
        (1_004_999, 1_000_000, 900_000, 0),  # ₦49.99 can't be charged
    ],
)
def test_the_examples_of_the_documentation(price: int, list_price: int, costs: int, difference: int) -> None:
    found = priced(PART, Taken(), {LINE: 1}, (price, list_price), 5_000)
    assert (found.amounts.total_minor, found.difference_minor) == (costs, difference)


@settings(max_examples=drawn(1_000), print_blob=True)
@given(part=frozen_parts(), data=st.data())
def test_any_exchange_costs_what_it_should(part: FrozenPart, data: st.DataObject) -> None:
    """It costs what was paid at the same price, more or less otherwise, and never more than its own price."""
    unit = part.unit_minor
    taken = Taken({key: data.draw(st.integers(0, line.quantity - 1)) for key, line in part.lines.items()})
    taken = replace(taken, goodwill_minor=data.draw(st.integers(0, left_minor(part, taken) // unit)) * unit)
    units = dict.fromkeys(sorted(part.lines)[: data.draw(st.integers(1, len(part.lines)))], 1)
    list_price, price = (data.draw(st.integers(1, 3_000_000)) * unit for _ in range(2))
    least = data.draw(st.sampled_from([0, 5_000 * unit]))
    found = priced(part, taken, units, (price, list_price), least)

    credit = step_of(part, taken, Asked(units)).refund_minor
    amounts = found.amounts
    assert found.credit_minor == credit
    assert amounts.items_minor == price * len(units)
    assert amounts.total_minor % unit == amounts.tax_minor % unit == 0
    for line in found.lines:
        assert 0 <= line.platform_minor <= line.discount_minor <= line.items_minor
        assert part.prices_include_tax or line.tax_minor >= 0
    net = amounts.total_minor - amounts.added_tax_minor
    assert net <= amounts.items_minor
    if price == list_price and price * len(units) >= net + taken.goodwill_minor:
        assert found.difference_minor <= 0
    if found.difference_minor > 0:
        assert found.difference_minor >= least
        assert price > list_price


@settings(max_examples=drawn(300), print_blob=True)
@given(part=frozen_parts(), data=st.data())
def test_the_same_price_is_even_to_the_unit(part: FrozenPart, data: st.DataObject) -> None:
    taken = Taken({key: data.draw(st.integers(0, line.quantity - 1)) for key, line in part.lines.items()})
    taken = replace(
        taken, goodwill_minor=data.draw(st.integers(0, left_minor(part, taken) // part.unit_minor)) * part.unit_minor
    )
    key = min(part.lines)
    price = -(-part.lines[key].items_minor // part.lines[key].quantity)
    assert priced(part, taken, {key: 1}, (price, price), 0).difference_minor == 0
