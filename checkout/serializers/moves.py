"""`allowed_moves` of the API: what the caller may do now, by the table that judges it."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from checkout.moves.facts import OrderFacts, PartFacts
from checkout.moves.judging import order_moves, part_moves
from checkout.moves.move import UNMADE, Move, Side
from checkout.moves.table import ORDER_MOVES, PART_MOVES


def names_of(table: Sequence[Move[Any]], by: Side) -> str:
    """Return the names of all moves that a side makes, for a description."""
    names = sorted({move.name for move in table if by in move.by and UNMADE not in move.start})
    return ", ".join(f"`{name}`" for name in names)


class _MovesField(serializers.ListField):
    """Names of the moves that the reader can make now."""

    def __init__(self, *, by: Side, help_text: str) -> None:
        super().__init__(child=serializers.CharField(), source="*", read_only=True, help_text=help_text)
        self.by = by

    @property
    def _returnable(self) -> Collection[UUID]:
        """Return the ids of parts of which something can be sent back, of those that were read with the order."""
        found: Collection[UUID] = self.context.get("returnable", ())
        return found


class OrderMovesField(_MovesField):
    """Names of the moves of an order that its reader can make now."""

    def __init__(self, *, by: Side) -> None:
        super().__init__(by=by, help_text=f"What you can do with it now, of {names_of(ORDER_MOVES, by)}.")

    def to_representation(self, data: Any) -> list[str]:
        """Return the names."""
        return order_moves(OrderFacts.of(data, returnable=self._returnable), by=self.by, now=timezone.now())


class PartMovesField(_MovesField):
    """Names of the moves of a part that its reader can make now."""

    def __init__(self, *, by: Side) -> None:
        super().__init__(by=by, help_text=f"What you can do with this part now, of {names_of(PART_MOVES, by)}.")

    def to_representation(self, data: Any) -> list[str]:
        """Return the names."""
        return part_moves(PartFacts.of(data, returnable=self._returnable), by=self.by, now=timezone.now())
