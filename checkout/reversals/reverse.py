"""The one service that takes sold units back: its row, the part's figures, the refund and the journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop

from checkout.errors import RefundTooLargeError, UnitsNotLeftError
from checkout.models import Order, Payment, Reversal, ReversalKind, ReversedBy, SubOrder
from checkout.orders.payments import lock_payments
from checkout.orders.refunds import lock_refunds, refunded_minor
from checkout.refunds.requests import add_refund
from checkout.reversals.frozen import FrozenPart
from checkout.reversals.shares import Share, share_of
from payouts.services.journals import post
from payouts.services.posting import TakenBack, prepare_reversal

REASON = gettext_noop("Items were cancelled.")


@dataclass(frozen=True, slots=True)
class Actor:
    """Originator of a reversal: the side, and the account of the person, if they have one."""

    side: ReversedBy
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class LockedMoney:
    """Captured payments of a locked order, locked with their refunds, in primary-key order."""

    payments: Sequence[Payment]


def lock_money(*, order: Order) -> LockedMoney:
    """Lock the payments of a locked order, then their refunds (docs/locking.md); needs an open transaction."""
    payments = [each for each in lock_payments(order_id=order.pk) if each.captured_minor is not None]
    for payment in payments:
        lock_refunds(payment_id=payment.pk)
    return LockedMoney([each for each in payments if each.currency == order.currency])


def share_back(part: SubOrder, units: Mapping[UUID, int]) -> tuple[FrozenPart, Share]:
    """Return the frozen amounts of a part, and the share of them that goes back for some more units.

    Raises:
        UnitsNotLeftError: a line has fewer units left, or the part has no such line.
    """
    frozen = FrozenPart.of(part)
    before = {UUID(key): int(count) for key, count in part.cancelled_units.items()}
    left = {key: line.quantity - before.get(key, 0) for key, line in frozen.lines.items()}
    if not units or any(not 0 < count <= left.get(key, 0) for key, count in units.items()):
        raise UnitsNotLeftError
    after = {key: before.get(key, 0) + units.get(key, 0) for key in frozen.lines}
    return frozen, share_of(frozen, after) - share_of(frozen, before)


def reverse_units(
    *,
    part: SubOrder,
    money: LockedMoney,
    units: Mapping[UUID, int],
    by: Actor,
    reason: str,
    now: datetime,
) -> Reversal:
    """Take units of a part back and ask for the refund; the part's order is locked, and this is all but the journal.

    Raises:
        UnitsNotLeftError: there are fewer units left.
        RefundTooLargeError: it would be more than was captured.
    """
    frozen, share = share_back(part, units)
    reversal = Reversal(
        sub_order=part,
        kind=ReversalKind.CANCELLATION,
        lines={str(key): count for key, count in sorted(units.items())},
        **share.amounts(frozen).columns(),
        commission_minor=share.commission_minor,
        platform_discount_minor=share.platform_minor,
        reversed_by=by.side,
        actor_id=by.user_id,
        reason=reason,
        created_at=now,
    )
    reversal.save(force_insert=True)
    for key, count in reversal.lines.items():
        part.cancelled_units[key] = part.cancelled_units.get(key, 0) + count
    part.refunded_minor += reversal.total_minor
    part.reversed_commission_minor += reversal.commission_minor
    part.reversed_platform_discount_minor += reversal.platform_discount_minor
    part.save(
        update_fields=[
            "cancelled_units",
            "refunded_minor",
            "reversed_commission_minor",
            "reversed_platform_discount_minor",
        ]
    )
    _ask_for_refund(reversal, money.payments, now)
    return reversal


def post_reversal(reversal: Reversal, *, now: datetime) -> None:
    """Book the amounts that shop and market give up; last in the transaction, for it locks balances."""
    part = reversal.sub_order
    taken = TakenBack(
        shop_id=part.shop_id,
        sub_order_id=part.pk,
        payable_minor=reversal.payable_minor,
        commission_minor=reversal.commission_minor,
        promotion_minor=reversal.platform_discount_minor,
    )
    posting = prepare_reversal(
        reversal_id=reversal.pk,
        number=part.number,
        currency=reversal.currency,
        taken=taken,
        occurred_at=reversal.created_at,
        now=now,
    )
    if posting is not None:
        post(posting)


def _ask_for_refund(reversal: Reversal, payments: Sequence[Payment], now: datetime) -> None:
    """Ask for the money from the order's payments, the oldest first, of each as much as it has left."""
    missing = reversal.total_minor
    for payment in payments:
        left = (payment.captured_minor or 0) - refunded_minor(payment_id=payment.pk)
        share = missing if payment is payments[-1] else min(missing, left)
        if share > 0:
            add_refund(
                payment=payment,
                amount_minor=share,
                currency=reversal.currency,
                reason=REASON,
                part=reversal.sub_order,
                reversal=reversal,
                now=now,
            )
            missing -= share
    if missing:
        raise RefundTooLargeError
