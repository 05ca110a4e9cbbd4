"""The outbox: messages written with the change they tell of, delivered after it, at least once."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from kit.db.pipeline import Query, as_json, ask, written
from kit.db.roles import as_platform
from kit.models import OutboxMessage
from kit.work.jobs import wake

logger = logging.getLogger(__name__)

Handler = Callable[[int | None, dict[str, Any], datetime], None]
BATCH = 100
MAX_BACKOFF_SECONDS = 3600
_handlers: dict[str, list[Handler]] = {}


def on(topic: str, handler: Handler) -> None:
    """Register a handler for a topic; called from an app's `ready`. Handlers must be idempotent."""
    handlers = _handlers.setdefault(topic, [])
    if handler not in handlers:
        handlers.append(handler)


EMIT = """
INSERT INTO public.kit_outboxmessage (topic, shop_id, payload, created_at, attempts, last_error)
VALUES ($1, $2, $3, $4, 0, '')
"""


def emit(*, topic: str, payload: dict[str, Any], now: datetime, shop_id: int | None = None) -> None:
    """Write a message; call it inside the transaction that makes the message true."""
    with as_platform():  # no shop's role writes here: handlers believe what they are told
        ask(_writing(topic, payload, now, shop_id))
    request_relay()


def emitting(*, topic: str, payload: dict[str, Any], now: datetime, shop_id: int | None = None) -> Query[None]:
    """Return what `emit` writes, to go along with other queries of the open transaction; not under a shop's role."""
    request_relay()
    return _writing(topic, payload, now, shop_id)


def request_relay() -> None:
    """Ask for a relay right after the commit; the beat schedule asks again for what is missed."""
    from kit.tasks import relay_outbox

    wake(relay_outbox)


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


def _writing(topic: str, payload: dict[str, Any], now: datetime, shop_id: int | None) -> Query[None]:
    return Query(EMIT, [topic, shop_id, as_json(payload), now], written)


def _relay_next(*, now: datetime) -> bool:
    with transaction.atomic():
        message = (
            OutboxMessage.objects.exclude(retry_at__gt=now).select_for_update(skip_locked=True).order_by("id").first()
        )
        if message is None:
            return False
        try:
            with transaction.atomic():
                for handler in _handlers.get(message.topic, []):
                    handler(message.shop_id, message.payload, now)
        except Exception as error:
            logger.exception("Outbox message %s (%s) failed; it will be retried.", message.pk, message.topic)
            delay = min(2**message.attempts, MAX_BACKOFF_SECONDS)
            message.attempts += 1
            message.retry_at = now + timedelta(seconds=delay)
            message.last_error = str(error)[:1000]
            message.save(update_fields=["attempts", "retry_at", "last_error"])
        else:
            message.delete()
    return True
