"""Writing the audit log."""

from datetime import datetime
from typing import Any

from django.db import transaction

from console.audit_actions import AuditAction
from console.errors import ReasonMissingError
from console.models import AuditEntry
from console.services.menu_counts import forget_counts
from kit.request_id import current_request_id

NOTHING_WRITTEN = "–"  # where the operator was asked for a reason and gave none, or was not asked


def record(
    *,
    actor_id: int | None,
    action: AuditAction,
    subject: str,
    now: datetime,
    reason: str,
    details: dict[str, Any] | None = None,
) -> AuditEntry:
    """Append an operator's action, its subject and its reason; call it in the transaction of the action.

    Args:
        subject: what it was done to, as `kind:key`, such as `shop:indigo-fabrics`.

    Raises:
        ReasonMissingError: no reason was given.
    """
    if not reason.strip():
        raise ReasonMissingError
    transaction.on_commit(forget_counts)
    return AuditEntry.objects.create(
        actor_id=actor_id,
        action=action.name,
        subject=subject,
        reason=reason.strip(),
        details=details or {},
        request_id=current_request_id(),
        created_at=now,
    )
