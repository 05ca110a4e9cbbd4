"""Finding inbound events, and locking them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from kit.db.pipeline import Query, ask
from kit.errors import NotFoundError
from kit.templatetags.ui import pretty
from kit.text.matching import plain_identifier
from kit.work.leased import BackOff
from webhooks.models import InboundEvent, InboundStatus

# A new event is due with any time: the clocks of those who store and those who process may differ.
CLAIM = """
    UPDATE public.webhooks_inboundevent
       SET attempts = attempts + 1,
           retry_at = $1 + LEAST($2::int * power(2, attempts), $3::int) * interval '1 second',
           leased_until = $1 + LEAST($2::int * power(2, attempts), $3::int) * interval '1 second'
     WHERE status = 'received' AND (attempts = 0 OR retry_at <= $1) AND id = {which}
    RETURNING id, provider, kind, body, attempts
"""
CLAIM_ONE = CLAIM.format(which="$4")
CLAIM_NEXT = CLAIM.format(
    which="""(
        SELECT id FROM public.webhooks_inboundevent
         WHERE status = 'received' AND (attempts = 0 OR retry_at <= $1) AND retry_at <= $1 + interval '1 minute'
         ORDER BY retry_at, id
         LIMIT 1
           FOR UPDATE SKIP LOCKED)"""
)


@dataclass(frozen=True, slots=True)
class ClaimedEvent:
    """Columns that the processing of a claimed event needs."""

    id: int
    provider: str
    kind: str
    body: bytes
    attempts: int


def list_events(*, status: str = "", search: str = "") -> "QuerySet[InboundEvent]":
    """Return events without their bodies, newest first, narrowed by status and by kind or reference."""
    events = InboundEvent.objects.defer("body").order_by("-id")
    if status:
        events = events.filter(status=status)
    if term := plain_identifier(search):
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
    """Return an event's body for people."""
    return pretty(bytes(event.body))


def count_by_status() -> dict[str, int]:
    """Return the number of events in each state."""
    counted: dict[str, Any] = dict(InboundEvent.objects.values_list("status").annotate(n=Count("id")))
    return {status: int(counted.get(status, 0)) for status in InboundStatus.values}


def claim_event(*, event_id: int | None, now: datetime, back_off: BackOff) -> ClaimedEvent | None:
    """Claim an event that is due, and set the time of its next try; None where there is none.

    With an id it waits for that event's lock. Without one it takes the longest waiting event that is not locked; the
    holder of a locked one asks for a worker when it is done.

    Args:
        back_off: gives the time of the next try, in case this one never reports.
    """
    waits = [now, int(back_off.first.total_seconds()), int(back_off.cap.total_seconds())]
    query = Query(CLAIM_NEXT, waits, list) if event_id is None else Query(CLAIM_ONE, [*waits, event_id], list)
    rows = ask(query)
    return ClaimedEvent(*rows[0]) if rows else None


def lock_event(*, event_id: int) -> InboundEvent:
    """Lock an event; needs an open transaction.

    Raises:
        NotFoundError: there is none.
    """
    event = InboundEvent.objects.select_for_update().filter(pk=event_id).first()
    if event is None:
        raise NotFoundError
    return event
