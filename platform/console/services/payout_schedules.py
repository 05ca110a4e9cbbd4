"""A shop's schedule of payouts, changed by an operator, with an entry in the audit log."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from console.audit_actions import AuditAction
from console.errors import ReasonMissingError
from console.services.audit_log import record
from console.services.shops import subject_of
from kit.web.versions import Seen
from payouts.services import schedules
from tenants.models import Shop

SCHEDULE_CHANGED = AuditAction(
    "shop.payout_schedule_changed",
    gettext_lazy("Payout schedule changed"),
    gettext_lazy("%(who)s changed the schedule of a shop’s payouts."),
)


def change_payout_schedule(
    *, shop: Shop, schedule: schedules.Schedule, actor_id: int, reason: str, now: datetime, seen: Seen = None
) -> None:
    """Set a shop's schedule; one that stays is not written.

    Raises:
        ReasonMissingError: no reason was given.
        InvalidInputError, ChangedMeanwhileError: as `change_schedule`; nothing is changed.
    """
    if not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        before, after = schedules.change_schedule(shop=shop, schedule=schedule, actor_id=actor_id, now=now, seen=seen)
        if before != after:
            details = {"before": before.as_json(), "after": after.as_json()}
            record(
                actor_id=actor_id,
                action=SCHEDULE_CHANGED,
                subject=subject_of(shop),
                reason=reason,
                details=details,
                now=now,
            )
