"""The one service that takes sold units back: its row, the part's figures, the refund and the journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop

from checkout.errors import RefundTooLargeError
from checkout.models import ExchangeCredit, Order, Payment, Reversal, ReversalKind, ReversedBy, SubOrder
from checkout.orders.payments import lock_credited_payments, lock_payments
from checkout.orders.refunds import left_minor, lock_refunds
from checkout.refunds.requests import add_refund
from checkout.reversals.frozen import FrozenPart
from checkout.reversals.part_steps import cancelling_step, refunding_step
from checkout.reversals.steps import Asked, Step
from payouts.disputes.errors import PaymentDisputedError
from payouts.disputes.selectors import has_undecided
from payouts.services import reversals
from payouts.services.reversals import ReversedShare

REASONS = {
    ReversalKind.CANCELLATION: gettext_noop("Items were cancelled."),
    ReversalKind.REFUND: gettext_noop("The shop or the market gives money back."),
    ReversalKind.RETURN: gettext_noop("Items were sent back."),
}
SUMS = (
    "cancelled_units",
    "refunded_units",
    "refunded_delivery_minor",
    "goodwill_minor",
    "refunded_minor",
    "reversed_commission_minor",
    "reversed_commission_tax_minor",
    "reversed_platform_discount_minor",
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Originator of a reversal: the side, and the account of the person, if they have one."""

    side: ReversedBy
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class LockedMoney:
    """Captured payments of a locked order, and those that have come to it by an exchange.

    They are locked with their refunds, in primary-key order.
    """

    order: Order
    payments: Sequence[Payment]


@dataclass(frozen=True, slots=True)
class Exchange:
    """The order that is sent instead, and its total: so much of what goes back pays for it."""

    order: Order
    total_minor: int


def lock_money(*, order: Order) -> LockedMoney:
    """Lock the payments of a locked order, then their refunds (docs/locking.md); needs an open transaction.

    Raises:
        PaymentDisputedError: a bank takes one of the payments back, and that is not decided.
    """
    money = lock_disputed_money(order=order)
    if has_undecided(payment_ids=[payment.pk for payment in money.payments]):
        raise PaymentDisputedError
    return money


def lock_disputed_money(*, order: Order) -> LockedMoney:
    """Lock the payments of a locked order, then their refunds, whether they are disputed or not."""
    earlier = lock_credited_payments(order_id=order.pk) if order.exchange_of_id else []
    payments = [each for each in (*earlier, *lock_payments(order_id=order.pk)) if each.captured_minor is not None]
    for payment in payments:
        lock_refunds(payment_id=payment.pk)
    return LockedMoney(order, [each for each in payments if each.currency == order.currency])


@dataclass(frozen=True, slots=True)
class Cause:
    """Reason of a reversal: its kind, who made it, and why."""

    kind: ReversalKind
    by: Actor
    reason: str


def cancel_in(
    part: SubOrder, units: Mapping[UUID, int], *, money: LockedMoney, cause: Cause, now: datetime
) -> Reversal:
    """Cancel units of a part and ask for the refund; the part's order is locked, and this is all but the journal.

    Raises:
        UnitsNotLeftError: there are fewer units left.
        RefundTooLargeError: it would be more than was captured.
    """
    frozen, step = cancelling_step(part, units)
    paid = {line["variant_id"]: line["paid"] for line in part.counted_lines}
    for key, count in units.items():
        again = count - min(count, paid[str(key)])
        part.cancelled_units[str(key)] = part.cancelled_units.get(str(key), 0) + count
        if again:
            part.refunded_units[str(key)] -= again
    return _write(_reversal(part, units, frozen=frozen, step=step, cause=cause, now=now), money=money, now=now)


def refund_in(
    part: SubOrder,
    asked: Asked,
    *,
    money: LockedMoney,
    cause: Cause,
    now: datetime,
    exchange: Exchange | None = None,
) -> Reversal:
    """Give money of a part back without cancelling anything, and ask for the refund; otherwise as `cancel_in`.

    Args:
        exchange: an order that the money pays for before anything is refunded.

    Raises:
        UnitsNotLeftError: fewer units are still paid for.
        RefundTooLargeError: it would be more than is left, or than was captured.
    """
    frozen, step = refunding_step(part, asked)
    for key, count in asked.units.items():
        part.refunded_units[str(key)] = part.refunded_units.get(str(key), 0) + count
    part.refunded_delivery_minor += asked.delivery_minor
    reversal = _reversal(part, asked.units, frozen=frozen, step=step, cause=cause, now=now)
    return _write(reversal, money=money, now=now, exchange=exchange)


def _reversal(
    part: SubOrder, units: Mapping[UUID, int], *, frozen: FrozenPart, step: Step, cause: Cause, now: datetime
) -> Reversal:
    return Reversal(
        sub_order=part,
        kind=cause.kind,
        lines={str(key): count for key, count in sorted(units.items())},
        **step.share.amounts(frozen).columns(),
        goodwill_minor=step.goodwill_minor,
        commission_minor=step.commission_minor,
        commission_tax_minor=step.commission_tax_minor,
        platform_discount_minor=step.share.platform_minor,
        reversed_by=cause.by.side,
        actor_id=cause.by.user_id,
        reason=cause.reason,
        created_at=now,
    )


def _write(reversal: Reversal, *, money: LockedMoney, now: datetime, exchange: Exchange | None = None) -> Reversal:
    """Write a reversal, the part's sums, what pays for an exchange, and the refund."""
    _keep(reversal)
    _move_money(reversal, money, exchange, now)
    return reversal


def _keep(reversal: Reversal) -> Reversal:
    part = reversal.sub_order
    reversal.save(force_insert=True)
    part.refunded_minor += reversal.refund_minor
    part.goodwill_minor += reversal.goodwill_minor
    part.reversed_commission_minor += reversal.commission_minor
    part.reversed_commission_tax_minor += reversal.commission_tax_minor
    part.reversed_platform_discount_minor += reversal.platform_discount_minor
    part.save(update_fields=SUMS)
    return reversal


def reverse_lost_amount(part: SubOrder, asked: Asked, *, reason: str, now: datetime) -> Reversal:
    """Take money of a part back that was lost with a dispute: nothing is refunded, and the dispute books it.

    Units keep being sold where an amount alone is lost; where all of the part is, all are paid back.
    """
    frozen, step = refunding_step(part, asked)
    for key, count in asked.units.items():
        part.refunded_units[str(key)] = part.refunded_units.get(str(key), 0) + count
    if asked.ends_delivery:
        part.refunded_delivery_minor = frozen.paid_delivery_minor
    cause = Cause(ReversalKind.DISPUTE, Actor(ReversedBy.BANK), reason)
    return _keep(_reversal(part, asked.units, frozen=frozen, step=step, cause=cause, now=now))


def post_reversal(reversal: Reversal, *, now: datetime) -> None:
    """Book the amounts that shop and market give up; last in the transaction, for it locks balances."""
    part = reversal.sub_order
    taken = ReversedShare(
        shop_id=part.shop_id,
        sub_order_id=part.pk,
        payable_minor=reversal.payable_minor,
        commission_minor=reversal.commission_minor,
        commission_tax_minor=reversal.commission_tax_minor,
        promotion_minor=reversal.platform_discount_minor,
    )
    reversals.post_reversal(
        reversal_id=reversal.pk,
        number=part.number,
        currency=reversal.currency,
        taken=taken,
        occurred_at=reversal.created_at,
        now=now,
    )


def _move_money(reversal: Reversal, money: LockedMoney, exchange: Exchange | None, now: datetime) -> None:
    """Move the money out of the order's payments, the oldest first, of each as much as it has left.

    As much as an exchange costs pays for it; the rest is refunded.
    """
    missing = reversal.refund_minor
    for_exchange = min(missing, exchange.total_minor) if exchange else 0
    for payment in money.payments:
        share = min(missing, left_minor(order=money.order, payment=payment)) if missing else 0
        credit = min(share, for_exchange)
        if credit > 0 and exchange:
            ExchangeCredit.objects.create(
                payment=payment,
                order=exchange.order,
                reversal=reversal,
                amount_minor=credit,
                currency=reversal.currency,
                created_at=now,
            )
        if share > credit:
            add_refund(
                payment=payment,
                amount_minor=share - credit,
                currency=reversal.currency,
                reason=REASONS[ReversalKind(reversal.kind)],
                part=reversal.sub_order,
                reversal=reversal,
                now=now,
            )
        missing -= max(share, 0)
        for_exchange -= max(credit, 0)
    if missing:
        raise RefundTooLargeError
