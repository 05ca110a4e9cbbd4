"""Acting on orders: releasing unpaid ones, cancelling what no shop has sent yet."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from checkout.ending.release_reservations import ask_before_release, release_order
from checkout.fulfilling.advance_part import deliver_part
from checkout.models import ReversedBy
from checkout.moves.move import Side
from checkout.orders.operations import get_any_order
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.choosing import Wanted
from checkout.reversals.refund_part import PartRefund, refund_part
from checkout.reversals.reverse import Actor
from console.audit_actions import AuditAction
from console.audit_values import amount_in
from console.errors import ReasonMissingError
from console.selectors.audit_log import ORDER
from console.services.audit_log import record
from kit.errors import NotFoundError

ORDER_RELEASED = AuditAction(
    "order.released",
    gettext_lazy("Unpaid order released"),
    gettext_lazy("%(who)s released the unpaid order %(subject)s, of %(amount)s."),
    amount_in,
)
UNITS_CANCELLED = AuditAction(
    "order.units_cancelled",
    gettext_lazy("Items of a paid order cancelled"),
    gettext_lazy("%(who)s cancelled items of the order %(subject)s; %(amount)s is refunded to the buyer."),
    amount_in,
)
PART_REFUNDED = AuditAction(
    "order.part_refunded",
    gettext_lazy("Paid order refunded in part"),
    gettext_lazy("%(who)s refunded %(amount)s of the order %(subject)s to the buyer."),
    amount_in,
)
PART_DELIVERED = AuditAction(
    "order.part_delivered",
    gettext_lazy("Parcel at a station marked delivered"),
    gettext_lazy("%(who)s marked %(part)s of the order %(subject)s delivered, without the buyer’s code."),
)


def deliver_part_of_order(*, number: str, part: str, actor_id: int, reason: str, now: datetime) -> None:
    """Record that a parcel was handed out at a station, without the buyer's code.

    Raises:
        ReasonMissingError: no reason was given.
        NotFoundError: the order has no such part.
        WrongStepError: it is not on its way; nothing has changed.
    """
    if not reason.strip():
        raise ReasonMissingError
    found = get_any_order(number=number).sub_orders.select_related("shop").filter(number=part).first()
    if found is None:
        raise NotFoundError
    with transaction.atomic():
        deliver_part(shop=found.shop, number=part, by=Side.OPERATOR, now=now)
        subject, details = f"{ORDER}{number}", {"part": part}
        record(actor_id=actor_id, action=PART_DELIVERED, subject=subject, reason=reason, details=details, now=now)


def cancel_units_of_order(
    *, order_id: UUID, number: str, units: Wanted, actor_id: int, reason: str, now: datetime, seen: str = ""
) -> None:
    """Cancel units of a paid order that no shop has sent yet, and keep the reason.

    Raises:
        ReasonMissingError: no reason was given.
        OrderNotCancellableError: the order is not paid.
        AlreadySentError: a part has left its shop; nothing has changed.
        UnitsNotLeftError: there are fewer units left; nothing has changed.
    """
    if not reason.strip():
        raise ReasonMissingError
    by = Actor(ReversedBy.OPERATOR, actor_id)
    with transaction.atomic():
        reversals = cancel_units(Cancellation(order_id, units, by, reason, seen=seen), now=now)
        record(
            actor_id=actor_id,
            action=UNITS_CANCELLED,
            subject=f"{ORDER}{number}",
            reason=reason,
            details={
                "total_minor": sum(each.refund_minor for each in reversals),
                "currency": reversals[0].currency,
                "units": {each.sub_order.number: sum(each.lines.values()) for each in reversals},
            },
            now=now,
        )


def refund_part_of_order(*, refund: PartRefund, number: str, actor_id: int, now: datetime) -> None:
    """Give money of a part of a paid order back at the shop's expense, and keep the reason.

    Raises:
        ReasonMissingError: no reason was given.
        NotRefundableError: it was not paid, or has ended; nothing has changed.
        InvalidInputError: nothing is asked for, or an amount that can't be paid in the currency.
        UnitsNotLeftError: fewer units of a line are still paid for; nothing has changed.
        RefundTooLargeError: more than is left of what was paid; nothing has changed.
    """
    if not refund.reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        reversal = refund_part(refund, now=now)
        record(
            actor_id=actor_id,
            action=PART_REFUNDED,
            subject=f"{ORDER}{number}",
            reason=refund.reason,
            details={"total_minor": reversal.refund_minor, "currency": reversal.currency, "part": refund.part.number},
            now=now,
        )


def release_unpaid_order(*, number: str, actor_id: int, reason: str, now: datetime) -> None:
    """Release the stock of an unpaid order in every shop, before its time is over.

    Raises:
        ReasonMissingError: no reason was given.
        NothingReservedError: it was paid, or has ended already.
        PaymentProviderUnavailableError: the provider gave no answer about a payment; nothing has changed.
        NotFoundError: there is no such order.
    """
    if not reason.strip():
        raise ReasonMissingError
    order = get_any_order(number=number)
    ask_before_release(order_id=order.pk, now=now)
    with transaction.atomic():
        released = release_order(order_id=order.pk, now=now)
        record(
            actor_id=actor_id,
            action=ORDER_RELEASED,
            subject=f"{ORDER}{number}",
            reason=reason,
            details={"total_minor": released.total_minor, "currency": released.currency},
            now=now,
        )
