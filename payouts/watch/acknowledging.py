"""Acknowledging a finding: an operator works on it, with a note for the others."""

from datetime import datetime
from uuid import UUID

from payouts.models import CheckFinding
from payouts.watch.selectors import get_finding

LONGEST_NOTE = 300


def acknowledge_finding(*, finding_id: UUID, actor_id: int, note: str, now: datetime) -> CheckFinding:
    """Record the operator who works on a finding, open or over; a later note takes the place of an earlier one.

    Raises:
        NotFoundError: there is no such finding.
    """
    mine = CheckFinding.objects.filter(pk=finding_id)
    mine.update(acknowledged_at=now, acknowledged_by_id=actor_id, note=note[:LONGEST_NOTE])
    return get_finding(finding_id=finding_id)
