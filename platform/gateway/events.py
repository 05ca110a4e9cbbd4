"""Inbound events of payment providers, in the platform's own words."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gateway.disputes import DisputeMove

UNREADABLE = "unreadable"


class EventKind(StrEnum):
    """Kinds of inbound events that the platform tells apart."""

    CHARGE_SUCCEEDED = "charge_succeeded"
    CHARGE_FAILED = "charge_failed"
    REFUND_MOVED = "refund_moved"
    DISPUTE_MOVED = "dispute_moved"
    TRANSFER_MOVED = "transfer_moved"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """One inbound event, before anything in it is believed: only a hint to ask the provider.

    Args:
        name: the provider's own name for the event, shown to operators.
        reference: our reference of the charge or the transfer that it is about, where it names one.
        refund_key: our key of the refund that it is about, where it names one.
        dispute_id: the provider's id of the dispute that it is about, where it names one.
        dispute_move: the dispute's move that it tells of.
    """

    kind: EventKind
    name: str
    reference: str = ""
    refund_key: str = ""
    dispute_id: str = ""
    dispute_move: DisputeMove | None = None


UNREADABLE_EVENT = ProviderEvent(EventKind.OTHER, UNREADABLE)


def read_object(body: bytes) -> dict[str, Any] | None:
    """Return the JSON object that a body holds; None where it holds none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
