"""Record that parcels of a shop's part of an order have arrived."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from checkout.fulfilling.parts import find_parcel, find_part, write_part
from checkout.fulfilment.events import ParcelDelivered, VendorOrderDelivered
from checkout.fulfilment.parcels import SentParcel
from checkout.fulfilment.services import mark_arrived
from checkout.fulfilment.status import ParcelStatus, PartStatus
from checkout.models import DeliveredBy, Order, SubOrder
from checkout.moves.facts import PartFacts
from checkout.moves.judging import check_parcel_move, check_part_move
from checkout.moves.move import Side
from checkout.orders.completing import settle_order
from checkout.orders.selectors import lock_order
from checkout.releasing.schedule import schedule_part
from checkout.stations.pickup_codes import check_code
from kit.db.roles import as_platform
from kit.work import outbox
from tenants.models import Shop

# By whose word a part has arrived, as it is stored, and the name of the move that says so.
ARRIVALS = {
    Side.SHOP: (DeliveredBy.SHOP, "deliver"),
    Side.OPERATOR: (DeliveredBy.OPERATOR, "deliver"),
    Side.BUYER: (DeliveredBy.BUYER, "receive"),
    Side.MARKET: (DeliveredBy.TIMER, "deliver_by_timer"),
}


def deliver_part(*, shop: Shop, number: str, now: datetime, code: str = "", by: Side = Side.SHOP) -> None:
    """Record that all parcels of a part have arrived; with the last part the buyer's order is complete.

    Args:
        code: the pick-up code that the buyer has told, of a part that is handed out at a station; asked of shops alone.
        by: the side that says so; the market does once its time is over.

    Raises:
        NotFoundError: the shop has no such part.
        WrongStepError: it is not on its way.
        PickupCodeNeededError, WrongPickupCodeError, PickupCodeLockedError: as `check_code`.
    """
    key = find_part(shop=shop, number=number)
    if key.is_at_station and by == Side.SHOP:
        check_part_move(key.facts, "deliver", by=by, now=now)
        check_code(sub_order_id=key.id, code=code)
    with transaction.atomic():
        with as_platform():  # the order is the buyer's
            order = lock_order(order_id=key.order_id)
            part = SubOrder.objects.get(pk=key.id)
        facts = PartFacts.of(part)
        check_part_move(facts, ARRIVALS[by][1], by=by, now=now)
        _arrive(shop, order, part, facts.on_the_way, by=by, now=now)


def deliver_parcel(
    *, shop: Shop, number: str, parcel: int, now: datetime, code: str = "", by: Side = Side.SHOP
) -> None:
    """Record that one parcel of a part has arrived; with the last one of all that was to be sent, the part has.

    Args:
        parcel: its number among those of the part.
        code: as for `deliver_part`.

    Raises:
        NotFoundError: the shop has no such part, or the part no such parcel.
        WrongStepError: the parcel is not on its way.
        PickupCodeNeededError, WrongPickupCodeError, PickupCodeLockedError: as `check_code`.
    """
    key = find_part(shop=shop, number=number)
    check_parcel_move(find_parcel(key.facts.parcels, parcel), "deliver", by=by, now=now)
    if key.is_at_station and by == Side.SHOP:
        check_code(sub_order_id=key.id, code=code)
    with transaction.atomic():
        with as_platform():  # the order is the buyer's
            order = lock_order(order_id=key.order_id)
            part = SubOrder.objects.get(pk=key.id)
        found = find_parcel(part.sent_parcels, parcel)
        check_parcel_move(found, "deliver", by=by, now=now)
        _arrive(shop, order, part, [found], by=by, now=now)


def _arrive(
    shop: Shop, order: Order, part: SubOrder, arrived: Sequence[SentParcel], *, by: Side, now: datetime
) -> None:
    """Write the arrival into both records, and the end of the order with its last part."""
    numbers = tuple(parcel.number for parcel in arrived)
    parcels = [replace(each, delivered_at=now) if each.number in numbers else each for each in part.sent_parcels]
    is_all = part.status == PartStatus.SHIPPED and all(each.status == ParcelStatus.DELIVERED for each in parcels)
    to = PartStatus.DELIVERED if is_all else None
    part.delivered_by = ARRIVALS[by][0].value if is_all else ""
    mark_arrived(
        schema_name=shop.schema_name, vendor_order_id=part.pk, start=part.status, numbers=numbers, to=to, now=now
    )
    with as_platform():  # a shop's role may not write times, and other shops have parts of the order
        write_part(part, now=now, to=to, parcels=parcels)
        settle_order(order, now=now)
        if is_all:
            schedule_part(part)
    if is_all:
        outbox.emit(VendorOrderDelivered(shop.pk, part.pk, part.delivered_by, numbers), now=now)
    else:
        outbox.emit(ParcelDelivered(shop.pk, part.pk, numbers[0]), now=now)
