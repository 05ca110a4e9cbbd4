"""Operators' acts about the checks of the market, each with an entry in the audit log."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from console.audit_actions import AuditAction
from console.errors import ReasonMissingError
from console.services.audit_log import NOTHING_WRITTEN, record
from payouts.models import CheckFinding, WatchRound
from payouts.watch.acknowledging import acknowledge_finding as acknowledge
from payouts.watch.rounds import ask_for_round

FINDING = "finding:"
ACKNOWLEDGED = AuditAction(
    "finding.acknowledged",
    gettext_lazy("Finding acknowledged"),
    gettext_lazy("%(who)s acknowledged the finding about %(about)s."),
)
CHECKS_ASKED = AuditAction("checks.asked", gettext_lazy("Checks run"), gettext_lazy("%(who)s ran the market’s checks."))
CHECK_ACTIONS = (ACKNOWLEDGED, CHECKS_ASKED)


def acknowledge_finding(*, finding_id: UUID, actor_id: int, note: str, now: datetime) -> CheckFinding:
    """Record that an operator works on a finding, and how.

    Raises:
        NotFoundError: there is no such finding.
        ReasonMissingError: no note was written.
    """
    if not note.strip():
        raise ReasonMissingError
    with transaction.atomic():
        finding = acknowledge(finding_id=finding_id, actor_id=actor_id, note=note, now=now)
        details = {"about": finding.subject, "check": finding.check_name}
        subject = f"{FINDING}{finding.pk}"
        record(actor_id=actor_id, action=ACKNOWLEDGED, subject=subject, reason=note, details=details, now=now)
    return finding


def run_checks(*, is_whole: bool, actor_id: int, now: datetime) -> WatchRound:
    """Have a worker run the checks: all, or the quick ones.

    Raises:
        RoundOpenError: they are being made already.
    """
    with transaction.atomic():
        asked = ask_for_round(is_whole=is_whole, actor_id=actor_id, now=now)
        details = {"is_whole": is_whole}
        subject = f"checks:{asked.pk}"
        record(
            actor_id=actor_id, action=CHECKS_ASKED, subject=subject, reason=NOTHING_WRITTEN, details=details, now=now
        )
    return asked
