"""Steps of operators about disputes, each with an entry in the audit log."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from console.audit_actions import AuditAction
from console.services.audit_log import record
from kit.money import format_minor
from payouts.disputes import answers
from payouts.models import Dispute, DisputeAnswer

SENT = AuditAction(
    "dispute.evidence_sent",
    gettext_lazy("Evidence sent"),
    gettext_lazy("%(who)s sent evidence in the dispute of order %(number)s."),
)
ACCEPTED = AuditAction(
    "dispute.accepted",
    gettext_lazy("Dispute accepted"),
    gettext_lazy("%(who)s accepted %(amount)s of the dispute of order %(number)s."),
)
DISPUTE_ACTIONS = (SENT, ACCEPTED)


def send_evidence(
    *, dispute_id: UUID, actor_id: int, statement: str, evidence_id: UUID | None, now: datetime
) -> DisputeAnswer:
    """Decline a dispute with a statement and a file of the evidence; a task sends them.

    Raises:
        as `payouts.disputes.answers.decline_dispute`.
    """
    with transaction.atomic():
        answer = answers.decline_dispute(
            dispute_id=dispute_id, actor_id=actor_id, statement=statement, evidence_id=evidence_id, now=now
        )
        _record(answer, SENT, actor_id=actor_id, now=now)
    return answer


def accept_dispute(
    *, dispute_id: UUID, actor_id: int, reason: str, amount_minor: int | None = None, now: datetime
) -> DisputeAnswer:
    """Accept a dispute, or an amount of it; a task tells the provider.

    Raises:
        as `payouts.disputes.answers.accept_dispute`.
    """
    with transaction.atomic():
        answer = answers.accept_dispute(
            dispute_id=dispute_id, actor_id=actor_id, reason=reason, amount_minor=amount_minor, now=now
        )
        _record(answer, ACCEPTED, actor_id=actor_id, now=now)
    return answer


def _record(answer: DisputeAnswer, action: AuditAction, *, actor_id: int, now: datetime) -> None:
    dispute: Dispute = answer.dispute
    details = {"number": dispute.order_number, "amount": format_minor(answer.amount_minor, dispute.currency)}
    subject = f"dispute:{dispute.pk}"
    record(actor_id=actor_id, action=action, subject=subject, reason=answer.statement[:300], details=details, now=now)
