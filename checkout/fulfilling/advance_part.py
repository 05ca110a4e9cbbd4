"""Pack, ship and deliver a shop's part of an order, in the shop's record and in the buyer's order at once."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import DateTimeField, F, Func, TextField, Value
from django.db.models.functions import Cast

from checkout.fulfilling.parts import PartKey, find_part, tracking_of
from checkout.fulfilment.events import VendorOrderDelivered, VendorOrderPacked, VendorOrderShipped
from checkout.fulfilment.services import Parcel, advance_vendor_order
from checkout.fulfilment.status import PartStatus
from checkout.models import DeliveredBy, SubOrder
from checkout.moves.facts import PartFacts
from checkout.moves.judging import check_part_move
from checkout.moves.move import Side
from checkout.orders.completing import settle_order
from checkout.orders.selectors import lock_order
from checkout.stations.pickup_codes import check_code, make_code
from kit.db.roles import as_platform
from kit.work import outbox
from kit.work.events import Event
from tenants.models import Shop

# By whose word a part has arrived, as it is stored, and the name of the move that says so.
ARRIVALS = {
    Side.SHOP: (DeliveredBy.SHOP, "deliver"),
    Side.OPERATOR: (DeliveredBy.OPERATOR, "deliver"),
    Side.BUYER: (DeliveredBy.BUYER, "receive"),
    Side.MARKET: (DeliveredBy.TIMER, "deliver_by_timer"),
}
STEPS = {PartStatus.PACKED: "pack", PartStatus.SHIPPED: "ship"}


def pack_part(*, shop: Shop, number: str, now: datetime, by: Side = Side.SHOP) -> None:
    """Record that a part is packed.

    Raises:
        NotFoundError: the shop has no such part.
        WrongStepError: it is not waiting to be packed.
    """
    _advance(shop=shop, part=find_part(shop=shop, number=number), to=PartStatus.PACKED, by=by, now=now)


def ship_part(*, shop: Shop, number: str, parcel: Parcel, now: datetime, by: Side = Side.SHOP) -> None:
    """Record that a part has left, and how its parcel can be followed; one for a station gets its pick-up code.

    Raises:
        NotFoundError: the shop has no such part.
        WrongStepError: it is not waiting to be shipped.
    """
    part = find_part(shop=shop, number=number)
    _advance(shop=shop, part=part, to=PartStatus.SHIPPED, by=by, now=now, parcel=parcel)


def deliver_part(*, shop: Shop, number: str, now: datetime, code: str = "", by: Side = Side.SHOP) -> None:
    """Record that a part has arrived; with the last one the buyer's order is complete.

    Args:
        code: the pick-up code that the buyer has told, of a part that is handed out at a station; asked of shops alone.
        by: the side that says so; the market does once its time is over.

    Raises:
        NotFoundError: the shop has no such part.
        WrongStepError: it is not on its way.
        PickupCodeNeededError, WrongPickupCodeError, PickupCodeLockedError: as `check_code`.
    """
    part = find_part(shop=shop, number=number)
    if part.is_at_station and by == Side.SHOP:
        check_part_move(part.facts, "deliver", by=by, now=now)
        check_code(sub_order_id=part.id, code=code)
    _advance(shop=shop, part=part, to=PartStatus.DELIVERED, by=by, now=now)


def _advance(
    *, shop: Shop, part: PartKey, to: PartStatus, by: Side, now: datetime, parcel: Parcel | None = None
) -> None:
    """Lock the order, move the shop's record, then write the sub-order and the order (docs/locking.md)."""
    with transaction.atomic():
        with as_platform():  # the order is the buyer's
            order = lock_order(order_id=part.order_id)
            current = SubOrder.objects.get(pk=part.id)
            check_part_move(PartFacts.of(current), _move_to(to, by), by=by, now=now)
            _keep_times(part.id, to, now)
        advance_vendor_order(
            schema_name=shop.schema_name, vendor_order_id=part.id, start=current.status, to=to, now=now, parcel=parcel
        )
        _write_sub_order(part.id, to, parcel, by, now)
        if part.is_at_station and to == PartStatus.SHIPPED:
            make_code(sub_order_id=part.id)
        with as_platform():  # which other shops' parts are of
            settle_order(order, now=now)
        outbox.emit(_event((shop.pk, part.id), to, parcel, by, now), now=now)


def _move_to(to: PartStatus, by: Side) -> str:
    """Return the name of the move by which a side brings a part to a status."""
    return ARRIVALS[by][1] if to == PartStatus.DELIVERED else STEPS[to]


def _event(part_of: tuple[int, UUID], to: PartStatus, parcel: Parcel | None, by: Side, now: datetime) -> Event:
    shop_id, sub_order_id = part_of
    if parcel is not None:
        return VendorOrderShipped(shop_id, sub_order_id, parcel.carrier, parcel.tracking_number, now)
    if to == PartStatus.PACKED:
        return VendorOrderPacked(shop_id, sub_order_id, now)
    return VendorOrderDelivered(shop_id, sub_order_id, ARRIVALS[by][0].value)


def _keep_times(sub_order_id: UUID, to: PartStatus, now: datetime) -> None:
    """Store the time at which a part reached a step, and the time of the step that it leaves; earlier ones are kept.

    It runs as the platform: a shop's role may not write times.
    """
    kept = Func(F("step_times"), _as_json(F("status"), F("status_at")), template="%(expressions)s", arg_joiner=" || ")
    times = Func(kept, _as_json(Value(to.value), Value(now)), template="%(expressions)s", arg_joiner=" || ")
    SubOrder.objects.filter(pk=sub_order_id).update(step_times=times)


def _as_json(status: F | Value, at: F | Value) -> Func:
    return Func(Cast(status, TextField()), Cast(at, DateTimeField()), function="jsonb_build_object")


def _write_sub_order(sub_order_id: UUID, to: PartStatus, parcel: Parcel | None, by: Side, now: datetime) -> None:
    changes: dict[str, object] = {"status": to.value, "status_at": now}
    if parcel is not None:
        changes["tracking"] = tracking_of(parcel)
    if to == PartStatus.DELIVERED:
        changes["delivered_by"] = ARRIVALS[by][0].value
    SubOrder.objects.filter(pk=sub_order_id).update(**changes)
