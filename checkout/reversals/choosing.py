"""Units that can be cancelled or paid back, and those that a caller means by a part, by lines or by nothing at all."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext

from checkout.errors import UnitsNotLeftError
from checkout.fulfilment.status import SOLD
from checkout.models import SubOrder
from kit.errors import NotFoundError
from kit.web.versions import version_of

# Units of each line by the variant, for each part.
Wanted = Mapping[UUID, Mapping[UUID, int]]


def units_left(part: SubOrder) -> dict[UUID, int]:
    """Return the units of each line that can still be cancelled; none of a part that is not with its shop."""
    return part.to_send


def units_paid(part: SubOrder) -> dict[UUID, int]:
    """Return the units of each line whose money can still go back; none of a part that was not sold."""
    return _counts(part, "paid") if part.status in SOLD else {}


def version_of_units(parts: Iterable[SubOrder]) -> str:
    """Return the version of what is left of some parts: another one once any of it was cancelled, paid back or sent."""
    return version_of(
        {
            part.number: f"{part.status} {sorted(part.cancelled_units.items())} {sorted(part.refunded_units.items())}"
            f" {part.refunded_minor} {sorted(part.to_send.items())}"
            for part in parts
        }
    )


def choose_units(
    parts: Sequence[SubOrder], *, sub_order: str = "", lines: Iterable[tuple[UUID, int]] | None = None
) -> Wanted:
    """Return the chosen units of an order's parts: those of some lines, else all that one part has left, else all.

    All of an order is all that was sold: where a part of it has left its shop, cancelling is refused later, by name.

    Args:
        sub_order: the number of a part, to which the choice is limited.
        lines: line and quantity.

    Raises:
        NotFoundError: the order has no such part.
        UnitsNotLeftError: it has no such line.
    """
    among = [part for part in parts if sub_order in {"", part.number}]
    if sub_order and not among:
        raise NotFoundError(gettext("This order has no part %(number)s.") % {"number": sub_order})
    if lines is None:
        of_part = units_left(among[0]) if sub_order and among[0].is_partly_sent else None
        return {part.pk: of_part or _left(part) for part in among if sub_order or part.status in SOLD}
    part_of = {UUID(line["variant_id"]): part.pk for part in among for line in part.lines}
    chosen: dict[UUID, dict[UUID, int]] = {}
    for line_id, quantity in lines:
        if line_id not in part_of:
            raise UnitsNotLeftError
        units = chosen.setdefault(part_of[line_id], {})
        units[line_id] = units.get(line_id, 0) + quantity
    return chosen


def units_of(part: SubOrder, lines: Iterable[tuple[UUID, int]]) -> dict[UUID, int]:
    """Return the units of a part by line.

    Raises:
        UnitsNotLeftError: it has no such line.
    """
    return dict(choose_units([part], lines=lines).get(part.pk, {}))


def _left(part: SubOrder) -> dict[UUID, int]:
    return _counts(part, "left")


def _counts(part: SubOrder, name: str) -> dict[UUID, int]:
    return {UUID(line["variant_id"]): line[name] for line in part.counted_lines if line[name]}
