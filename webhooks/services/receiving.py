"""Taking in an event: judged by its signature, stored, and handed on."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gateway import get_provider
from gateway.registry import UnknownProviderError
from kit.db.pipeline import Query, ask
from kit.work.jobs import wake
from webhooks.errors import BadSignatureError, UnknownWebhookProviderError
from webhooks.services.reading import read_event

STORE = """
    INSERT INTO public.webhooks_inboundevent
           (provider, digest, kind, reference, body, status, outcome, deliveries, attempts, received_at, retry_at)
    VALUES ($1, $2, $3, $4, $5, 'received', '', 1, 0, $6, $6)
    ON CONFLICT (provider, digest) DO UPDATE SET deliveries = webhooks_inboundevent.deliveries + 1
    RETURNING id, status = 'received' AND attempts = 0
"""


def may_be_an_event(headers: Mapping[str, str], parts: Mapping[str, Any]) -> bool:
    """Return whether a request can be an event of the provider in its address, judged by its headers.

    Args:
        headers: names in lower case.
        parts: parts of the address; `provider` is a name.
    """
    try:
        sender = get_provider(parts["provider"])
    except UnknownProviderError:
        return False
    return not sender.signature_header or bool(headers.get(sender.signature_header))


def receive_event(*, provider: str, body: bytes, headers: Mapping[str, str], now: datetime) -> int:
    """Store an event in one statement and ask for a worker; return its id.

    The same bytes again only count one delivery more, and ask for a worker again until the event was tried: a worker
    that looked meanwhile skipped the locked row. The body is not acted upon here.

    Raises:
        UnknownWebhookProviderError: there is no such provider; nothing is stored.
        BadSignatureError: it does not come from the provider; nothing is stored.
    """
    try:
        sender = get_provider(provider)
    except UnknownProviderError as error:
        raise UnknownWebhookProviderError from error
    if not sender.is_authentic(body=body, headers=headers):
        raise BadSignatureError
    event = read_event(provider=provider, body=body)
    digest = hashlib.sha256(body).hexdigest()
    [(event_id, is_waiting)] = ask(Query(STORE, [provider, digest, event.name, event.reference, body, now], list))
    if is_waiting:
        wake("webhooks.tasks.drain_inbox")
    return int(event_id)
