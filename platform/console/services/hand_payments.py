"""Payouts marked as paid by hand, each act with an entry in the audit log."""

from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from console.audit_actions import AuditAction
from console.audit_values import amount_in
from console.errors import ReasonMissingError
from console.services.audit_log import NOTHING_WRITTEN, record
from console.services.payouts import PAYOUT
from payouts.models import HandPayment, HandPaymentStatus
from payouts.runs import by_hand

RECORDED = AuditAction(
    "payout.paid_by_hand",
    gettext_lazy("Payout recorded as paid by hand"),
    gettext_lazy("%(who)s recorded that a payout of %(amount)s to %(shop)s was paid by hand."),
    lambda details: {**details, **amount_in(details)},
)
APPROVED = AuditAction(
    "payout.hand_payment_approved",
    gettext_lazy("Payment by hand approved"),
    gettext_lazy("%(who)s approved that a payout of %(amount)s to %(shop)s was paid by hand."),
    lambda details: {**details, **amount_in(details)},
)
REFUSED = AuditAction(
    "payout.hand_payment_refused",
    gettext_lazy("Payment by hand refused"),
    gettext_lazy("%(who)s refused the payment by hand of a payout of %(amount)s to %(shop)s."),
    lambda details: {**details, **amount_in(details)},
)
HAND_PAYMENT_ACTIONS = (RECORDED, APPROVED, REFUSED)


def mark_paid(
    *,
    payout_id: UUID,
    data: by_hand.HandPaymentInput,
    upload: BinaryIO,
    file_name: str,
    actor_id: int,
    now: datetime,
) -> HandPayment:
    """Record that a payout was paid outside the providers.

    Raises:
        NotFoundError, InvalidInputError, PayoutUnderWayError, PayoutPaidAlreadyError, HandPaymentKnownError,
        BalanceChangedError: it can't be recorded; nothing is changed.
    """
    with transaction.atomic():
        payment = by_hand.record_hand_payment(
            payout_id=payout_id, data=data, upload=upload, file_name=file_name, actor_id=actor_id, now=now
        )
        _record(payment, RECORDED, actor_id=actor_id, reason=payment.reason, now=now)
    return payment


def approve_hand_payment(*, payout_id: UUID, actor_id: int, now: datetime) -> HandPayment:
    """Book the payment by hand of a payout that another operator has recorded.

    Raises:
        NotFoundError, HandPaymentDecidedError, SelfApprovalError: it can't be approved.
    """
    with transaction.atomic():
        payment = by_hand.approve_hand_payment(payout_id=payout_id, actor_id=actor_id, now=now)
        _record(payment, APPROVED, actor_id=actor_id, reason=NOTHING_WRITTEN, now=now)
    return payment


def refuse_hand_payment(*, payout_id: UUID, actor_id: int, reason: str, now: datetime) -> HandPayment:
    """Take the payment by hand of a payout as not made.

    Raises:
        ReasonMissingError: no reason was given.
        NotFoundError, HandPaymentDecidedError: there is none that waits.
    """
    if not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        payment = by_hand.refuse_hand_payment(payout_id=payout_id, actor_id=actor_id, now=now)
        _record(payment, REFUSED, actor_id=actor_id, reason=reason, now=now)
    return payment


def _record(payment: HandPayment, action: AuditAction, *, actor_id: int, reason: str, now: datetime) -> None:
    payout = payment.payout
    details = {
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "shop": payout.shop.slug,
        "reference": payment.reference,
        "is_booked": payment.status == HandPaymentStatus.BOOKED,
    }
    record(actor_id=actor_id, action=action, subject=f"{PAYOUT}{payout.pk}", reason=reason, details=details, now=now)
