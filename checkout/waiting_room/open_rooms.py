"""Opening and ending waiting rooms: by a shop for a sale that it plans, by the market where orders queue for stock."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from catalogue.discovery.selectors.variants import listings_of, variants_of
from checkout.errors import NoWaitingRoomError
from checkout.models import OpenedBy, WaitingRoom
from checkout.waiting_room.rooms import forget_rooms
from kit.errors import Fault, InvalidInputError
from kit.web.limits import Limit, count
from tenants.life.hooks import StatusChange
from tenants.models import Shop, ShopStatus

logger = logging.getLogger(__name__)
LONGEST = timedelta(days=2)
FARTHEST = timedelta(days=90)
MOST_PER_MINUTE = 6000
BY_LOAD = timedelta(minutes=15)
CONTENTION_SECONDS = 10


def open_room(
    *, shop: Shop, listing_id: UUID, opens_at: datetime, closes_at: datetime, per_minute: int | None, now: datetime
) -> WaitingRoom:
    """Plan a product's waiting room, or change the one that it has.

    Args:
        per_minute: how many buyers are let in; None: as many as the market's setting says.

    Raises:
        InvalidInputError: the times or the number make no sale; `details` has the reason per field.
        NoWaitingRoomError: the shop does not sell the product.
    """
    details = _faults(opens_at, closes_at, per_minute, now)
    if details:
        raise InvalidInputError(details=details)
    if listings_of(variants_of([listing_id]).get(listing_id, {})) != {listing_id: shop.pk}:
        raise NoWaitingRoomError(gettext("Put the product on sale first; then its sale can have a waiting room."))
    return _write(listing_id, shop.pk, (opens_at, closes_at), per_minute, OpenedBy.SHOP)


def end_room(*, shop: Shop, listing_id: UUID) -> None:
    """End a product's waiting room: everybody may buy at once."""
    WaitingRoom.objects.filter(shop_id=shop.pk, listing_id=listing_id).delete()
    transaction.on_commit(forget_rooms)


def open_by_load(*, variant_ids: Iterable[UUID], now: datetime) -> None:
    """Count an order that gave up waiting for stock; where many do, open rooms for its products."""
    crowded = [listing for listing in listings_of(list(variant_ids)).items() if _is_crowded(listing[0])]
    is_on = set(WaitingRoom.objects.filter(pk__in=dict(crowded), closes_at__gt=now).values_list("pk", flat=True))
    for listing_id, shop_id in crowded:
        if listing_id not in is_on:
            logger.warning("A waiting room is open for product %s: its orders queue for its stock.", listing_id)
            _write(listing_id, shop_id, (now, now + BY_LOAD), None, OpenedBy.LOAD)


def follow_status(change: StatusChange) -> None:
    """Delete the waiting rooms of a shop that is deleted."""
    if change.shop.status == ShopStatus.DELETED:
        WaitingRoom.objects.filter(shop_id=change.shop.pk).delete()


def _write(
    listing_id: UUID, shop_id: int, times: tuple[datetime, datetime], per_minute: int | None, cause: OpenedBy
) -> WaitingRoom:
    values = {
        "shop_id": shop_id,
        "opens_at": times[0],
        "closes_at": times[1],
        "per_minute": per_minute or settings.WAITING_ROOM_PER_MINUTE,
        "opened_by": cause,
    }
    room, _ = WaitingRoom.objects.update_or_create(listing_id=listing_id, defaults=values)
    transaction.on_commit(forget_rooms)
    return room


def _is_crowded(listing_id: UUID) -> bool:
    """Count a failure; return whether there were too many of them within ten seconds."""
    return count([Limit(f"busy:{listing_id}", settings.WAITING_ROOM_OPENS_AT - 1, CONTENTION_SECONDS)]) > 0


def _faults(opens_at: datetime, closes_at: datetime, per_minute: int | None, now: datetime) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    if closes_at <= now:
        faults["closes_at"] = [Fault(gettext("The sale would be over already. Choose a later end."), "not_in_time")]
    elif not timedelta() < closes_at - opens_at <= LONGEST:  # a sum would overflow at the end of the calendar
        faults["closes_at"] = [
            Fault(gettext("Choose an end after the beginning, at most two days later."), "not_in_time")
        ]
    if opens_at > now + FARTHEST:
        faults["opens_at"] = [Fault(gettext("Choose a time within the next 90 days."), "not_in_time")]
    if per_minute is not None and not 1 <= per_minute <= MOST_PER_MINUTE:
        most = gettext("Let in between 1 and %(most)d buyers a minute.") % {"most": MOST_PER_MINUTE}
        faults["per_minute"] = [most]
    return faults
