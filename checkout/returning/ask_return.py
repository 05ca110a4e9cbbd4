"""Ask for a return of units that were delivered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from checkout.errors import NotReturnableError, ReturnPhotoError, UnitsNotLeftError
from checkout.events import ReturnMoved
from checkout.exchanging.choosing import choose_replacements
from checkout.models import Return, ReturnPhoto, ReturnStatus, ReversedBy, SubOrder
from checkout.orders.selectors import lock_order
from checkout.photos.keeping import MOST_PHOTOS
from checkout.releasing.holds import follow_return
from checkout.returning.moves import Move
from checkout.returning.steps import step
from checkout.returning.windows import returnable_lines
from kit.db.roles import as_platform
from kit.work import outbox


@dataclass(frozen=True, slots=True)
class ReturnRequest:
    """A buyer's asked_for to send units back.

    Args:
        units: of each line of one shop's part.
        photos: ids of pictures that were sent for the order before.
        wanted: variants that the buyer wants instead of the money, by line.
    """

    part: SubOrder
    units: Mapping[UUID, int]
    reason: str
    note: str = ""
    photos: Collection[UUID] = ()
    wanted: Mapping[UUID, UUID] = field(default_factory=dict)


@as_platform()  # the shop's goods, and the buyer's order
def ask_return(asked_for: ReturnRequest, *, now: datetime) -> Return:
    """Ask a shop to take units back.

    Raises:
        NotReturnableError: it was not delivered, or a line's days are over; nothing has changed.
        UnitsNotLeftError: fewer units of a line are with the buyer and paid for; nothing has changed.
        NotExchangeableError: something that is wanted instead can't be had; nothing has changed.
        ReturnPhotoError: a photo is not one of this order's, or was sent with another return; nothing has changed.
    """
    with transaction.atomic():
        order = lock_order(order_id=asked_for.part.order_id)
        part = SubOrder.objects.select_related("shop").get(pk=asked_for.part.pk)
        _check(part, asked_for, now)
        asked = Return(
            sub_order=part,
            shop_id=part.shop_id,
            status_at=now,
            lines={str(key): count for key, count in sorted(asked_for.units.items())},
            exchange=choose_replacements(part, wanted=asked_for.wanted, units=asked_for.units),
            reason=asked_for.reason,
            note=asked_for.note,
            steps=[step(Move.REQUEST, ReturnStatus.REQUESTED, ReversedBy.BUYER, text=asked_for.reason, now=now)],
            requested_at=now,
        )
        asked.save(force_insert=True)
        wanted = set(asked_for.photos)
        free = ReturnPhoto.objects.filter(order=order, of_return=None, pk__in=wanted)
        if len(wanted) > MOST_PHOTOS or free.update(of_return=asked) != len(wanted):
            raise ReturnPhotoError
        follow_return(asked, now=now)
        outbox.emit(ReturnMoved(asked.pk, 0), now=now)
    return asked


def _check(part: SubOrder, asked_for: ReturnRequest, now: datetime) -> None:
    lines = returnable_lines(part, now=now)
    if not asked_for.units:
        raise UnitsNotLeftError
    known = {UUID(line["variant_id"]): line["paid"] for line in part.counted_lines}
    for key, count in asked_for.units.items():
        if not 0 < count <= known.get(key, 0):
            raise UnitsNotLeftError
        if key not in lines:
            raise NotReturnableError(details={"lines": (str(key),)})
        if count > lines[key].units:
            raise UnitsNotLeftError
