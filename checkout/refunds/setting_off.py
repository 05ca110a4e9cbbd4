"""Refunds that the buyer's bank has paid: they are set off against the amount that a lost dispute has taken."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from checkout.events import RefundSetOff
from checkout.models import STUCK_REFUNDS, Refund, RefundStatus
from checkout.orders.payments import lock_payment
from checkout.orders.refunds import lock_refunds
from checkout.refunds.returned import end_return
from checkout.releasing.holds import follow_refund
from kit.work import outbox
from payouts.disputes.locks import lock_disputes_of
from payouts.disputes.selectors import has_undecided, uncovered_loss_minor
from payouts.disputes.setting_off import beyond_minor, set_off, undo_set_offs
from payouts.models import Dispute


def is_unsent(refund: Refund) -> bool:
    """Return whether the provider has not paid a refund and is not about to: not asked yet, failed, or refused.

    Of one that it has a record of, or of which an earlier try may have been paid, it is not known: neither of one that
    was refused after an answer was lost, nor of one that is only asked for again (`reset_for_resending`).
    """
    if refund.status == RefundStatus.REQUESTED:
        return refund.sent_at is None
    was_refused = refund.status == RefundStatus.NEEDS_ATTENTION and not refund.provider_id and refund.try_number == 1
    return refund.status == RefundStatus.FAILED or (was_refused and refund.attempts <= 1)


def unsent_minor(refunds: Sequence[Refund]) -> int:
    """Return the amount of some refunds that is owed and not at the provider."""
    return sum(refund.sent_minor for refund in refunds if is_unsent(refund))


def set_off_refunds(
    refunds: Sequence[Refund], disputes: Sequence[Dispute], *, amount_minor: int, now: datetime
) -> None:
    """Have locked disputes of a payment pay its locked refunds that are not sent, the oldest first, up to an amount.

    What is left of the last one stays owed, and is sent: by a new key where it has been tried before.
    """
    missing = amount_minor
    for refund in refunds:
        share = min(missing, refund.sent_minor) if is_unsent(refund) else 0
        if share:
            _set_off(refund, disputes, share, now)
            missing -= share


def set_off_uncovered_loss(refund: Refund, *, now: datetime) -> bool:
    """Have lost disputes pay a locked refund that its provider does not know, as far as no shop has borne their loss.

    While a dispute of the payment is undecided nothing is set off: its end does it. Return whether nothing is left.
    """
    if has_undecided(payment_ids=[refund.payment_id]):
        return False
    share = min(refund.sent_minor, uncovered_loss_minor(payment_id=refund.payment_id))
    if share:
        found = lock_disputes_of(payment_id=refund.payment_id)
        _set_off(refund, sorted(found, key=lambda each: (-beyond_minor(each), each.pk)), share, now)
    return refund.status == RefundStatus.SET_OFF


def set_off_before_sending(refund: Refund, *, now: datetime) -> bool:
    """Set a refund off that is about to be sent, as `set_off_uncovered_loss` does; return whether it is not to be sent.

    That is where nothing is left of it, and where it has moved since its provider was asked: another worker has taken
    it from one that was slow, and may have sent it.
    """
    with transaction.atomic():
        lock_payment(payment_id=refund.payment_id)
        locked = next(each for each in lock_refunds(payment_id=refund.payment_id) if each.pk == refund.pk)
        is_ours = locked.status == RefundStatus.SENT and locked.checked_at == refund.checked_at
        is_over = not is_ours or set_off_uncovered_loss(locked, now=now)
    refund.set_off_minor = locked.set_off_minor
    return is_over


def reopen_set_off(refund: Refund, *, amount_minor: int, now: datetime) -> bool:
    """Owe an amount of a locked refund again that was set off, as its provider has paid it too.

    The caller says what follows. Return whether it is what was set off last; else nothing is changed.
    """
    disputes = lock_disputes_of(payment_id=refund.payment_id)
    if not undo_set_offs(disputes, refund_id=_id(refund), amount_minor=amount_minor, now=now):
        return False
    refund.set_off_minor, refund.ended_at = refund.set_off_minor - amount_minor, None
    return True


def reset_for_resending(refund: Refund) -> None:
    """Have a locked refund sent as if it had not been tried; the caller says by which key, and saves it.

    One that its provider may still pay keeps the time at which it was sent.
    """
    refund.sent_at = None if is_unsent(refund) else refund.sent_at or refund.checked_at or refund.created_at
    refund.status, refund.provider_id, refund.note = RefundStatus.REQUESTED, "", ""
    refund.checked_at = refund.ended_at = refund.due_at = refund.leased_until = None
    refund.attempts, refund.last_error = 0, ""


def _set_off(refund: Refund, disputes: Sequence[Dispute], amount_minor: int, now: datetime) -> None:
    set_off(disputes, refund_id=_id(refund), amount_minor=amount_minor, now=now)
    refund.set_off_minor += amount_minor
    outbox.emit(RefundSetOff(_id(refund), amount_minor, refund.sent_minor, now), now=now)
    if not refund.sent_minor:
        refund.status, refund.note, refund.ended_at, refund.due_at = RefundStatus.SET_OFF, "", now, None
        end_return(refund, now=now)
        follow_refund(refund, now=now)
    elif refund.status in STUCK_REFUNDS:  # the provider knows its last try by another amount
        reset_for_resending(refund)
        refund.try_number += 1
    refund.save()


def _id(refund: Refund) -> UUID:
    return UUID(str(refund.pk))
