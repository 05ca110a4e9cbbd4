"""Paystack's events: https://paystack.com/docs/payments/webhooks/#supported-events."""

from typing import Any

from gateway.bounds import LONGEST_ID
from gateway.disputes import DisputeMove
from gateway.events import UNREADABLE_EVENT, EventKind, ProviderEvent, read_object

KINDS = {"charge.success": EventKind.CHARGE_SUCCEEDED}
FAMILIES = {
    "refund": EventKind.REFUND_MOVED,
    "charge.dispute": EventKind.DISPUTE_MOVED,
    "transfer": EventKind.TRANSFER_MOVED,
}

MOVES = {"create": DisputeMove.CREATED, "remind": DisputeMove.REMINDED, "resolve": DisputeMove.RESOLVED}


def parse_event(body: bytes) -> ProviderEvent:
    """Return the event that a body describes; refund events name their charge and no refund."""
    event = read_object(body)
    if event is None or not isinstance(event.get("event"), str):
        return UNREADABLE_EVENT
    name: str = event["event"]
    kind, data = _kind_of(name), event.get("data")
    if kind == EventKind.DISPUTE_MOVED:
        move = MOVES.get(name.rpartition(".")[2], DisputeMove.OTHER)
        return ProviderEvent(kind, name, _reference(data), dispute_id=_dispute_id(data), dispute_move=move)
    return ProviderEvent(kind, name, _reference(data))


def _dispute_id(data: Any) -> str:
    """Return the dispute that an event names; empty where it names none that can be asked about."""
    found = str(data.get("id") or "") if isinstance(data, dict) else ""
    return found if len(found) <= LONGEST_ID and found.isascii() and found.isdecimal() else ""


def _kind_of(name: str) -> EventKind:
    family, _, _ = name.rpartition(".")
    return KINDS.get(name) or FAMILIES.get(family, EventKind.OTHER)


def _reference(data: Any) -> str:
    """Return an event's reference; each family of events puts it in another place."""
    if not isinstance(data, dict):
        return ""
    charge = data.get("transaction")
    nested = charge.get("reference") if isinstance(charge, dict) else None
    for value in (nested, data.get("transaction_reference"), data.get("reference")):
        if isinstance(value, str) and value:
            return value
    return ""
