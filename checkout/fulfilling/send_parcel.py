"""Send a parcel: all that is left of a shop's part of an order, or some of it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from checkout.errors import UnitsNotLeftError
from checkout.fulfilling.parts import find_part, is_at_station, write_part
from checkout.fulfilment.errors import OneParcelOnlyError
from checkout.fulfilment.events import ParcelSent, VendorOrderShipped
from checkout.fulfilment.parcels import SentParcel, next_number
from checkout.fulfilment.selectors import sending_version
from checkout.fulfilment.services import Parcel, add_parcel
from checkout.fulfilment.status import PartStatus
from checkout.models import SubOrder
from checkout.moves.facts import PartFacts
from checkout.moves.judging import check_part_move
from checkout.moves.move import Side
from checkout.orders.selectors import lock_order
from checkout.stations.pickup_codes import make_code
from kit.db.roles import as_platform
from kit.web.versions import ChangedMeanwhileError, Seen
from kit.work import outbox
from kit.work.events import Event
from tenants.models import Shop

CHANGED = gettext_lazy(
    "The items left to send, or the address, have changed since you opened this page. Check both, then ship it."
)


def send_parcel(
    *,
    shop: Shop,
    number: str,
    parcel: Parcel,
    now: datetime,
    lines: Mapping[UUID, int] | None = None,
    by: Side = Side.SHOP,
    seen: Seen = None,
) -> SentParcel:
    """Record that a parcel has left, in the shop's record and in the buyer's order at once.

    With the last unit the part is shipped; until then it stays with its shop. One for a station gets its pick-up code.

    Args:
        lines: units of each line in it, by variant; None: all that is left.
        seen: the versions (`sending_version`) of what is left and where it goes that it may be made from; None: any.

    Raises:
        NotFoundError: the shop has no such part.
        WrongStepError: the part is not to be sent; nothing has changed.
        ChangedMeanwhileError: something was sent or cancelled, or goes elsewhere, since then; nothing has changed.
        UnitsNotLeftError: a line has fewer units left to send; nothing has changed.
        OneParcelOnlyError: it goes to a station, and something would stay behind; nothing has changed.
    """
    key = find_part(shop=shop, number=number)
    with transaction.atomic():
        with as_platform():  # the order is the buyer's
            order = lock_order(order_id=key.order_id)
            part = SubOrder.objects.get(pk=key.id)
        check_part_move(PartFacts.of(part), "ship", by=by, now=now)
        if seen is not None and sending_version(left=part.to_send, address=part.goes_to(order)) not in seen:
            raise ChangedMeanwhileError(CHANGED)
        parcels = part.sent_parcels
        sent = SentParcel(
            number=next_number(parcels, given=part.parcels_sent),
            carrier=parcel.carrier,
            tracking_number=parcel.tracking_number,
            tracking_url=parcel.tracking_url,
            lines=_units(part, lines),
            shipped_at=now,
        )
        to = PartStatus.SHIPPED if sent.lines == part.to_send else None
        add_parcel(schema_name=shop.schema_name, vendor_order_id=part.pk, start=part.status, sent=sent, to=to, now=now)
        with as_platform():
            write_part(part, now=now, to=to, parcels=[*parcels, sent])
        if is_at_station(part):
            make_code(sub_order_id=part.pk)
        outbox.emit(_event(shop.pk, part.pk, sent, is_last=to is not None), now=now)
    return sent


def _units(part: SubOrder, lines: Mapping[UUID, int] | None) -> dict[UUID, int]:
    """Return the units that go into the parcel, after comparing them with those that are left to send."""
    left = part.to_send
    units = left if lines is None else dict(lines)
    if not units or any(not 0 < count <= left.get(key, 0) for key, count in units.items()):
        raise UnitsNotLeftError
    if units != left and is_at_station(part):
        raise OneParcelOnlyError
    return units


def _event(shop_id: int, sub_order_id: UUID, sent: SentParcel, *, is_last: bool) -> Event:
    kind = VendorOrderShipped if is_last else ParcelSent
    return kind(
        shop_id, sub_order_id, sent.carrier, sent.tracking_number, sent.shipped_at, sent.number, sent.tracking_url
    )
