"""Processing of a stored event: once, or again with growing waits after a failure."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import override

from gateway.errors import ProviderRefusedError, ProviderUnavailableError
from kit.db.pipeline import Query, ask, written
from kit.sentences.values import SOURCE
from kit.work.leased import DIED, BackOff, reason_for, storable
from webhooks.models import InboundStatus
from webhooks.selectors import ClaimedEvent, claim_event
from webhooks.services.handlers import NotConfirmedYetError, Result, handle
from webhooks.services.reading import read_event

logger = logging.getLogger(__name__)

BACK_OFF = BackOff(first=timedelta(seconds=30), cap=timedelta(hours=1), attempts=12)

# Unless another try has finished it meanwhile.
WRITE = """
    UPDATE public.webhooks_inboundevent SET status = $2, outcome = $3, retry_at = $4, processed_at = $5,
           leased_until = NULL, last_error = $6
     WHERE id = $1 AND status = 'received'
"""


@dataclass(frozen=True, slots=True)
class Tried:
    """Result of a try to process an event."""

    event_id: int
    status: InboundStatus
    outcome: str
    due_at: datetime | None
    last_error: str = ""


def process_next(*, now: datetime) -> Tried | None:
    """Process the longest waiting event that is not locked; None where none is due."""
    return _process(claim_event(event_id=None, now=now, back_off=BACK_OFF), now)


def process_event(*, event_id: int, now: datetime) -> Tried | None:
    """Process a waiting event, unless another worker holds it; return the result."""
    return _process(claim_event(event_id=event_id, now=now, back_off=BACK_OFF), now)


def _process(event: ClaimedEvent | None, now: datetime) -> Tried | None:
    """Act on a claimed event, outside of any transaction.

    The claim is committed and has set the time of the next try: a worker that dies here leaves an event that is
    found again.
    """
    if event is None:
        return None
    if BACK_OFF.is_spent(event.attempts - 1):  # the try before was the last, and its worker has said nothing
        return _put_off(event, DIED, now)
    try:
        with override(SOURCE):  # refusals are stored
            said = read_event(provider=event.provider, body=event.body)
            result = handle(provider=event.provider, event=said, now=now)
    except ProviderUnavailableError as error:
        return _put_off(event, str(error), now, wait=error.retry_after)
    except (NotConfirmedYetError, ProviderRefusedError) as error:
        return _put_off(event, str(error), now)
    except Exception as error:
        logger.exception("Event %s (%s) failed; it will be tried again.", event.id, event.kind)
        return _put_off(event, reason_for(error), now)
    return _finish(event, result, now)


def _put_off(event: ClaimedEvent, reason: str, now: datetime, *, wait: int | None = None) -> Tried:
    reason = storable(reason, longest=200)
    if BACK_OFF.is_spent(event.attempts):
        logger.warning("Event %s is given up after %s tries: %s", event.id, event.attempts, reason)
        return _write(Tried(event.id, InboundStatus.FAILED, reason, None, reason), processed_at=now)
    due_at = now + BACK_OFF.wait(event.attempts, retry_after=wait)
    return _write(Tried(event.id, InboundStatus.RECEIVED, reason, due_at, reason), processed_at=None)


def _finish(event: ClaimedEvent, result: Result, now: datetime) -> Tried:
    return _write(Tried(event.id, result.status, result.outcome[:200], None), processed_at=now)


def _write(tried: Tried, *, processed_at: datetime | None) -> Tried:
    outcome = [tried.status.value, tried.outcome, tried.due_at, processed_at, tried.last_error]
    ask(Query(WRITE, [tried.event_id, *outcome], written))
    return tried
