"""The amounts of an order that were paid, and those that are refunded to the buyer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from checkout.fulfilment.status import PartStatus
from checkout.models import OWED_REFUNDS, STUCK_REFUNDS, Payment, Refund, RefundStatus, SubOrder


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """Amounts of an order: received, and refunded.

    Args:
        refunds: oldest first, each with its part and shop.
        paid_minor: all that has arrived.
        returning_minor: to be given back, and not given back yet.
        returned_minor: given back.
    """

    refunds: Sequence[Refund]
    paid_minor: int
    returning_minor: int
    returned_minor: int

    @property
    def kept_minor(self) -> int:
        """Return the amount that the buyer pays in the end."""
        return self.paid_minor - self.returning_minor - self.returned_minor

    @property
    def is_held_up(self) -> bool:
        """Return whether the provider could not make any of the refunds that are still owed."""
        owed = [refund for refund in self.refunds if refund.status in OWED_REFUNDS]
        return bool(owed) and all(refund.status in STUCK_REFUNDS for refund in owed)

    def of_part(self, sub_order_id: UUID) -> list[Refund]:
        """Return the refunds of a part."""
        return [refund for refund in self.refunds if refund.sub_order_id == sub_order_id]


def lost_minor(parts: Iterable[SubOrder]) -> int:
    """Return the total of an order's parts that could not be fulfilled."""
    return sum(part.total_minor for part in parts if part.status == PartStatus.UNFULFILLABLE)


def money_back_of(*, order_id: UUID) -> MoneyBack:
    """Return an order's paid amount and its refunds, in two statements."""
    captured = Payment.objects.filter(order_id=order_id).aggregate(total=Sum("captured_minor"))
    found = Refund.objects.filter(payment__order_id=order_id).select_related("sub_order__shop", "reversal")
    refunds = list(found.order_by("created_at", "id"))
    returned = sum(refund.amount_minor for refund in refunds if refund.status == RefundStatus.PROCESSED)
    return MoneyBack(
        refunds=refunds,
        paid_minor=int(captured["total"] or 0),
        returning_minor=sum(refund.amount_minor for refund in refunds) - returned,
        returned_minor=returned,
    )
