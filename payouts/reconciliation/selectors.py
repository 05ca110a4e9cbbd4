"""Differences and comparisons, for operators."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from kit.errors import NotFoundError
from payouts.models import Difference, ReconciliationRun


def list_differences(*, kind: str = "", cause: str = "", is_ended: bool = False) -> "QuerySet[Difference]":
    """Return differences, the newest first: the open ones, or those that were ended."""
    found = Difference.objects.filter(ended_at__isnull=not is_ended).select_related("ended_by")
    wanted = {name: value for name, value in (("kind", kind), ("cause", cause)) if value}
    return found.filter(**wanted).order_by("-happened_at", "-id")


def get_difference(*, difference_id: UUID) -> Difference:
    """Return a difference.

    Raises:
        NotFoundError: there is none.
    """
    found = Difference.objects.select_related("ended_by").filter(pk=difference_id).first()
    if found is None:
        raise NotFoundError(gettext("There is no such difference."))
    return found


def differences_of(run: ReconciliationRun) -> "QuerySet[Difference]":
    """Return the differences that a run has seen, the newest first."""
    seen = Difference.objects.filter(provider=run.provider, last_seen_at=run.started_at, ended_at__isnull=True)
    return seen.order_by("-happened_at", "-id")


def list_runs(*, provider: str = "") -> "QuerySet[ReconciliationRun]":
    """Return comparisons, the newest first."""
    found = ReconciliationRun.objects.order_by("-id")
    return found.filter(provider=provider) if provider else found


def last_runs(*, limit: int = 5) -> list[ReconciliationRun]:
    """Return the last comparisons."""
    return list(ReconciliationRun.objects.order_by("-started_at")[:limit])


def last_of_each_provider(runs: Sequence[ReconciliationRun]) -> list[ReconciliationRun]:
    """Return the newest comparison of each provider among some, the newest first, that came to its end.

    Args:
        runs: the newest first.
    """
    newest: dict[str, ReconciliationRun] = {}
    for run in runs:
        if run.ended_at is not None and not run.problem:
            newest.setdefault(run.provider, run)
    return list(newest.values())
