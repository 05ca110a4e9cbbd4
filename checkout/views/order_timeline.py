"""A part's way to its buyer, step by step, with the time of each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from checkout.fulfilment.status import SOLD, PartStatus
from checkout.models import DeliveredBy, Order, Refund, RefundStatus, SubOrder
from checkout.orders.status_labels import part_label
from kit.money import format_minor

ON_THE_WAY = (PartStatus.PACKED, PartStatus.SHIPPED, PartStatus.DELIVERED)
Event = dict[str, Any]


def timeline(order: Order, part: SubOrder, refunds: Sequence[Refund] = ()) -> list[Event]:
    """Return a part's past, current and coming steps.

    Args:
        refunds: the refunds of this part.
    """
    events = [_event(_("Ordered"), order.placed_at)]
    if part.status == PartStatus.PENDING:
        return [*events, _event(part_label(part), None, state="current")]
    if order.paid_at is not None and order.total_minor:
        events.append(_event(_("Paid"), order.paid_at))
    if part.status in SOLD:
        return [*events, *_steps(part)]
    return [*events, _event(part_label(part), part.status_at, state="failed"), *map(_refund_event, refunds)]


def _steps(part: SubOrder) -> list[Event]:
    if part.status == PartStatus.NEW:
        preparing = _event(part_label(part), None, state="current")
        return [preparing, *(_event(_title(step), None, state="todo") for step in ON_THE_WAY)]
    reached = ON_THE_WAY.index(PartStatus(part.status))
    times = part.times
    is_unpacked = PartStatus.NEW in times and PartStatus.PACKED not in times  # it left without that step
    events = []
    for place, step in enumerate(ON_THE_WAY):
        if step == PartStatus.PACKED and is_unpacked:
            continue
        at = times.get(step) if place <= reached else None
        note = _note(part, step) if place <= reached else ""
        events.append(_event(_title(step), at, state="done" if place <= reached else "todo", note=note))
    return events


def _title(step: PartStatus) -> str:
    titles = {
        PartStatus.PACKED: _("Packed"),
        PartStatus.SHIPPED: _("On its way"),
        PartStatus.DELIVERED: _("Delivered"),
    }
    return titles[step]


def _note(part: SubOrder, step: PartStatus) -> str:
    """Return the parcel's tracking at the step by which it left, and the side by whose word it has arrived."""
    notes = {
        DeliveredBy.BUYER: _("You have told us that it has arrived."),
        DeliveredBy.SHOP: _("The shop has told us that it has arrived."),
        DeliveredBy.OPERATOR: _("We have marked it as delivered."),
        DeliveredBy.TIMER: _("It should have arrived by then. If you don’t have it, ask the shop."),
    }
    if step == PartStatus.DELIVERED and part.delivered_by:
        return notes[DeliveredBy(part.delivered_by)]
    return _parcel(part) if step == PartStatus.SHIPPED else ""


def _parcel(part: SubOrder) -> str:
    return " · ".join(filter(None, (part.tracking.get("carrier", ""), part.tracking.get("number", ""))))


def _refund_event(refund: Refund) -> Event:
    amount = format_minor(refund.amount_minor, refund.currency)
    if refund.status == RefundStatus.PROCESSED:
        return _event(_("%(amount)s refunded") % {"amount": amount}, refund.ended_at)
    if refund.status == RefundStatus.SET_OFF:
        return _event(_("%(amount)s paid by your bank") % {"amount": amount}, refund.ended_at)
    return _event(_("A refund of %(amount)s is on its way") % {"amount": amount}, None, state="current")


def _event(title: str, at: datetime | None, *, state: str = "done", note: str = "") -> Event:
    return {"title": title, "at": at, "state": state, "note": note}
