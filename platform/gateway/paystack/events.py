"""Paystack's events: https://paystack.com/docs/payments/webhooks/#supported-events."""

from typing import Any

from gateway.events import UNREADABLE_EVENT, EventKind, ProviderEvent, read_object

KINDS = {"charge.success": EventKind.CHARGE_SUCCEEDED}
FAMILIES = {
    "refund": EventKind.REFUND_MOVED,
    "charge.dispute": EventKind.DISPUTE_MOVED,
    "transfer": EventKind.TRANSFER_MOVED,
}


def parse_event(body: bytes) -> ProviderEvent:
    """Return the event that a body describes; refund events name their charge and no refund."""
    event = read_object(body)
    if event is None or not isinstance(event.get("event"), str):
        return UNREADABLE_EVENT
    name: str = event["event"]
    return ProviderEvent(_kind_of(name), name, _reference(event.get("data")))


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
