"""The queues of cases that need an operator, for the overview, the menu and the lists alike."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, TextField, Value

from checkout.models import OWED_REFUNDS, STUCK_REFUNDS
from checkout.orders.operations import list_refunds, payments_needing_attention
from checkout.returning.selectors import escalated_returns
from console.selectors.bulk import list_bulk_jobs
from payouts.disputes.selectors import list_disputes
from payouts.models import DisputeStatus
from payouts.reconciliation.selectors import list_differences
from payouts.selectors.payouts import list_payouts
from payouts.watch.selectors import findings_needing_attention
from tenants.applications.selectors import waiting_applications
from tenants.shops.selectors import list_migration_failures
from webhooks.selectors import list_events

# A sweeper looks every half minute, so an event that waits this long is not just next in line.
EVENT_WAITS_TOO_LONG = timedelta(minutes=15)
REFUND_WAITS_TOO_LONG = timedelta(hours=6)


def stuck_refunds(*, now: datetime) -> "QuerySet[Any]":
    """Return the refunds that failed or have been on their way too long, oldest first."""
    waiting = Q(status__in=OWED_REFUNDS, created_at__lt=now - REFUND_WAITS_TOO_LONG)
    return list_refunds().filter(Q(status__in=STUCK_REFUNDS) | waiting).order_by("created_at", "id")


def stuck_events(*, now: datetime) -> "QuerySet[Any]":
    """Return the events of providers that failed or have waited too long, oldest first."""
    waiting = Q(status="received", received_at__lt=now - EVENT_WAITS_TOO_LONG)
    return list_events().filter(Q(status="failed") | waiting).order_by("id")


def count_queues(*, now: datetime) -> dict[str, int]:
    """Return the number of cases in each queue, in one statement."""
    queues: dict[str, QuerySet[Any]] = {
        "applications": waiting_applications(),
        "payments": payments_needing_attention(),
        "refunds": stuck_refunds(now=now),
        "returns": escalated_returns(),
        "disputes": list_disputes(status=DisputeStatus.OPEN).prefetch_related(None),
        "payouts": list_payouts(has_problem=True).prefetch_related(None),
        "differences": list_differences().select_related(None),
        "findings": findings_needing_attention(),
        "inbox": stuck_events(now=now),
        "migrations": list_migration_failures(),
        "bulk_jobs": list_bulk_jobs(state="failed"),
    }
    first, *others = (_counted(name, rows) for name, rows in queues.items())
    found = dict(first.union(*others, all=True))
    return {name: int(found.get(name, 0)) for name in queues}


def _counted(name: str, rows: "QuerySet[Any]") -> "QuerySet[Any, Any]":
    named = rows.select_related(None).order_by().annotate(queue=Value(name, output_field=TextField()))
    counted: QuerySet[Any, Any] = named.values("queue").annotate(number=Count("pk")).values_list("queue", "number")
    return counted
