"""Acting on payment events and refunds that got stuck."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from checkout.services.payments import refunds
from console.models import AuditAction
from console.services.audit_log import record
from webhooks import services as webhooks


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
            action=AuditAction.EVENT_REPLAYED,
            subject=f"event:{event.pk}",
            reason=reason,
            details={"kind": event.kind, "reference": event.reference},
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
            action=AuditAction.REFUND_RETRIED,
            subject=f"refund:{refund.pk}",
            reason=reason,
            details={"amount_minor": refund.amount_minor, "currency": refund.currency},
            now=now,
        )
