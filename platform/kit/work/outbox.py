"""The outbox: events written with their change, and delivered to their handlers after it, at least once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from kit.db.pipeline import Query, as_json, ask, written
from kit.db.roles import as_platform
from kit.live import touch
from kit.models import OutboxMessage
from kit.wiring import find_event, hearers, require_heard
from kit.work import leased, rounds
from kit.work.events import Event, decode, encode, shop_of
from kit.work.jobs import wake

RELAY = "kit.tasks.relay_outbox"

EMIT = """
INSERT INTO public.kit_outboxmessage (topic, shop_id, payload, created_at, retry_at, attempts, last_error)
VALUES ($1, $2, $3, $4, LEAST($4, now()), 0, '')
"""


# Tried for as long as it is there; `housekeeping.purge_outbox` says when that ends.
MESSAGES = leased.Kind(
    model=OutboxMessage,
    lease=timedelta(minutes=1),  # messages of a killed relay are delivered this much later
    back_off=leased.BackOff(first=timedelta(seconds=1), cap=timedelta(hours=1)),
    waiting=lambda _: Q(),
    given_up=lambda _: {},
)
SECONDS = 2.0  # of one round


class UnknownEventError(Exception):
    """A message's topic is unknown to this release, or has no handler."""


def emit(event: Event, *, now: datetime) -> None:
    """Write an event; call it inside the transaction that makes it true.

    Raises:
        WiringError: the event has no listener.
    """
    query = emit_query(event, now=now)
    with as_platform():  # no shop's role writes here: handlers believe what they are told
        ask(query)


def emit_query(event: Event, *, now: datetime) -> Query[None]:
    """Return the query that `emit` runs, to go with others of the open transaction; not under a shop's role.

    Raises:
        WiringError: the event has no listener.
    """
    require_heard(type(event))
    request_relay()
    touch(*event.live_subjects())
    return Query(EMIT, [event.topic, shop_of(event), as_json(encode(event)), now], written)


def request_relay() -> None:
    """Ask for a relay right after the commit; the beat schedule asks again for what is missed."""
    wake(RELAY)


def relay(*, now: datetime) -> int:
    """Deliver due messages, oldest first; return the number delivered.

    Each message is handled and deleted in a transaction of its own: relays may run side by side, and a message that
    fails delays no other.
    """
    relayed = rounds.work_through(MESSAGES, lambda message: _relay(message, now), now=now, seconds=SECONDS)
    if not relayed.is_complete:
        request_relay()  # for the rest, after other tasks have had their turn
    return relayed.done


def waiting_since(*, before: datetime, limit: int) -> tuple[list[OutboxMessage], int]:
    """Return the oldest events that were told before a time and wait for their handlers, and how many do."""
    waiting = OutboxMessage.objects.filter(created_at__lt=before)
    oldest = list(waiting.order_by("id")[:limit])
    return oldest, len(oldest) if len(oldest) < limit else waiting.count()


def _relay(message: OutboxMessage, now: datetime) -> None:
    with transaction.atomic():
        if not lock_message(message):
            return
        _deliver(message, now)
        OutboxMessage.objects.filter(pk=message.pk).delete()


def lock_message(message: OutboxMessage) -> bool:
    """Lock a claimed message until its delivery ends; return whether it is still the caller's."""
    mine = OutboxMessage.objects.select_for_update(skip_locked=True)
    return bool(mine.filter(pk=message.pk, leased_until=message.leased_until).order_by("pk").values_list("pk")[:1])


def _deliver(message: OutboxMessage, now: datetime) -> None:
    """Hand a message to everybody who hears its event."""
    kind = find_event(message.topic)
    if kind is None:
        raise UnknownEventError(f"{message.topic} has no handler.")
    event = decode(kind, {"shop_id": message.shop_id, **message.payload})
    for handler in hearers(kind):
        handler(event, now)
