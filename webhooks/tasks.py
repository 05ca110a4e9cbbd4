"""Tasks of the inbox."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from webhooks import services


@shared_task(name="webhooks.process_event")
def process_event(*, event_id: int, **_: Any) -> None:
    """Process one event."""
    services.process_event(event_id=event_id, now=timezone.now())


@shared_task(name="webhooks.sweep_inbox")
def sweep_inbox(**_: Any) -> None:
    """Take up events that were left behind."""
    services.sweep_inbox(now=timezone.now())


@shared_task(name="webhooks.purge_bodies")
def purge_bodies(**_: Any) -> None:
    """Empty the bodies of old events."""
    services.purge_bodies(now=timezone.now())
