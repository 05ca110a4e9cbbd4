"""An order's steps as a timeline."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.status import PartStatus

STEPS = (PartStatus.NEW, PartStatus.PACKED, PartStatus.SHIPPED, PartStatus.DELIVERED)
TITLES = {
    PartStatus.PACKED: gettext_lazy("Packed"),
    PartStatus.SHIPPED: gettext_lazy("Shipped"),
    PartStatus.DELIVERED: gettext_lazy("Delivered"),
}


def timeline_of(order: VendorOrder, times: Mapping[str, datetime]) -> list[dict[str, Any]]:
    """Return an order's past, next and coming steps.

    Args:
        times: the time of each step, where it was stored.
    """
    events: list[dict[str, Any]] = [{"title": gettext("Placed"), "at": order.placed_at, "state": "done"}]
    if order.status == PartStatus.PENDING:
        return [*events, {"title": gettext("Awaiting payment"), "state": "current"}]
    if order.paid_at is not None:
        events.append({"title": gettext("Paid"), "at": order.paid_at, "state": "done"})
    if order.status not in STEPS:
        return [*events, {"title": order.status_label, "at": order.status_at, "state": "failed"}]
    reached = STEPS.index(PartStatus(order.status))
    shipments = list(order.shipments.all())
    for index, status in enumerate(STEPS[1:], start=1):
        note, at = "", times.get(status) if index <= reached else None
        if status == PartStatus.SHIPPED and shipments and index <= reached:
            at = max(each.shipped_at for each in shipments)  # with its last parcel all of it has left
            note = "; ".join(filter(None, (_parcel(each.carrier, each.tracking_number) for each in shipments)))
        events.append({"title": TITLES[status], "at": at, "note": note, "state": _state(index, reached, at)})
    return events


def _state(index: int, reached: int, at: datetime | None) -> str:
    if index <= reached:
        return "done"
    return "current" if index == reached + 1 and at is None else "todo"


def _parcel(carrier: str, tracking_number: str) -> str:
    return " · ".join(filter(None, (carrier, tracking_number)))
