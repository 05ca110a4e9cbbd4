"""Taking in an event: judged by its signature, stored, and handed on."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection

from gateway import get_provider
from kit.jobs import enqueue
from webhooks.errors import BadSignatureError
from webhooks.services.reading import read_headline

# How long the task that is asked for at once has, before the sweeper asks for another.
FIRST_TRY_WITHIN = timedelta(seconds=20)

STORE = """
    INSERT INTO public.webhooks_inboundevent
           (provider, digest, kind, reference, body, status, outcome, deliveries, attempts, received_at, retry_at)
    VALUES (%s, %s, %s, %s, %s, 'received', '', 1, 0, %s, %s)
    ON CONFLICT (provider, digest) DO UPDATE SET deliveries = webhooks_inboundevent.deliveries + 1
    RETURNING id, deliveries
"""


def receive_event(*, provider: str, body: bytes, headers: Mapping[str, str], now: datetime) -> int:
    """Store an event in one statement and ask for it to be processed; return its id.

    The same bytes again only count one delivery more. Nothing in the body is acted upon here.

    Raises:
        BadSignatureError: it does not come from the provider; nothing is stored.
    """
    if not get_provider(provider).is_authentic(body=body, headers=headers):
        raise BadSignatureError
    headline = read_headline(body)
    digest = hashlib.sha256(body).hexdigest()
    retry_at = now + FIRST_TRY_WITHIN
    with connection.cursor() as cursor:
        cursor.execute(STORE, (provider, digest, headline.kind, headline.reference, body, now, retry_at))
        event_id, deliveries = cursor.fetchone()
    if deliveries == 1:
        enqueue("webhooks.tasks.process_event", event_id=event_id)
    return int(event_id)
