"""Add or correct the tracking of a parcel that is on its way."""

from datetime import datetime

from django.db import transaction

from checkout.fulfilling.parts import find_part, tracking_of
from checkout.fulfilment.events import VendorOrderTrackingChanged
from checkout.fulfilment.services import Parcel, change_vendor_order_parcel
from checkout.models import SubOrder
from checkout.moves.facts import PartFacts
from checkout.moves.judging import check_part_move
from checkout.moves.move import Side
from checkout.orders.selectors import lock_order
from kit.db.roles import as_platform
from kit.web.versions import Seen
from kit.work import outbox
from tenants.models import Shop, ShopEventKind
from tenants.shops.audit_trail import record_event


def change_tracking(
    *,
    shop: Shop,
    number: str,
    parcel: Parcel,
    actor_id: int,
    now: datetime,
    seen: Seen = None,
    by: Side = Side.SHOP,
) -> bool:
    """Write another carrier and tracking number, keep the earlier ones in the audit trail, and notify the buyer.

    Args:
        seen: the versions of the parcel that it may be made from; None: whatever is there.

    Returns:
        False where they are what was there already; nothing has changed then.

    Raises:
        NotFoundError: the shop has no such part.
        WrongStepError: the part is not on its way; nothing has changed.
        ChangedMeanwhileError: the tracking is another one by now; nothing has changed.
    """
    part = find_part(shop=shop, number=number)
    with transaction.atomic():
        with as_platform():  # the order is the buyer's
            lock_order(order_id=part.order_id)
            check_part_move(PartFacts.of(SubOrder.objects.get(pk=part.id)), "change_tracking", by=by, now=now)
        before = change_vendor_order_parcel(
            schema_name=shop.schema_name, vendor_order_id=part.id, parcel=parcel, seen=seen
        )
        if before == parcel:
            return False
        SubOrder.objects.filter(pk=part.id).update(tracking=tracking_of(parcel))
        record_event(
            shop_id=shop.pk,
            actor_id=actor_id,
            kind=ShopEventKind.TRACKING_CHANGED,
            subject=number,
            details={"before": str(before), "after": str(parcel)},
            now=now,
        )
        outbox.emit(VendorOrderTrackingChanged(shop.pk, part.id, parcel.carrier, parcel.tracking_number, now), now=now)
    return True
