"""Events of a shop's goods."""

from dataclasses import dataclass
from uuid import UUID

from kit.work.events import Event


@dataclass(frozen=True, slots=True)
class StockChanged(Event):
    """Variants of a shop are sold out, or can be had again."""

    topic = "stock.changed"
    shop_id: int
    variant_ids: tuple[UUID, ...]
