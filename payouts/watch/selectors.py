"""Checks with their last runs, findings, and the round under way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, QuerySet
from django.utils.translation import gettext

from kit.errors import NotFoundError
from payouts.models import CheckFinding, CheckRun, WatchRound
from payouts.watch.checks import Watched, watched_checks
from payouts.watch.making import count_checks, progress_key

LOOKED_BACK = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """A check with its last run, and the number of its findings that are open."""

    check: Watched
    last: CheckRun | None
    open_findings: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A round that waits or is under way, and how many of its checks are made."""

    round: WatchRound
    made: int
    total: int


def list_checks(*, now: datetime) -> Sequence[ShownCheck]:
    """Return every check, in two statements; one that has not run for days has no last run."""
    recent = CheckRun.objects.filter(began_at__gt=now - LOOKED_BACK)
    last = {run.name: run for run in recent.order_by("name", "-began_at").distinct("name")}
    counted = CheckFinding.objects.filter(ended_at__isnull=True).order_by().values_list("check_name")
    is_open = dict(counted.annotate(number=Count("pk")))
    return [ShownCheck(each, last.get(each.name), is_open.get(each.name, 0)) for each in watched_checks()]


def list_findings(*, check: str = "", is_ended: bool = False) -> "QuerySet[CheckFinding]":
    """Return findings, the newest first: those that are open, or those that are over."""
    found = CheckFinding.objects.filter(ended_at__isnull=not is_ended).select_related("acknowledged_by")
    return (found.filter(check_name=check) if check else found).order_by("-id")


def count_open_findings() -> int:
    """Return the number of findings that are open, acknowledged or not."""
    return CheckFinding.objects.filter(ended_at__isnull=True).count()


def findings_needing_attention() -> "QuerySet[CheckFinding]":
    """Return the open findings that no operator has acknowledged."""
    return CheckFinding.objects.filter(ended_at__isnull=True, acknowledged_at__isnull=True)


def get_finding(*, finding_id: UUID) -> CheckFinding:
    """Return a finding.

    Raises:
        NotFoundError: there is none.
    """
    found = CheckFinding.objects.select_related("acknowledged_by").filter(pk=finding_id).first()
    if found is None:
        raise NotFoundError(gettext("There is no such finding."))
    return found


def round_under_way() -> Progress | None:
    """Return the round that waits or is under way."""
    found = WatchRound.objects.filter(ended_at__isnull=True).first()
    if found is None:
        return None
    return Progress(found, cache.get(progress_key(found.pk)) or 0, count_checks(is_whole=found.is_whole))


def last_rounds(*, limit: int = 5) -> list[WatchRound]:
    """Return the last rounds that have ended."""
    return list(WatchRound.objects.filter(ended_at__isnull=False).order_by("-asked_at")[:limit])
