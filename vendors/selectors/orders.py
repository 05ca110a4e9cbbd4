"""Corrections of an order, as the shop's audit trail has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tenants.models import ShopEventKind
from tenants.shops.activity import EventFilter, details_of, list_events

CORRECTIONS = frozenset(
    {
        ShopEventKind.STEP_UNDONE,
        ShopEventKind.TRACKING_CHANGED,
        ShopEventKind.UNITS_CANCELLED,
        ShopEventKind.PART_REFUNDED,
    }
)
MOST = 50


@dataclass(frozen=True, slots=True)
class Correction:
    """A step that was undone, or tracking that was changed.

    Args:
        by: name of the member who did it.
        details: the values before and after, in words.
    """

    kind: str
    label: str
    by: str
    details: str
    at: datetime


def corrections_of(*, shop_id: int, number: str) -> Sequence[Correction]:
    """Return the corrections of a shop's order, the latest first."""
    events = list_events(shop_id=shop_id, wanted=EventFilter(subject=number), limit=MOST)
    return [
        Correction(
            kind=event.kind,
            label=event.label,
            by=event.actor.name if event.actor else "",
            details=details_of(event),
            at=event.created_at,
        )
        for event in events
        if event.kind in CORRECTIONS
    ]
