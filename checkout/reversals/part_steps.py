"""Steps of a part as its row has it: its sums so far, and the refund for units, delivery or goodwill."""

from collections.abc import Mapping
from uuid import UUID

from checkout.errors import UnitsNotLeftError
from checkout.models import SubOrder
from checkout.reversals.frozen import FrozenPart
from checkout.reversals.steps import Asked, Step, Taken, step_of


def taken_of(part: SubOrder, frozen: FrozenPart) -> Taken:
    """Return the sums of what was given back of a part."""
    is_cancelled = all(line["left"] == 0 for line in part.counted_lines)
    return Taken(
        {UUID(line["variant_id"]): line["quantity"] - line["paid"] for line in part.counted_lines},
        frozen.paid_delivery_minor if is_cancelled else part.refunded_delivery_minor,
        part.goodwill_minor,
        part.reversed_commission_minor,
        part.reversed_commission_tax_minor,
    )


def cancelling_step(part: SubOrder, units: Mapping[UUID, int]) -> tuple[FrozenPart, Step]:
    """Return the frozen amounts of a part, and the refund where some more units are never sent.

    Units that were paid back before are cancelled last, and nothing goes back for them again.

    Raises:
        UnitsNotLeftError: a line has fewer units left, or the part has no such line.
    """
    lines = {UUID(line["variant_id"]): line for line in part.counted_lines}
    if not units or any(key not in lines or not 0 < count <= lines[key]["left"] for key, count in units.items()):
        raise UnitsNotLeftError
    paid = {key: min(count, lines[key]["paid"]) for key, count in units.items()}
    is_all = all(units.get(key, 0) == line["left"] for key, line in lines.items())
    frozen = FrozenPart.of(part)
    return frozen, step_of(frozen, taken_of(part, frozen), Asked(paid, ends_delivery=is_all))


def refunding_step(part: SubOrder, asked: Asked) -> tuple[FrozenPart, Step]:
    """Return the frozen amounts of a part, and the refund where nothing is cancelled.

    Raises:
        UnitsNotLeftError: fewer units of a line are still paid for, or the part has no such line.
        RefundTooLargeError: more of the delivery, or more without units, than is left.
    """
    paid = {UUID(line["variant_id"]): line["paid"] for line in part.counted_lines}
    if any(not 0 < count <= paid.get(key, 0) for key, count in asked.units.items()):
        raise UnitsNotLeftError
    frozen = FrozenPart.of(part)
    return frozen, step_of(frozen, taken_of(part, frozen), asked)
