"""Events of what buyers of the whole market see."""

from dataclasses import dataclass
from uuid import UUID

from kit.work.events import Event


@dataclass(frozen=True, slots=True)
class CategoryChanged(Event):
    """A category has another name or place, so the listings below it are written anew, some hundred at a time.

    Args:
        after_shop, after_listing: the last listing that was written.
    """

    topic = "category.changed"
    category_id: int
    after_shop: int = 0
    after_listing: UUID | None = None
