"""The days that are compared without being asked for."""

from datetime import datetime, timedelta

from gateway import get_provider
from gateway.registry import provider_names
from payouts.models import ReconciliationRun
from payouts.reconciliation.run import reconcile

USUAL_DAYS = 3  # each day is compared three times: what the provider is slow with is there by the last one


def reconcile_usual_days(*, now: datetime) -> list[ReconciliationRun]:
    """Compare the last days of every provider that lists its records."""
    since = now - timedelta(days=USUAL_DAYS)
    names = [name for name in provider_names() if get_provider(name).capabilities.lists_records]
    return [reconcile(provider=name, since=since, until=now, now=now) for name in names]
