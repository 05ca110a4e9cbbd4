"""End of a dispute: its loss, that of others which found nothing left beside it, and what the undecided ones hold."""

from collections.abc import Sequence
from datetime import datetime

from checkout.disputes.shares import reverse_lost_shares, shares_of
from checkout.events import DisputeMoved
from checkout.models import Order, Payment, SubOrder
from checkout.orders.refunds import left_minor, lock_refunds
from checkout.refunds.disputed import release_refunds
from checkout.refunds.setting_off import set_off_refunds, unsent_minor
from gateway.disputes import DisputeReport
from kit.work import outbox
from payouts.disputes.locks import lock_other_disputes
from payouts.disputes.moving import end_dispute, hold_more, mark_loss_covered
from payouts.disputes.selectors import uncovered_loss_minor
from payouts.disputes.setting_off import beyond_minor
from payouts.models import Dispute, DisputeStatus
from payouts.services.shop_money import lock_money_of_shops


def end_reported(
    dispute: Dispute, *, order: Order, payment: Payment, status: DisputeStatus, report: DisputeReport, now: datetime
) -> None:
    """End a locked dispute that is undecided; its order, and the payment with its refunds are locked.

    What it has taken pays first the payment's refunds that are owed and not sent: the buyer has them from the bank.
    What it has held goes to the rest of its loss, then to losses of other disputes of the payment that no part has
    borne, then to the undecided ones that hold less than they claim, the oldest first, and the rest back to the shops.
    """
    others = lock_other_disputes(dispute)
    parts = list(SubOrder.objects.filter(order=order).order_by("pk"))
    if others:  # all balances at once, in account-id order: what one dispute frees another may hold
        lock_money_of_shops(shop_ids={part.shop_id for part in parts}, currency=dispute.currency)
    lost_minor = report.amount_minor if status == DisputeStatus.LOST else 0
    unborne = uncovered_loss_minor(payment_id=payment.pk)
    refunds = lock_refunds(payment_id=payment.pk)
    paid = min(unsent_minor(refunds), lost_minor + unborne)
    lost = reverse_lost_shares(dispute, parts, lost_minor=lost_minor + unborne - paid, now=now)
    end_dispute(dispute, status=status, resolution=report.resolution or "", lost_minor=lost_minor, lost=lost, now=now)
    tell_dispute(dispute, str(status), now=now)
    set_off_refunds(refunds, [dispute, *others], amount_minor=paid, now=now)
    if unborne:
        _note_borne(dispute, others, unborne - max(paid - lost_minor, 0), now)
    for other in others:
        if not other.is_over:
            _hold_more(other, order, payment, parts, now)
    if all(other.is_over for other in others):
        release_refunds(refunds, has_taken_more=uncovered_loss_minor(payment_id=payment.pk) > 0)


def tell_dispute(dispute: Dispute, move: str, *, now: datetime) -> None:
    """Tell of a dispute's move after the commit."""
    outbox.emit(DisputeMoved(dispute.pk, move, now), now=now)


def _note_borne(dispute: Dispute, others: Sequence[Dispute], before_minor: int, now: datetime) -> None:
    """Write to the disputes that were lost with more than their parts that shops have borne of it by now."""
    after_minor = uncovered_loss_minor(payment_id=dispute.payment_id) - beyond_minor(dispute)
    if after_minor < before_minor:
        for other in others:
            if (other.lost_minor or 0) > other.amount_minor:
                mark_loss_covered(other, is_all=after_minor <= 0, now=now)


def _hold_more(dispute: Dispute, order: Order, payment: Payment, parts: Sequence[SubOrder], now: datetime) -> None:
    missing = min(dispute.claimed_minor - dispute.amount_minor, left_minor(order=order, payment=payment))
    shares = shares_of(parts, amount_minor=missing) if missing > 0 else []
    if shares:
        hold_more(dispute, shares=shares, now=now)
        if dispute.status == DisputeStatus.OPEN:
            tell_dispute(dispute, "opened", now=now)  # to shops that had no part in it; the others were told
