"""Finding inbound events, and locking them."""

import json
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from kit.errors import NotFoundError
from webhooks.models import InboundEvent, InboundStatus


def list_events(*, status: str = "", search: str = "") -> "QuerySet[InboundEvent]":
    """Return events without their bodies, newest first, narrowed by status and by kind or reference."""
    events = InboundEvent.objects.defer("body").order_by("-id")
    if status:
        events = events.filter(status=status)
    if term := search.strip():
        events = events.filter(Q(reference=term) | Q(kind__startswith=term))
    return events


def get_event(*, event_id: int) -> InboundEvent:
    """Return an event with its body.

    Raises:
        NotFoundError: there is none.
    """
    event = InboundEvent.objects.filter(pk=event_id).first()
    if event is None:
        raise NotFoundError
    return event


def readable_body(event: InboundEvent) -> str:
    """Return an event's body for people: indented where it is JSON."""
    text = bytes(event.body).decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def count_by_status() -> dict[str, int]:
    """Return how many events there are in each state."""
    counted: dict[str, Any] = dict(InboundEvent.objects.values_list("status").annotate(n=Count("id")))
    return {status: int(counted.get(status, 0)) for status in InboundStatus.values}


def due_event_ids(*, now: datetime, limit: int) -> list[int]:
    """Return events whose task was lost, or whose next try is due."""
    waiting = InboundEvent.objects.filter(status=InboundStatus.RECEIVED, retry_at__lte=now)
    return list(waiting.order_by("retry_at", "id").values_list("pk", flat=True)[:limit])


def lock_waiting_event(*, event_id: int, now: datetime) -> InboundEvent | None:
    """Lock an event that waits to be processed; None where it is done, or somebody is at it.

    An event is first tried as soon as it is there, and after that when its time has come. A lock that is held
    is waited for, not skipped: it may be no more than another delivery of the same bytes being counted.
    """
    waiting = InboundEvent.objects.filter(pk=event_id, status=InboundStatus.RECEIVED)
    due = waiting.filter(Q(attempts=0) | Q(retry_at__lte=now))
    return due.select_for_update().first()


def lock_event(*, event_id: int) -> InboundEvent:
    """Lock an event; needs an open transaction.

    Raises:
        NotFoundError: there is none.
    """
    event = InboundEvent.objects.select_for_update().filter(pk=event_id).first()
    if event is None:
        raise NotFoundError
    return event
