"""Pack a shop's part of an order, and ship all that is left of it."""

from datetime import datetime

from django.db import transaction

from checkout.fulfilling.deliver_parcels import deliver_part
from checkout.fulfilling.parts import find_part, write_part
from checkout.fulfilling.send_parcel import send_parcel
from checkout.fulfilment.events import VendorOrderPacked
from checkout.fulfilment.services import Parcel, advance_vendor_order
from checkout.fulfilment.status import PartStatus
from checkout.models import SubOrder
from checkout.moves.facts import PartFacts
from checkout.moves.judging import check_part_move
from checkout.moves.move import Side
from checkout.orders.selectors import lock_order
from kit.db.roles import as_platform
from kit.work import outbox
from tenants.models import Shop

__all__ = ["deliver_part", "pack_part", "ship_part"]


def pack_part(*, shop: Shop, number: str, now: datetime, by: Side = Side.SHOP) -> None:
    """Record that what is left of a part is packed, in the shop's record and in the buyer's order at once.

    Raises:
        NotFoundError: the shop has no such part.
        WrongStepError: it is not waiting to be packed.
    """
    key = find_part(shop=shop, number=number)
    with transaction.atomic():
        with as_platform():  # the order is the buyer's
            lock_order(order_id=key.order_id)
            part = SubOrder.objects.get(pk=key.id)
        check_part_move(PartFacts.of(part), "pack", by=by, now=now)
        advance_vendor_order(
            schema_name=shop.schema_name, vendor_order_id=part.pk, start=part.status, to=PartStatus.PACKED, now=now
        )
        with as_platform():
            write_part(part, now=now, to=PartStatus.PACKED)
        outbox.emit(VendorOrderPacked(shop.pk, part.pk, now), now=now)


def ship_part(*, shop: Shop, number: str, parcel: Parcel, now: datetime, by: Side = Side.SHOP) -> None:
    """Record that all that is left of a part has left in one parcel.

    Raises:
        NotFoundError: the shop has no such part.
        WrongStepError: it is not waiting to be shipped.
    """
    send_parcel(shop=shop, number=number, parcel=parcel, now=now, by=by)
