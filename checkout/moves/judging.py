"""Judge moves by the table: list those that are possible now, and refuse those that are not."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from django.utils.translation import gettext

from checkout.fulfilment.parcels import SentParcel
from checkout.fulfilment.status import ParcelStatus, PartStatus
from checkout.models import OrderStatus
from checkout.moves.facts import OrderFacts, PartFacts
from checkout.moves.move import HasStatus, Move, Side
from checkout.moves.table import ORDER_MOVES, PARCEL_MOVES, PART_MOVES
from kit.errors import DomainError

F = TypeVar("F", bound=HasStatus)
LABELS = {each.value: each.label for kind in (OrderStatus, ParcelStatus, PartStatus) for each in kind}


def possible(table: Sequence[Move[F]], facts: F, *, by: Side, now: datetime) -> list[Move[F]]:
    """Return the moves of a table that a side can make now, one of each name."""
    found: dict[str, Move[F]] = {}
    for move in _fitting(table, facts, by):
        if move.refuses(facts, now) is None:
            found.setdefault(move.name, move)
    return list(found.values())


def order_moves(order: OrderFacts, *, by: Side, now: datetime) -> list[str]:
    """Return the names of the moves of an order that a side can make now."""
    return [move.name for move in possible(ORDER_MOVES, order, by=by, now=now)]


def part_moves(part: PartFacts, *, by: Side, now: datetime) -> list[str]:
    """Return the names of the moves of a part that a side can make now."""
    return [move.name for move in possible(PART_MOVES, part, by=by, now=now)]


def check_order_move(order: OrderFacts, name: str, *, by: Side, now: datetime) -> None:
    """Check that a side can make a move of an order now.

    Raises:
        DomainError: the move's own; its details have the status and the moves that are possible.
    """
    _check(ORDER_MOVES, order, name, by=by, now=now)


def check_part_move(part: PartFacts, name: str, *, by: Side, now: datetime) -> None:
    """Check that a side can make a move of a part now.

    Raises:
        DomainError: the move's own; its details have the status and the moves that are possible.
    """
    _check(PART_MOVES, part, name, by=by, now=now)


def parcel_moves(parcel: SentParcel, *, by: Side, now: datetime) -> list[str]:
    """Return the names of the moves of a parcel that a side can make now."""
    return [move.name for move in possible(PARCEL_MOVES, parcel, by=by, now=now)]


def check_parcel_move(parcel: SentParcel, name: str, *, by: Side, now: datetime) -> None:
    """Check that a side can make a move of a parcel now.

    Raises:
        DomainError: the move's own; its details have the status and the moves that are possible.
    """
    _check(PARCEL_MOVES, parcel, name, by=by, now=now)


def _fitting(table: Sequence[Move[F]], facts: F, by: Side) -> Iterator[Move[F]]:
    return (move for move in table if by in move.by and facts.status in move.start)


def _check(table: Sequence[Move[F]], facts: F, name: str, *, by: Side, now: datetime) -> None:
    refusals = [move.refuses(facts, now) for move in _fitting(table, facts, by) if move.name == name]
    if None in refusals:
        return
    unmet = next((refusal for refusal in refusals if refusal is not None), None)
    raise unmet or _wrong_state(table, facts, name, by=by, now=now)


def _wrong_state(table: Sequence[Move[F]], facts: F, name: str, *, by: Side, now: datetime) -> DomainError:
    moves = possible(table, facts, by=by, now=now)
    words = {"state": LABELS[facts.status], "moves": ", ".join(str(move.label) for move in moves)}
    if moves:
        message = gettext("This order's status is “%(state)s” now. Possible now: %(moves)s.") % words
    else:
        message = gettext("This order's status is “%(state)s” now, so no step is possible.") % words
    error = next(move.error for move in table if move.name == name)
    return error(message, details={"status": str(facts.status), "allowed_moves": tuple(move.name for move in moves)})
