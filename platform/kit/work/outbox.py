"""The outbox: events written with the change they tell of, handed to who hears them after it, at least once."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from kit.db.pipeline import Query, as_json, ask, written
from kit.db.roles import as_platform
from kit.models import OutboxMessage
from kit.wiring import find_event, hearers, require_heard
from kit.work.events import Event, decode, encode, shop_of
from kit.work.jobs import wake

logger = logging.getLogger(__name__)

BATCH = 100
RELAY = "kit.tasks.relay_outbox"
MAX_BACKOFF_SECONDS = 3600

EMIT = """
INSERT INTO public.kit_outboxmessage (topic, shop_id, payload, created_at, attempts, last_error)
VALUES ($1, $2, $3, $4, 0, '')
"""


class UnknownEventError(Exception):
    """A message is of a topic that this release does not know, or that nobody hears."""


def emit(event: Event, *, now: datetime) -> None:
    """Write an event; call it inside the transaction that makes it true.

    Raises:
        WiringError: nobody would hear it.
    """
    query = emitting(event, now=now)
    with as_platform():  # no shop's role writes here: handlers believe what they are told
        ask(query)


def emitting(event: Event, *, now: datetime) -> Query[None]:
    """Return the query that `emit` runs, to go with others of the open transaction; not under a shop's role.

    Raises:
        WiringError: nobody would hear it.
    """
    require_heard(type(event))
    request_relay()
    return Query(EMIT, [event.topic, shop_of(event), as_json(encode(event)), now], written)


def request_relay() -> None:
    """Ask for a relay right after the commit; the beat schedule asks again for what is missed."""
    wake(RELAY)


def relay(*, now: datetime) -> int:
    """Deliver due messages, oldest first; return how many were delivered.

    Each message is locked, handled and deleted in a transaction of its own, so that relays may run side
    by side and a failing message delays nobody but itself.
    """
    delivered = 0
    for _ in range(BATCH):
        if not _relay_next(now=now):
            return delivered
        delivered += 1
    request_relay()  # for the rest, after other tasks have had their turn
    return delivered


def _relay_next(*, now: datetime) -> bool:
    with transaction.atomic():
        message = _claim(now)
        if message is None:
            return False
        try:
            with transaction.atomic():
                _deliver(message, now)
        except Exception as error:
            logger.exception("Outbox message %s (%s) failed; it will be retried.", message.pk, message.topic)
            _put_off(message, error, now)
        else:
            message.delete()
    return True


def _claim(now: datetime) -> OutboxMessage | None:
    """Lock the message that has been due for longest, passing over those that other relays hold."""
    due = OutboxMessage.objects.exclude(retry_at__gt=now)
    return due.select_for_update(skip_locked=True).order_by("id").first()


def _deliver(message: OutboxMessage, now: datetime) -> None:
    """Hand a message to everybody who hears its event."""
    kind = find_event(message.topic)
    if kind is None:
        raise UnknownEventError(f"Nobody hears {message.topic}.")
    event = decode(kind, {"shop_id": message.shop_id, **message.payload})
    for handler in hearers(kind):
        handler(event, now)


def _put_off(message: OutboxMessage, error: Exception, now: datetime) -> None:
    delay = min(2**message.attempts, MAX_BACKOFF_SECONDS)
    message.attempts += 1
    message.retry_at = now + timedelta(seconds=delay)
    message.last_error = str(error)[:1000]
    message.save(update_fields=["attempts", "retry_at", "last_error"])
