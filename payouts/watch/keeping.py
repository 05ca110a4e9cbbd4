"""Keeping the results of a round: a row for each check, and findings that are opened, seen again and ended."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from payouts.models import CheckFinding, CheckOutcome, CheckRun, WatchRound
from payouts.watch.checks import THE_CHECK, watched_checks
from payouts.watch.letters import tell_findings
from payouts.watch.making import Made

# A finding that comes back within it goes on as the same one, so that it is not told of again and again.
GRACE = timedelta(hours=1)
LONGEST_SUBJECT, LONGEST_SIDE = 200, 500
Key = tuple[str, str]


def keep_round(*, round_id: UUID, made: Sequence[Made], now: datetime) -> bool:
    """Write the results of a round, and tell operators what is new; return False where it was ended meanwhile."""
    with transaction.atomic():
        if not WatchRound.objects.filter(pk=round_id, ended_at__isnull=True).update(ended_at=now):
            return False
        CheckRun.objects.bulk_create([_run(round_id, each) for each in made])
        _keep_findings(made, now)
        tell_findings(round_id=round_id, gone_before=now - GRACE, now=now)
    return True


def _run(round_id: UUID, made: Made) -> CheckRun:
    findings = [[each.subject, each.expected, each.found] for each in made.found.findings]
    return CheckRun(
        round_id=round_id,
        name=made.name,
        began_at=made.began_at,
        ended_at=made.ended_at,
        outcome=made.outcome,
        found=made.found.total,
        findings=findings,
        problem=made.problem,
    )


def _keep_findings(made: Sequence[Made], now: datetime) -> None:
    """Open findings, write into those that are there that they were seen, and end those that are gone.

    A check that could not be made ends nothing, and is a finding itself. One that has found more than it names ends
    nothing either: what it does not name may still be there.
    """
    seen: dict[Key, CheckFinding] = {(each.check_name, each.subject): each for each in _found(made, now)}
    recent = Q(ended_at__isnull=True) | Q(ended_at__gt=now - GRACE)
    rows = CheckFinding.objects.filter(recent, check_name__in={each.name for each in made}).order_by("id")
    known: dict[Key, CheckFinding] = {(each.check_name, each.subject): each for each in rows}
    again = []
    for key in seen.keys() & known.keys():
        row, new = known[key], seen[key]
        row.expected, row.found, row.last_seen_at, row.ended_at = new.expected, new.found, now, None
        again.append(row)
    CheckFinding.objects.bulk_update(again, ["expected", "found", "last_seen_at", "ended_at"])
    CheckFinding.objects.bulk_create([seen[key] for key in seen.keys() - known.keys()])
    complete = {each.name for each in made if not each.problem and each.found.total <= len(each.found.findings)}
    is_made = {each.name for each in made if each.outcome != CheckOutcome.FAILED}
    gone = [
        row.pk
        for key, row in known.items()
        if key not in seen and (row.check_name in complete or (row.subject == THE_CHECK and row.check_name in is_made))
    ]
    is_known = Q(check_name__in=[check.name for check in watched_checks()])
    CheckFinding.objects.filter(Q(pk__in=gone) | ~is_known, ended_at__isnull=True).update(ended_at=now)


def _found(made: Sequence[Made], now: datetime) -> list[CheckFinding]:
    found = []
    for each in made:
        sides = [(one.subject, one.expected, one.found) for one in each.found.findings]
        if each.problem:
            sides = [(THE_CHECK, "", each.problem)]
        found += [
            CheckFinding(
                check_name=each.name,
                subject=subject[:LONGEST_SUBJECT],
                expected=expected[:LONGEST_SIDE],
                found=actual[:LONGEST_SIDE],
                first_seen_at=now,
                last_seen_at=now,
            )
            for subject, expected, actual in sides
        ]
    return found
