"""Processing an event again on request, and emptying old ones."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from kit.errors import ConflictError
from kit.work.housekeeping import in_batches
from kit.work.jobs import wake
from webhooks.models import InboundEvent, InboundStatus
from webhooks.selectors import lock_event

BODIES_KEPT = timedelta(days=90)

# The row stays, with its digest: the same bytes delivered again are still known.
EMPTY_BODIES = """
    UPDATE webhooks_inboundevent SET body = '' WHERE id = ANY(ARRAY(
        SELECT id FROM webhooks_inboundevent
         WHERE received_at < %s AND status <> 'received' AND body <> ''
         ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
"""


def purge_bodies(*, now: datetime) -> int:
    """Empty the bodies of old events that are done; return their number."""
    return in_batches(EMPTY_BODIES, now - BODIES_KEPT)


def replay_event(*, event_id: int, now: datetime) -> InboundEvent:
    """Have an event processed again from the start; processing one twice changes nothing twice.

    Raises:
        NotFoundError: there is none.
        ConflictError: it is waiting to be processed anyway, or too old to have a body.
    """
    with transaction.atomic():
        event = lock_event(event_id=event_id)
        if event.status == InboundStatus.RECEIVED:
            raise ConflictError(gettext("This event is waiting to be processed already."))
        if not event.body:
            raise ConflictError(gettext("This event is too old: its body has been removed."))
        event.status, event.outcome, event.attempts = InboundStatus.RECEIVED, "", 0
        event.due_at, event.processed_at, event.last_error = now, None, ""
        event.save(update_fields=["status", "outcome", "attempts", "due_at", "processed_at", "last_error"])
        wake("webhooks.tasks.drain_inbox")
    return event
