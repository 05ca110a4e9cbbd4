"""Acting on payment events and refunds that got stuck."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from checkout.models import PaymentStatus
from checkout.orders.payments import find_payment
from checkout.refunds import requests as refunds
from console.errors import NothingToDealWithError
from console.selectors.audit_log import PAYMENT, PAYMENT_DISMISSED
from console.services.audit_log import record
from kit.audit_actions import AuditAction
from webhooks import services as webhooks

EVENT_REPLAYED = AuditAction("event.replayed", "Event replayed")
REFUND_RETRIED = AuditAction("refund.retried", "Refund retried")


def replay_event(*, event_id: int, actor_id: int, reason: str, now: datetime) -> None:
    """Have an inbound event processed again; processing one twice changes nothing twice.

    Raises:
        ReasonMissingError: no reason was given.
        ConflictError: it is waiting to be processed anyway.
        NotFoundError: there is none.
    """
    with transaction.atomic():
        event = webhooks.replay_event(event_id=event_id, now=now)
        record(
            actor_id=actor_id,
            action=EVENT_REPLAYED,
            subject=f"event:{event.pk}",
            reason=reason,
            details={"kind": event.kind, "reference": event.reference},
            now=now,
        )


def dismiss_payment(*, reference: str, actor_id: int, reason: str, now: datetime) -> None:
    """Take a payment that did not match off the list of exceptions; nothing else about it changes.

    Raises:
        ReasonMissingError: no reason was given.
        NothingToDealWithError: there is no such payment, or it is not one that needs a look.
    """
    payment = find_payment(reference=reference)
    if payment is None or payment.status != PaymentStatus.MISMATCHED:
        raise NothingToDealWithError
    record(
        actor_id=actor_id,
        action=PAYMENT_DISMISSED,
        subject=f"{PAYMENT}{reference}",
        reason=reason,
        details={"note": payment.note},
        now=now,
    )


def retry_refund(*, refund_id: UUID, actor_id: int, reason: str, now: datetime) -> None:
    """Send a refund to the provider again that failed there.

    Raises:
        ReasonMissingError: no reason was given.
        ConflictError: it is not one that can be sent again.
        NotFoundError: there is none.
    """
    with transaction.atomic():
        refund = refunds.retry_refund(refund_id=refund_id, now=now)
        record(
            actor_id=actor_id,
            action=REFUND_RETRIED,
            subject=f"refund:{refund.pk}",
            reason=reason,
            details={"amount_minor": refund.amount_minor, "currency": refund.currency},
            now=now,
        )
