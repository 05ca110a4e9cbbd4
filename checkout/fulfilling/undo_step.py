"""Undo a step that a shop has recorded by mistake, in the shop's record and in the buyer's order at once."""

from datetime import datetime

from django.db import transaction

from checkout.fulfilling.parts import find_parcel, find_part, tracking_of
from checkout.fulfilment.errors import WrongStepError
from checkout.fulfilment.events import VendorOrderStepUndone
from checkout.fulfilment.parcels import SentParcel
from checkout.fulfilment.services import advance_vendor_order, take_parcel_back
from checkout.fulfilment.status import PartStatus
from checkout.models import SubOrder
from checkout.moves.facts import PartFacts
from checkout.moves.judging import check_parcel_move, check_part_move
from checkout.moves.move import Side
from checkout.orders.selectors import lock_order
from kit.db.roles import as_platform
from kit.work import outbox
from tenants.models import Shop, ShopEventKind
from tenants.shops.audit_trail import record_event


def undo_step(
    *, shop: Shop, number: str, step: PartStatus, actor_id: int, now: datetime, by: Side = Side.SHOP
) -> PartStatus:
    """Take a part back to the status that it had before a step, and write it in the shop's audit trail.

    What is shipped goes back to packed, or to be packed where it left without that step, without its last parcel; what
    is packed goes back to be packed. The buyer is notified.

    Args:
        step: the status that the caller saw; a second press of the button undoes no second step.

    Returns:
        the status that the part has now.

    Raises:
        NotFoundError: the shop has no such part.
        WrongStepError: the part is not at this step, or the step can't be undone; nothing has changed.
        UndoTooLateError: it was shipped too long ago; nothing has changed.
    """
    key = find_part(shop=shop, number=number)
    with transaction.atomic():
        with as_platform():  # the order is the buyer's
            lock_order(order_id=key.order_id)
            part = SubOrder.objects.get(pk=key.id)
            facts = PartFacts.of(part)
            check_part_move(facts, "undo", by=by, now=now)
            if part.status != step:
                raise WrongStepError
            parcel = facts.on_the_way[-1] if step == PartStatus.SHIPPED else None
            back_to, since = _undo_sub_order(part, parcel, now)
        if parcel is None:
            advance_vendor_order(
                schema_name=shop.schema_name, vendor_order_id=part.pk, start=step, to=back_to, now=since
            )
        else:
            _take_back(shop, part, parcel, start=step)
        _tell(shop, part, parcel, step=step, actor_id=actor_id, now=now)
    return back_to


def undo_parcel(*, shop: Shop, number: str, parcel: int, actor_id: int, now: datetime, by: Side = Side.SHOP) -> None:
    """Take back a parcel that has not left, though it was recorded; its units are to be sent again.

    Args:
        parcel: its number among those of the part.

    Raises:
        NotFoundError: the shop has no such part, or the part no such parcel.
        WrongStepError: the parcel has arrived; nothing has changed.
        UndoTooLateError: it was shipped too long ago; nothing has changed.
    """
    key = find_part(shop=shop, number=number)
    with transaction.atomic():
        with as_platform():  # the order is the buyer's
            lock_order(order_id=key.order_id)
            part = SubOrder.objects.get(pk=key.id)
            found = find_parcel(part.sent_parcels, parcel)
            check_parcel_move(found, "undo", by=by, now=now)
            start = part.status
            _undo_sub_order(part, found, now)
        _take_back(shop, part, found, start=start)
        _tell(shop, part, found, step=PartStatus.SHIPPED, actor_id=actor_id, now=now)


def _undo_sub_order(part: SubOrder, parcel: SentParcel | None, now: datetime) -> tuple[PartStatus, datetime]:
    """Write the earlier status and its time into a sub-order, without the parcel; return both."""
    parcels = [each for each in part.sent_parcels if parcel is not None and each.number != parcel.number]
    if part.status == PartStatus.PACKED and parcel is None:
        parcels = part.sent_parcels
        back_to = PartStatus.NEW
    elif part.status == PartStatus.SHIPPED:
        back_to = PartStatus.PACKED if PartStatus.PACKED in part.step_times else PartStatus.NEW
    else:
        back_to = PartStatus(part.status)
    since = part.times.get(back_to, now)
    if back_to != part.status:
        part.step_times.pop(part.status, None)
    part.status, part.status_at = back_to, since
    part.tracking = tracking_of(parcels[-1]) if parcels else {}
    part.parcels = [each.as_json() for each in parcels]
    part.delivery_due_at = part.arrive_by_on = None
    names = ["status", "status_at", "tracking", "parcels", "step_times", "delivery_due_at", "arrive_by_on"]
    part.save(update_fields=names)
    return back_to, since


def _take_back(shop: Shop, part: SubOrder, parcel: SentParcel, *, start: str) -> None:
    take_parcel_back(
        schema_name=shop.schema_name,
        vendor_order_id=part.pk,
        start=start,
        number=parcel.number,
        back_to=PartStatus(part.status),
        since=part.status_at,
    )


def _tell(
    shop: Shop, part: SubOrder, parcel: SentParcel | None, *, step: PartStatus, actor_id: int, now: datetime
) -> None:
    """Write the undone step into the audit trail of the shop, and have the buyer notified."""
    details = {"before": step.value, "after": part.status}
    if parcel is not None:
        details["tracking"] = parcel.tracking
    record_event(
        shop_id=shop.pk,
        actor_id=actor_id,
        kind=ShopEventKind.STEP_UNDONE,
        subject=part.number,
        details=details,
        now=now,
    )
    units = tuple(parcel.lines.items()) if parcel is not None else ()
    event = VendorOrderStepUndone(
        shop.pk,
        part.pk,
        step.value,
        now,
        variants=tuple(key for key, _ in units),
        quantities=tuple(count for _, count in units),
    )
    outbox.emit(event, now=now)
