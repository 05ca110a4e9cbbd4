"""The days that are compared without being asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway import get_provider
from gateway.registry import provider_names
from kit.work.jobs import wake
from payouts.models import ReconciliationRun
from payouts.reconciliation.errors import ComparisonOpenError, NoComparisonError
from payouts.reconciliation.run import reconcile

TASK = "payouts.tasks.reconcile"
LOST_AFTER = timedelta(hours=1)  # more than a worker may take for one
USUAL_DAYS = 3  # each day is compared three times: what the provider is slow with is there by the last one


@dataclass(frozen=True, slots=True)
class AskedComparison:
    """A comparison that a worker is to make: of which providers, and of which days."""

    providers: Sequence[str]
    since: datetime
    until: datetime


def reconcile_usual_days(*, now: datetime) -> list[ReconciliationRun]:
    """Compare the last days of every provider that lists its records."""
    return [reconcile(provider=name, since=_since(now), until=now, now=now) for name in compared_providers()]


def compared_providers() -> list[str]:
    """Return the names of the providers that list their records."""
    return [name for name in provider_names() if get_provider(name).capabilities.lists_records]


def ask_to_compare(*, now: datetime) -> AskedComparison:
    """Have a worker compare the usual days after the commit; a second call before it has begun adds nothing.

    Raises:
        NoComparisonError: no provider lists its records.
        ComparisonOpenError: a comparison is under way.
    """
    providers = compared_providers()
    if not providers:
        raise NoComparisonError
    if ReconciliationRun.objects.filter(ended_at__isnull=True, started_at__gt=now - LOST_AFTER).exists():
        raise ComparisonOpenError
    wake(TASK)
    return AskedComparison(providers, _since(now), now)


def _since(now: datetime) -> datetime:
    return now - timedelta(days=USUAL_DAYS)
