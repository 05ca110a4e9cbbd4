"""Deliver parts that should have arrived long ago and that no person has marked delivered."""

import logging
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db import Error, transaction
from django.utils import timezone

from checkout.fulfilling.advance_part import deliver_part
from checkout.fulfilment.models import FETCHED
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, SubOrder
from checkout.moves.move import Side
from kit.errors import DomainError

logger = logging.getLogger(__name__)
AT_ONCE = 200


def deliver_overdue(*, now: datetime) -> int:
    """Deliver the parts whose time is over, each by itself, and return their number.

    A parcel that its buyer fetches is never delivered so. An order that another process has locked is left to the next
    round.
    """
    _schedule(now)
    return sum(_deliver(part_id, order_id, now) for part_id, order_id in _due(now))


def arrival_due_at(part: SubOrder) -> datetime:
    """Return the end of the time in which a part on its way is expected to arrive, with DELIVERED_BY_TIMER_DAYS.

    It is counted from the last day that was promised; for a parcel that has left late, by as many days later.
    """
    shipped_on = timezone.localtime(part.status_at, timezone.get_default_timezone()).date()
    latest, leaves = (part.delivery.get(name) for name in ("latest_on", "leaves_on"))
    last_day = date.fromisoformat(latest) if latest else shipped_on + timedelta(days=settings.ARRIVE_WITHIN_DAYS)
    if latest and leaves:
        last_day += max(shipped_on - date.fromisoformat(leaves), timedelta(0))
    day_after = max(last_day, shipped_on) + timedelta(days=settings.DELIVERED_BY_TIMER_DAYS + 1)
    return timezone.make_aware(datetime.combine(day_after, time()), timezone.get_default_timezone())


def _schedule(now: datetime) -> None:
    """Write the end of the time of parts that have left since the last round."""
    on_their_way = SubOrder.objects.filter(status=PartStatus.SHIPPED, delivery_due_at__isnull=True, status_at__lte=now)
    waiting = on_their_way.exclude(delivery__kind__in=list(FETCHED)).order_by("id")
    while parts := list(waiting.only("status_at", "delivery")[:AT_ONCE]):
        for part in parts:
            unmoved = SubOrder.objects.filter(pk=part.pk, status=PartStatus.SHIPPED, status_at=part.status_at)
            unmoved.update(delivery_due_at=arrival_due_at(part))
        if len(parts) < AT_ONCE:
            break


def _due(now: datetime) -> Iterator[tuple[UUID, UUID]]:
    """Yield the ids of parts whose time is over and of their orders, the longest over first."""
    due = SubOrder.objects.filter(status=PartStatus.SHIPPED, delivery_due_at__lte=now).order_by("delivery_due_at", "id")
    seen: set[UUID] = set()
    while batch := list(due.exclude(pk__in=seen).values_list("id", "order_id")[:AT_ONCE]):
        seen.update(part_id for part_id, _ in batch)
        yield from batch


def _deliver(part_id: UUID, order_id: UUID, now: datetime) -> bool:
    """Deliver one part unless its order is locked or it has moved since; return whether it was."""
    try:
        with transaction.atomic():
            order = lock_free_order(order_id=order_id)
            found = SubOrder.objects.select_related("shop").filter(
                pk=part_id, status=PartStatus.SHIPPED, delivery_due_at__lte=now
            )
            part = found.first() if order is not None else None
            if order is None or part is None:
                return False
            deliver_part(shop=part.shop, number=part.number, by=Side.MARKET, now=now)
    except (DomainError, Error):
        logger.exception("The part %s could not be delivered by the timer; the next round tries it again.", part_id)
        return False
    return True


def lock_free_order(*, order_id: UUID) -> Order | None:
    """Lock an order's row unless another process holds it; needs an open transaction."""
    return Order.objects.select_for_update(skip_locked=True).filter(pk=order_id).first()
