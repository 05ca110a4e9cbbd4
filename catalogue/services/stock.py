"""Counting stock: what is on the shelf, and why it changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.utils.translation import gettext

from catalogue.discovery.services.projection import refresh_stock
from catalogue.errors import StockBelowReservedError, StockMovedError
from catalogue.models import MovementKind, StockLevel, StockMovement
from catalogue.selectors.locks import lock_stock_level, lock_stock_levels
from catalogue.services.editing import editing_goods
from catalogue.services.validation import MAX_ON_HAND
from kit.errors import InvalidInputError
from tenants.shops.locks import ShopState

if TYPE_CHECKING:
    from tenants.models import Shop


class Count(NamedTuple):
    """Counted stock of a variant; `if_on_hand` is the current value required for a write, or None."""

    on_hand: int
    if_on_hand: int | None = None


def set_on_hand(
    *, shop: "Shop", variant_id: UUID, on_hand: int, source: str, now: datetime, if_on_hand: int | None = None
) -> StockLevel:
    """Set the stock on hand of a variant; `source` names who counted.

    Args:
        if_on_hand: the count that was read before; where it is another by now, a sale is not written over.

    Raises:
        VariantNotFoundError: the shop has no such variant.
        StockBelowReservedError: more than `on_hand` is promised to orders; nothing is changed.
        StockMovedError: `if_on_hand` is not what is there; nothing is changed.
    """
    with editing_goods(shop) as state:
        level = lock_stock_level(variant_id=variant_id)
        _write(state, level, Count(on_hand, if_on_hand), source=source, now=now)
    return level


def adjust_stock(*, shop: "Shop", variant_id: UUID, change: int, source: str, now: datetime) -> StockLevel:
    """Add to, or with a negative change take from, what is on the shelf.

    Raises:
        VariantNotFoundError: the shop has no such variant.
        StockBelowReservedError: less than is promised to orders would be left; nothing is changed.
    """
    with editing_goods(shop) as state:
        level = lock_stock_level(variant_id=variant_id)
        _write(state, level, Count(level.on_hand + change), source=source, now=now)
    return level


def record_counts(*, counts: Mapping[UUID, Count], source: str, now: datetime) -> None:
    """Set several variants' stock within the shop's schema and the caller's transaction, projection aside."""
    levels = lock_stock_levels(variant_ids=counts.keys())
    movements = [_count(level, counts[variant_id], source=source, now=now) for variant_id, level in levels.items()]
    StockMovement.objects.bulk_create([movement for movement in movements if movement is not None])
    StockLevel.objects.bulk_update(levels.values(), ["on_hand"])


def save_count(level: StockLevel, count: Count, *, source: str, now: datetime) -> bool:
    """Write a count into a locked stock level, projection aside; return whether it is another one.

    Raises:
        StockBelowReservedError, StockMovedError: as from `set_on_hand`.
    """
    movement = _count(level, count, source=source, now=now)
    if movement is None:
        return False
    level.save(update_fields=["on_hand"])
    movement.save()
    return True


def _write(state: ShopState, level: StockLevel, count: Count, *, source: str, now: datetime) -> None:
    if save_count(level, count, source=source, now=now):
        refresh_stock(shop_id=state.id, variant_ids=[level.variant_id], state=state)


def _count(level: StockLevel, count: Count, *, source: str, now: datetime) -> StockMovement | None:
    """Put a count into a locked level; return the movement it makes, if it makes one."""
    on_hand, if_on_hand = count
    if if_on_hand not in {None, level.on_hand}:
        raise StockMovedError(
            (
                gettext(
                    "Sales or counts have moved this stock from %(if_on_hand)s to %(on_hand)s. Look at "
                    "it again before you count."
                )
                % {"if_on_hand": if_on_hand, "on_hand": level.on_hand}
            ),
            details={"on_hand": [(gettext("%(on_hand)s now.") % {"on_hand": level.on_hand})], "current": level.on_hand},
        )
    if not 0 <= on_hand <= MAX_ON_HAND:
        raise InvalidInputError(details={"on_hand": [gettext("Stock is a whole number, zero or more.")]})
    if on_hand < level.reserved:
        raise StockBelowReservedError(
            (
                gettext(
                    "%(reserved)s of this variant are reserved for orders that are being paid, so the stock can't go"
                    " down to %(on_hand)s. Set %(reserved)s or more, or wait until they are paid."
                )
                % {"reserved": level.reserved, "on_hand": on_hand}
            ),
            details={
                "on_hand": [(gettext("At least %(reserved)s.") % {"reserved": level.reserved})],
                "reserved": level.reserved,
            },
        )
    change = on_hand - level.on_hand
    if not change:
        return None
    level.on_hand = on_hand
    return StockMovement(
        variant_id=level.variant_id, kind=MovementKind.ADJUSTMENT, quantity=change, source=source[:64], moved_at=now
    )
