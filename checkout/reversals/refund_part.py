"""Give money of a part of a paid order back without a cancellation: for units, for the delivery, or as goodwill."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from checkout.errors import NotRefundableError
from checkout.events import PartRefunded
from checkout.fulfilment.status import SOLD
from checkout.models import Order, OrderStatus, Reversal, ReversalKind, ReversedBy, SubOrder
from checkout.moves.facts import PartFacts
from checkout.moves.judging import check_part_move
from checkout.moves.move import Side
from checkout.orders.selectors import lock_order
from checkout.reversals.choosing import version_of_units
from checkout.reversals.part_steps import refunding_step
from checkout.reversals.reverse import Actor, Cause, lock_money, post_reversal, refund_in
from checkout.reversals.steps import Asked
from kit.db.roles import as_platform
from kit.errors import ConflictError, Fault, InvalidInputError
from kit.money import Money, smallest_unit
from kit.sentences.values import AMOUNT
from kit.work import outbox
from tenants.models import ShopEventKind
from tenants.shops.audit_trail import record_event

CHANGED = gettext_lazy(
    "Something in this order was refunded or cancelled in the meantime. Check it again before you refund."
)
NOTHING = gettext_lazy("Choose what to refund: items, delivery, or an amount.")
UNPAYABLE = gettext_lazy("This currency has no smaller units. Enter a whole amount.")


@dataclass(frozen=True, slots=True)
class PartRefund:
    """Money of a part to give back.

    Args:
        units: of each line, units whose money goes back; they stay with the buyer.
        delivery_minor: of what was paid for the delivery.
        goodwill_minor: an amount without units.
        seen: the version of what was left of the part, as it was asked for; empty: any version.
    """

    part: SubOrder
    by: Actor
    reason: str
    units: Mapping[UUID, int] = field(default_factory=dict)
    delivery_minor: int = 0
    goodwill_minor: int = 0
    seen: str = ""

    @property
    def asked(self) -> Asked:
        """Return the step that is asked for."""
        return Asked(self.units, self.delivery_minor, self.goodwill_minor)


@as_platform()  # the order is the buyer's
def refund_part(refund: PartRefund, *, now: datetime) -> Reversal:
    """Give money of a part back, at any time after it was paid; the shop bears it, and gets its commission back.

    Raises:
        NotRefundableError: it was not paid, or has ended; nothing has changed.
        InvalidInputError: nothing is asked for, or an amount that can't be paid in the currency.
        UnitsNotLeftError: fewer units of a line are still paid for; nothing has changed.
        RefundTooLargeError: more than is left of what was paid; nothing has changed.
        ConflictError: something was given back since it was seen; nothing has changed.
    """
    check_amounts(refund)
    with transaction.atomic():
        order = lock_order(order_id=refund.part.order_id)
        money = lock_money(order=order)
        part = SubOrder.objects.select_related("shop").get(pk=refund.part.pk)
        _check(order, part, refund, now)
        cause = Cause(ReversalKind.REFUND, refund.by, refund.reason)
        reversal = refund_in(part, refund.asked, money=money, cause=cause, now=now)
        if refund.by.side == ReversedBy.SHOP:
            record_event(
                shop_id=part.shop_id,
                actor_id=refund.by.user_id,
                kind=ShopEventKind.PART_REFUNDED,
                subject=part.number,
                details={
                    "amount": AMOUNT.written(Money(reversal.refund_minor, reversal.currency)),
                    "units": sum(refund.units.values()),
                    "reason": refund.reason,
                },
                now=now,
            )
        outbox.emit(PartRefunded(reversal.pk), now=now)
        post_reversal(reversal, now=now)
    return reversal


def preview_refund(refund: PartRefund) -> int:
    """Return the amount that is refunded to the buyer; nothing is written.

    Raises:
        InvalidInputError: nothing is asked for, or an amount that can't be paid in the currency.
        UnitsNotLeftError: fewer units of a line are still paid for.
        RefundTooLargeError: more than is left of what was paid.
    """
    check_amounts(refund)
    _, step = refunding_step(refund.part, refund.asked)
    return step.refund_minor


def check_amounts(refund: PartRefund) -> None:
    """Refuse a refund of nothing, and amounts that can't be paid in the currency."""
    if not (refund.units or refund.delivery_minor or refund.goodwill_minor):
        raise InvalidInputError(NOTHING, details={"lines": [Fault(NOTHING, "one_required")]})
    unit = smallest_unit(refund.part.currency)
    if refund.delivery_minor % unit or refund.goodwill_minor % unit:
        raise InvalidInputError(UNPAYABLE, details={"amount_minor": [Fault(UNPAYABLE, "no_smaller_unit")]})


def may_refund(part: SubOrder) -> bool:
    """Return whether a part was paid and sold, and something of it can still go back."""
    return part.status in SOLD and part.kept_minor > 0


def _check(order: Order, part: SubOrder, refund: PartRefund, now: datetime) -> None:
    if order.status not in {OrderStatus.PAID, OrderStatus.COMPLETED}:
        raise NotRefundableError
    check_part_move(PartFacts.of(part), "refund", by=Side(refund.by.side.value), now=now)
    if refund.seen and refund.seen != version_of_units([part]):
        raise ConflictError(CHANGED)
