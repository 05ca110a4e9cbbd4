"""The amounts of an order that were paid, and those that are refunded to the buyer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, Sum

from checkout.fulfilment.status import PartStatus
from checkout.models import (
    MOVED_CREDITS,
    OWED_REFUNDS,
    STUCK_REFUNDS,
    ExchangeCredit,
    Payment,
    Refund,
    SubOrder,
)
from checkout.orders.refunds import refunds_of_order_query


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """Amounts of an order: received, and refunded.

    Args:
        refunds: oldest first, each with its part and shop.
        paid_minor: all that has arrived.
        credit_minor: all that has come from a return, by an exchange.
        exchanged_minor: all that has gone on to other orders by exchanges.
        returning_minor: to be given back, and not given back yet.
        returned_minor: given back, by the provider or by the buyer's bank.
    """

    refunds: Sequence[Refund]
    paid_minor: int
    returning_minor: int
    returned_minor: int
    credit_minor: int = 0
    exchanged_minor: int = 0

    @property
    def has_moved(self) -> bool:
        """Return whether anything went back, or came or went by an exchange."""
        return bool(self.refunds or self.credit_minor or self.exchanged_minor)

    @property
    def kept_minor(self) -> int:
        """Return the amount that the buyer pays in the end."""
        received = self.paid_minor + self.credit_minor - self.exchanged_minor
        return received - self.returning_minor - self.returned_minor

    @property
    def is_stuck(self) -> bool:
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
    """Return an order's paid amount, its refunds, and what exchanges have brought or taken."""
    captured = Payment.objects.filter(order_id=order_id).aggregate(total=Sum("captured_minor"))
    moved = ExchangeCredit.objects.filter(status__in=MOVED_CREDITS)
    credited = moved.aggregate(
        came=Sum("amount_minor", filter=Q(order_id=order_id)),
        went=Sum("amount_minor", filter=Q(reversal__sub_order__order_id=order_id)),
    )
    found = Refund.objects.filter(refunds_of_order_query([order_id])).select_related("sub_order__shop", "reversal")
    refunds = list(found.order_by("created_at", "id"))
    returned = sum(refund.returned_minor for refund in refunds)
    return MoneyBack(
        refunds=refunds,
        paid_minor=int(captured["total"] or 0),
        returning_minor=sum(refund.amount_minor for refund in refunds) - returned,
        returned_minor=returned,
        credit_minor=int(credited["came"] or 0),
        exchanged_minor=int(credited["went"] or 0),
    )
