"""Undo a step that a shop has recorded by mistake, in the shop's record and in the buyer's order at once."""

from datetime import datetime

from django.db import transaction

from checkout.fulfilling.parts import PartKey, find_part
from checkout.fulfilment.errors import WrongStepError
from checkout.fulfilment.events import VendorOrderStepUndone
from checkout.fulfilment.services import undo_vendor_order_step
from checkout.fulfilment.status import PartStatus
from checkout.models import SubOrder
from checkout.moves.facts import PartFacts
from checkout.moves.judging import check_part_move
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

    What is shipped goes back to packed, or to be packed where it left without that step; what is packed goes back to be
    packed. The buyer is notified.

    Args:
        step: the status that the caller saw; a second press of the button undoes no second step.

    Returns:
        the status that the part has now.

    Raises:
        NotFoundError: the shop has no such part.
        WrongStepError: the part is not at this step, or the step can't be undone; nothing has changed.
        UndoTooLateError: it was shipped too long ago; nothing has changed.
    """
    part = find_part(shop=shop, number=number)
    with transaction.atomic():
        with as_platform():  # the order is the buyer's
            lock_order(order_id=part.order_id)
            back_to, since = _undo_sub_order(part, step, by, now)
        removed = undo_vendor_order_step(
            schema_name=shop.schema_name, vendor_order_id=part.id, step=step, back_to=back_to, since=since
        )
        details = {"before": step.value, "after": back_to.value}
        if removed is not None:
            details["tracking"] = str(removed)
        record_event(
            shop_id=shop.pk,
            actor_id=actor_id,
            kind=ShopEventKind.STEP_UNDONE,
            subject=number,
            details=details,
            now=now,
        )
        outbox.emit(VendorOrderStepUndone(shop.pk, part.id, step.value, now), now=now)
    return back_to


def _undo_sub_order(part: PartKey, step: PartStatus, by: Side, now: datetime) -> tuple[PartStatus, datetime]:
    """Write the earlier status and its time into the sub-order, if the step may be undone; return both."""
    sub_order = SubOrder.objects.get(pk=part.id)
    check_part_move(PartFacts.of(sub_order), "undo", by=by, now=now)
    if sub_order.status != step:
        raise WrongStepError
    was_packed = step == PartStatus.SHIPPED and PartStatus.PACKED in sub_order.step_times
    back_to = PartStatus.PACKED if was_packed else PartStatus.NEW
    since = sub_order.times.get(back_to, now)
    sub_order.step_times.pop(step.value, None)
    sub_order.status, sub_order.status_at, sub_order.tracking = back_to, since, {}
    sub_order.delivery_due_at = None
    sub_order.save(update_fields=["status", "status_at", "tracking", "step_times", "delivery_due_at"])
    return back_to, since
