"""Disputes as the provider reports them: looked up, written once, and followed to their end in any order."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from checkout.disputes.ending import end_reported, tell_dispute
from checkout.disputes.shares import shares_of
from checkout.errors import DisputeNotOursError, UnknownDisputeError
from checkout.models import Order, Payment, RefundStatus, SubOrder
from checkout.orders.payments import find_payment
from checkout.orders.refunds import left_minor, lock_refunds
from checkout.orders.selectors import lock_order
from checkout.payments.confirm_payment import confirm_payment
from checkout.refunds.disputed import keep_refunds
from checkout.reversals.reverse import lock_disputed_money
from gateway import get_provider
from gateway.disputes import DisputeMove, DisputeReport, DisputeState
from gateway.guard import refuse_inside_transaction
from kit.db.retries import retrying_on_deadlock
from payouts.disputes.locks import lock_known_dispute
from payouts.disputes.moving import DisputedPayment, note_refunds, open_dispute
from payouts.disputes.steps import add_step
from payouts.models import Dispute, DisputeStatus

logger = logging.getLogger(__name__)
PROVIDER_CONTRADICTS = gettext_noop("The provider says otherwise now. Compare with its page; nothing was booked.")
UNPAID = frozenset({RefundStatus.REQUESTED, RefundStatus.SENT})
ENDS = frozenset({DisputeState.WON, DisputeState.LOST})
STATUSES = {
    DisputeState.AWAITING_ANSWER: DisputeStatus.OPEN,
    DisputeState.WITH_BANK: DisputeStatus.WITH_BANK,
    DisputeState.WON: DisputeStatus.WON,
    DisputeState.LOST: DisputeStatus.LOST,
}


def refresh_dispute(*, provider: str, dispute_id: str, now: datetime, move: DisputeMove | None = None) -> Dispute:
    """Ask a provider about a dispute and follow its answer; its events are only a hint to do so.

    Args:
        dispute_id: the provider's own.
        move: that the event tells of; a reminder is passed on.

    Raises:
        UnknownDisputeError: the provider does not know it, or it is of no payment of ours with this provider.
        DisputeNotOursError: its currency or mode is not the payment's.
        ProviderUnavailableError: the provider does not answer, or not clearly; nothing has changed.
    """
    refuse_inside_transaction()
    report = get_provider(provider).find_dispute(dispute_id) if dispute_id else None
    if report is None:
        raise UnknownDisputeError
    return follow_report(provider=provider, report=report, now=now, is_reminder=move == DisputeMove.REMINDED)


def follow_report(*, provider: str, report: DisputeReport, now: datetime, is_reminder: bool = False) -> Dispute:
    """Write a dispute that a provider has reported, if it is new, and follow its state.

    Raises:
        UnknownDisputeError: it is of no payment of ours with this provider, or of one for which nothing was paid.
        DisputeNotOursError: its currency or mode is not the payment's.
    """
    payment = find_payment(reference=report.reference)
    if payment is None or payment.provider != provider:
        raise UnknownDisputeError
    if not payment.is_booked:
        payment = confirm_payment(reference=payment.reference, provider=provider, now=now)
    if payment.captured_minor is None:
        raise UnknownDisputeError
    if (report.currency, report.is_live) != (payment.currency, get_provider(provider).is_live):
        raise DisputeNotOursError
    return retrying_on_deadlock(lambda: _follow(payment, report, now, is_reminder))


def _follow(payment: Payment, report: DisputeReport, now: datetime, is_reminder: bool) -> Dispute:
    """Lock the order, its payments and refunds, then the dispute, and bring it to its state; balances come last."""
    with transaction.atomic():
        order = lock_order(order_id=payment.order_id)
        money = lock_disputed_money(order=order)
        dispute = lock_known_dispute(provider=payment.provider, provider_id=report.provider_id)
        locked = next((each for each in money.payments if each.pk == payment.pk), payment)
        if dispute is None:
            dispute = _open(order, locked, report, now)
            tell_dispute(dispute, "opened", now=now)
        elif is_reminder and not dispute.is_over:
            add_step(dispute, "reminded", now=now)
            dispute.save(update_fields=["steps"])
            tell_dispute(dispute, "reminded", now=now)
        if report.state in ENDS and not dispute.is_over:
            end_reported(dispute, order=order, payment=locked, status=STATUSES[report.state], report=report, now=now)
        else:
            _move(dispute, report, now)
    return dispute


def _open(order: Order, payment: Payment, report: DisputeReport, now: datetime) -> Dispute:
    parts = list(SubOrder.objects.filter(order=order).order_by("pk"))
    amount_minor = max(min(report.amount_minor, left_minor(order=order, payment=payment)), 0)
    of = DisputedPayment(payment.provider, payment.pk, payment.reference, order.number, payment.currency)
    shares = shares_of(parts, amount_minor=amount_minor) if amount_minor else []
    dispute = open_dispute(payment=of, report=report, shares=shares, now=now)
    refunds = [each for each in lock_refunds(payment_id=payment.pk) if each.status in UNPAID]
    if refunds:
        keep_refunds(refunds)
        note_refunds(dispute, is_under_way=any(each.status == RefundStatus.SENT for each in refunds))
    return dispute


def _move(dispute: Dispute, report: DisputeReport, now: datetime) -> None:
    """Bring a locked dispute to the undecided state that its provider reports; what is decided stays so."""
    status = STATUSES[report.state]
    if dispute.is_over:
        if status != dispute.status:
            _leave(dispute, report)
        return
    changes: dict[str, object] = {"answer_by": report.due_at or dispute.answer_by}
    if status == DisputeStatus.WITH_BANK and dispute.status == DisputeStatus.OPEN:
        changes |= {"status": status, "status_at": now, "resolution": report.resolution or ""}
        add_step(dispute, "with_bank", now=now)
    for name, value in changes.items():
        setattr(dispute, name, value)
    dispute.save(update_fields=[*changes, "steps"])


def _leave(dispute: Dispute, report: DisputeReport) -> None:
    if dispute.problem != PROVIDER_CONTRADICTS:
        logger.error("Dispute %s is %s, and the provider says %s.", dispute.pk, dispute.status, report.state)
        dispute.problem = PROVIDER_CONTRADICTS
        dispute.save(update_fields=["problem"])
