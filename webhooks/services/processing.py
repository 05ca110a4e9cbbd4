"""Processing a stored event: once when all goes well, again with growing waits when it does not."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from gateway.errors import ProviderRefusedError, ProviderUnavailableError
from webhooks.models import InboundEvent, InboundStatus
from webhooks.selectors import lock_event, lock_waiting_event
from webhooks.services.handlers import NotConfirmedYetError, Result, handle

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 12
FIRST_WAIT_SECONDS = 30
MAX_WAIT_SECONDS = 3600


def process_event(*, event_id: int, now: datetime) -> InboundEvent | None:
    """Process an event that waits, unless somebody is at it; return it with what came of it.

    The row is claimed in a short transaction that also sets the time of the next try: a worker that dies
    here leaves an event that the sweeper finds. The provider is asked outside of any transaction.
    """
    event = _claim(event_id, now)
    if event is None:
        return None
    try:
        result = handle(kind=event.kind, reference=event.reference, now=now)
    except ProviderUnavailableError as error:
        return _put_off(event, str(error), now, wait=error.retry_after)
    except (NotConfirmedYetError, ProviderRefusedError) as error:
        return _put_off(event, str(error), now)
    except Exception as error:
        logger.exception("Event %s (%s) failed; it will be tried again.", event.pk, event.kind)
        return _put_off(event, f"{type(error).__name__}: {error}", now)
    return _finish(event, result, now)


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after a number of tries: 30 s, 1 min, 2 min … 1 h."""
    return timedelta(seconds=min(FIRST_WAIT_SECONDS * 2 ** (attempts - 1), MAX_WAIT_SECONDS))


def _claim(event_id: int, now: datetime) -> InboundEvent | None:
    with transaction.atomic():
        event = lock_waiting_event(event_id=event_id, now=now)
        if event is None:
            return None
        event.attempts += 1
        event.retry_at = now + wait_after(event.attempts)
        event.save(update_fields=["attempts", "retry_at"])
    return event


def _put_off(event: InboundEvent, reason: str, now: datetime, *, wait: int | None = None) -> InboundEvent:
    if event.attempts >= MAX_ATTEMPTS:
        logger.warning("Event %s is given up after %s tries: %s", event.pk, event.attempts, reason)
        return _finish(event, Result(InboundStatus.FAILED, reason[:200]), now)
    delay = max(wait_after(event.attempts), timedelta(seconds=wait or 0))
    return _write(event, status=InboundStatus.RECEIVED, outcome=reason[:200], retry_at=now + delay, processed_at=None)


def _finish(event: InboundEvent, result: Result, now: datetime) -> InboundEvent:
    return _write(event, status=result.status, outcome=result.outcome[:200], retry_at=None, processed_at=now)


def _write(
    event: InboundEvent,
    *,
    status: InboundStatus,
    outcome: str,
    retry_at: datetime | None,
    processed_at: datetime | None,
) -> InboundEvent:
    """Write what came of an event, unless another try has finished it meanwhile."""
    with transaction.atomic():
        current = lock_event(event_id=event.pk)
        if current.status == InboundStatus.RECEIVED:
            current.status, current.outcome = status, outcome
            current.retry_at, current.processed_at = retry_at, processed_at
            current.save(update_fields=["status", "outcome", "retry_at", "processed_at"])
    return current
