"""One step that gives money of a part back: units, a part of the delivery, an amount without units, or all of these.

Goodwill is an amount without units. It is taken off what is kept of the part, evenly: units that are taken back later
have the less. So a part's figures are functions of four sums, and any sequence of steps ends at exactly what was paid.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from checkout.errors import RefundTooLargeError
from checkout.reversals.frozen import FrozenPart
from checkout.reversals.shares import Share, delivery_of, goods_of, proportion, whole_delivery


@dataclass(frozen=True, slots=True)
class Taken:
    """Sums of the steps of a part so far.

    Args:
        units: of each line, those whose money went back.
        delivery_minor: of what was paid for the delivery, what went back.
        goodwill_minor: what was given without units, and is not counted in what went back for units since.
        commission_minor: the commission that went back to the shop.
        commission_tax_minor: the tax on it, likewise.
    """

    units: Mapping[UUID, int] = field(default_factory=dict)
    delivery_minor: int = 0
    goodwill_minor: int = 0
    commission_minor: int = 0
    commission_tax_minor: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """Contents of a step.

    Args:
        units: of each line.
        delivery_minor: of what was paid for the delivery.
        goodwill_minor: without units.
        ends_delivery: whether these are the last units and nothing of the part is ever delivered: all of it goes back.
    """

    units: Mapping[UUID, int] = field(default_factory=dict)
    delivery_minor: int = 0
    goodwill_minor: int = 0
    ends_delivery: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Amounts of a step.

    Args:
        share: the frozen amounts of the units and of the delivery.
        goodwill_minor: the amount without units; below zero where earlier goodwill is counted in the share.
        commission_minor: the commission that goes back to the shop.
        commission_tax_minor: the tax on it, likewise.
    """

    share: Share
    refund_minor: int
    goodwill_minor: int
    commission_minor: int
    commission_tax_minor: int = 0


def left_minor(part: FrozenPart, taken: Taken) -> int:
    """Return the amount of a part that the buyer has not been given back."""
    return _value(part, _rest(part, taken)) - taken.goodwill_minor


def step_of(part: FrozenPart, taken: Taken, asked: Asked) -> Step:
    """Return the amounts of a step; the caller has checked that as many units are left.

    Raises:
        RefundTooLargeError: more of the delivery, or more without units, than is left.
    """
    delivery_left = part.paid_delivery_minor - taken.delivery_minor
    rest = _rest(part, taken)
    value = _value(part, rest)
    left = value - taken.goodwill_minor
    if not 0 <= asked.delivery_minor <= min(delivery_left, left):
        raise RefundTooLargeError(details={"left_minor": min(delivery_left, left)})
    after = Taken(
        {key: taken.units.get(key, 0) + asked.units.get(key, 0) for key in part.lines},
        taken.delivery_minor + asked.delivery_minor,
    )
    rest_after = Share() if asked.ends_delivery else _rest(part, after)
    share = rest - rest_after
    value, left = value - asked.delivery_minor, left - asked.delivery_minor
    refund = proportion(left, _value(part, share) - asked.delivery_minor, value, part.unit_minor)
    left -= refund
    if not 0 <= asked.goodwill_minor <= left:
        raise RefundTooLargeError(details={"left_minor": left})
    refund += asked.delivery_minor + asked.goodwill_minor
    kept = _Kept(_value(part, rest_after), left - asked.goodwill_minor, rest_after.commission_minor)
    most = refund + share.platform_minor  # the shop never has more after the step than before
    commission = _commission_back(part.commission_minor - taken.commission_minor, kept, most=most)
    kept_tax = _kept_tax(
        part,
        part.commission_minor - taken.commission_minor - commission,
        most=kept.left_minor + rest_after.platform_minor,
    )
    tax = min(max(part.commission_tax_minor - taken.commission_tax_minor - kept_tax, 0), most - commission)
    return Step(
        share=share,
        refund_minor=refund,
        goodwill_minor=refund - _value(part, share),
        commission_minor=commission,
        commission_tax_minor=tax,
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    """Amounts of a part after a step: kept by value, kept in fact, and the commission on the first."""

    value_minor: int
    left_minor: int
    commission_minor: int


def _commission_back(had: int, kept: _Kept, *, most: int) -> int:
    """Return the commission that goes back, so that the market keeps it in proportion to what is kept in fact.

    Args:
        had: the commission that the market has kept so far.
        most: the amount that the shop would lose without it: the step never leaves the shop with more than before.
    """
    due = kept.commission_minor
    if kept.left_minor != kept.value_minor:
        due = -(-due * kept.left_minor // kept.value_minor)
    return min(max(had - due, 0), most)


def _kept_tax(part: FrozenPart, commission_minor: int, *, most: int) -> int:
    """Return the tax on the commission that the market keeps: in proportion, rounded down, so the last has the rest.

    Args:
        commission_minor: the commission that it keeps.
        most: the amount that is left for shop and market.
    """
    if not part.commission_tax_minor:
        return 0
    tax = proportion(part.commission_tax_minor, commission_minor, part.commission_minor, 1)
    return min(tax, max(most - commission_minor, 0))


def _rest(part: FrozenPart, taken: Taken) -> Share:
    """Return the frozen amounts of what was not taken back."""
    whole = goods_of(part, {key: line.quantity for key, line in part.lines.items()}) + whole_delivery(part)
    return whole - goods_of(part, taken.units) - delivery_of(part, taken.delivery_minor)


def _value(part: FrozenPart, share: Share) -> int:
    return share.amounts(part).total_minor
