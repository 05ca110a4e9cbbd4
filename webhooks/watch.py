"""The watch's check of the inbox."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy, gettext_noop

from payouts.audit import Finding, Found
from payouts.audit.findings import SHOWN
from payouts.watch.checks import WatchCheck
from webhooks.models import InboundEvent, InboundStatus
from webhooks.stored_sentences import STUCK

WAITS_TOO_LONG = timedelta(hours=1)


def find_stuck_events(now: datetime) -> Found:
    """Find the events of providers that were given up, or have waited for long."""
    waiting = Q(status=InboundStatus.RECEIVED, received_at__lt=now - WAITS_TOO_LONG)
    stuck = InboundEvent.objects.filter(Q(status=InboundStatus.FAILED) | waiting)
    columns = ("pk", "kind", "reference", "status", "received_at", "outcome")
    oldest = stuck.order_by("pk").values_list(*columns)[:SHOWN]
    findings = [
        Finding(
            f"inbox event {key} ({kind} {reference}".rstrip() + ")",
            gettext_noop("processed"),
            STUCK.written(longest=500, status=InboundStatus(status), at=received_at, outcome=outcome),
        )
        for key, kind, reference, status, received_at, outcome in oldest
    ]
    return Found(findings, len(findings) if len(findings) < SHOWN else stuck.count())


INBOX_CHECK = WatchCheck(
    "inbox_stuck",
    gettext_lazy("Every event of a provider is processed within an hour"),
    gettext_lazy(
        "We could not process an event from a provider, so a payment, a refund or a payout may not be as its page "
        "says. Open the event, read its outcome, and process it again."
    ),
    find_stuck_events,
)
