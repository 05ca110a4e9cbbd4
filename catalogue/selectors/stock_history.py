"""History of a variant: what moved its stock, how much was on hand then, and what it cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, Sum
from django_tenants.utils import schema_context

from catalogue.models import PriceChange, StockLevel, StockMovement
from kit.db.keyset import Slice, read_slice

if TYPE_CHECKING:
    from tenants.models import Shop

PAGE_SIZE = 25
PRICES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class StockChange:
    """A movement, and the stock on hand after it."""

    movement: StockMovement
    on_hand: int


@dataclass(frozen=True, slots=True)
class StockHistory:
    """Some changes of a variant's stock, the latest first, with the cursors of those around them."""

    rows: Sequence[StockChange]
    previous_cursor: str
    next_cursor: str


def stock_history(*, shop: "Shop", variant_id: UUID, cursor: str = "", size: int = PAGE_SIZE) -> StockHistory:
    """Return changes of a variant's stock, the latest first.

    Raises:
        InvalidInputError: the cursor is not one of this list.
    """
    with schema_context(shop.schema_name):
        found = read_slice(StockMovement.objects.filter(variant_id=variant_id), cursor=cursor, size=size)
        on_hand = _on_hand_after(found.rows[0]) if found.rows else 0
    before = accumulate((-movement.quantity for movement in found.rows), initial=on_hand)
    changes = [StockChange(movement, left) for movement, left in zip(found.rows, before, strict=False)]
    return StockHistory(changes, found.previous_cursor, found.next_cursor)


def price_history(*, shop: "Shop", variant_id: UUID, cursor: str = "", size: int = PRICES_SHOWN) -> Slice[PriceChange]:
    """Return the prices that a variant has had, the latest first.

    Raises:
        InvalidInputError: the cursor is not one of this list.
    """
    with schema_context(shop.schema_name):
        return read_slice(PriceChange.objects.filter(variant_id=variant_id), cursor=cursor, size=size)


def _on_hand_after(movement: StockMovement) -> int:
    """Return the stock on hand after a movement: what there is now, less what came later, by one statement."""
    later = Sum("variant__movements__quantity", filter=Q(variant__movements__id__gt=movement.pk))
    level = StockLevel.objects.annotate(later=later).get(variant_id=movement.variant_id)
    return level.on_hand - (level.later or 0)
