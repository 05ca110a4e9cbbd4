"""Filter of orders, of a buyer's, a shop's or all."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Status and time of the orders that are wanted; empty values filter nothing.

    Args:
        placed_from: the first moment that counts.
        placed_before: the first moment after it that does not.
    """

    status: str = ""
    placed_from: datetime | None = None
    placed_before: datetime | None = None

    @property
    def condition(self) -> Q:
        """Return the condition on rows that have `status` and `placed_at`."""
        condition = Q(status=self.status) if self.status else Q()
        if self.placed_from is not None:
            condition &= Q(placed_at__gte=self.placed_from)
        return condition if self.placed_before is None else condition & Q(placed_at__lt=self.placed_before)


ALL = OrderFilter()
