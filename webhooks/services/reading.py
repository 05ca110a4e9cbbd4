"""What an event's body says of itself, before anything is believed."""

import json
import re
from dataclasses import dataclass
from typing import Any

UNREADABLE = "unreadable"
# What may stand in a kind or a reference; anything else is taken out, so that it can be stored and shown.
HARMLESS = re.compile(r"[^A-Za-z0-9._=:-]")


@dataclass(frozen=True, slots=True)
class Headline:
    """An event's kind, and the reference of ours that it is about."""

    kind: str
    reference: str


def read_headline(body: bytes) -> Headline:
    """Read an event's kind and reference; a body that makes no sense is `unreadable`."""
    try:
        event = json.loads(body)
    except ValueError:
        return Headline(UNREADABLE, "")
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        return Headline(UNREADABLE, "")
    return Headline(_clean(event["event"]) or UNREADABLE, _clean(_reference(event.get("data"))))


def _reference(data: Any) -> str:
    """Return whose event it is: each family of events puts the reference in another place."""
    if not isinstance(data, dict):
        return ""
    charge = data.get("transaction")
    nested = charge.get("reference") if isinstance(charge, dict) else None
    for value in (nested, data.get("transaction_reference"), data.get("reference")):
        if isinstance(value, str) and value:
            return value
    return ""


def _clean(text: str) -> str:
    return HARMLESS.sub("", text)[:60]
