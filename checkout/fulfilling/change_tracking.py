"""Add or correct the tracking of a parcel that is on its way."""

from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction

from checkout.fulfilling.parts import find_parcel, find_part, write_part
from checkout.fulfilment.events import VendorOrderTrackingChanged
from checkout.fulfilment.parcels import SentParcel
from checkout.fulfilment.services import Parcel, change_vendor_order_parcel
from checkout.models import SubOrder
from checkout.moves.facts import PartFacts
from checkout.moves.judging import check_parcel_move, check_part_move
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
    shipment: int | None = None,
    by: Side = Side.SHOP,
) -> bool:
    """Write another carrier, number and address, keep the earlier ones in the audit trail, and notify the buyer.

    Args:
        seen: the versions of the parcel that it may be made from; None: any version.
        shipment: the number of the parcel among those of the part; None: the last one of a part that is on its way.

    Returns:
        False where they are what was there already; nothing has changed then.

    Raises:
        NotFoundError: the shop has no such part, or the part no such parcel.
        WrongStepError: the parcel is not on its way; nothing has changed.
        ChangedMeanwhileError: the tracking is another one by now; nothing has changed.
    """
    key = find_part(shop=shop, number=number)
    with transaction.atomic():
        with as_platform():  # the order is the buyer's
            lock_order(order_id=key.order_id)
            part = SubOrder.objects.get(pk=key.id)
        found = _parcel(part, shipment, by, now)
        before = Parcel(found.carrier, found.tracking_number, found.tracking_url)
        change_vendor_order_parcel(
            schema_name=shop.schema_name,
            vendor_order_id=part.pk,
            start=part.status,
            sent=found,
            parcel=parcel,
            seen=seen,
        )
        if before == parcel:
            return False
        changed = replace(found, **asdict(parcel))
        with as_platform():
            parcels = [changed if each.number == changed.number else each for each in part.sent_parcels]
            write_part(part, now=now, parcels=parcels)
        _tell(shop, part, before=before, changed=changed, actor_id=actor_id, now=now)
    return True


def _parcel(part: SubOrder, shipment: int | None, by: Side, now: datetime) -> SentParcel:
    """Return the parcel that is meant, after judging the change."""
    facts = PartFacts.of(part)
    if shipment is None:
        check_part_move(facts, "change_tracking", by=by, now=now)
        return facts.on_the_way[-1]
    found = find_parcel(facts.parcels, shipment)
    check_parcel_move(found, "change_tracking", by=by, now=now)
    return found


def _tell(shop: Shop, part: SubOrder, *, before: Parcel, changed: SentParcel, actor_id: int, now: datetime) -> None:
    """Write the tracking before and after into the audit trail of the shop, and have the buyer notified."""
    after = Parcel(changed.carrier, changed.tracking_number, changed.tracking_url)
    record_event(
        shop_id=shop.pk,
        actor_id=actor_id,
        kind=ShopEventKind.TRACKING_CHANGED,
        subject=part.number,
        details={"before": str(before), "after": str(after)},
        now=now,
    )
    event = VendorOrderTrackingChanged(
        shop.pk, part.pk, after.carrier, after.tracking_number, now, changed.number, after.tracking_url
    )
    outbox.emit(event, now=now)
