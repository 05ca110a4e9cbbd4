"""Reading an event's body in its provider's words, before anything in it is believed."""

import re
from dataclasses import replace

from gateway import get_provider
from gateway.events import UNREADABLE, ProviderEvent

# Characters of a name or a reference; others are removed, so that it can be stored and shown.
HARMLESS = re.compile(r"[^A-Za-z0-9._=:-]")


def read_event(*, provider: str, body: bytes) -> ProviderEvent:
    """Return the event that a body describes, in the port's terms and with harmless texts."""
    event = get_provider(provider).parse_event(body=body)
    return replace(
        event,
        name=_clean(event.name) or UNREADABLE,
        reference=_clean(event.reference),
        refund_key=_clean(event.refund_key),
    )


def _clean(text: str) -> str:
    return HARMLESS.sub("", text)[:60]
