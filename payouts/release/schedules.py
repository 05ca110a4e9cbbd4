"""Schedules of releases: one for each sub-order, written when it has arrived, or when something holds it before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kit.db.roles import as_platform
from kit.db.sql import execute
from kit.db.statements import load_statement
from kit.errors import NotFoundError
from payouts.errors import AlreadyReleasedError, NotDeliveredError
from payouts.models import ReleaseSchedule

OPEN_SCHEDULE = load_statement(__package__, "open_schedule")


@dataclass(frozen=True, slots=True)
class EarnedPart:
    """A sub-order with its shop, as its release needs to know them."""

    sub_order_id: UUID
    shop_id: int
    number: str
    currency: str


@as_platform()  # no shop's role says when its money is released
def schedule_release(*, part: EarnedPart, delivered_at: datetime, hold_days: int) -> None:
    """Write when the money of a delivered sub-order is released; the first confirmation of its delivery counts.

    Args:
        hold_days: as `release.terms.hold_days` returns them at that moment; later changes of the terms change nothing.
    """
    _open(part, delivered_at=delivered_at, hold_days=hold_days, due_at=delivered_at + timedelta(days=hold_days))


def open_schedule(*, part: EarnedPart) -> None:
    """Lock the schedule of a sub-order, and write it if it has none yet; needs an open transaction."""
    _open(part, delivered_at=None, hold_days=None, due_at=None)


def lock_schedule(*, sub_order_id: UUID) -> ReleaseSchedule:
    """Lock the schedule of a sub-order; needs an open transaction.

    Raises:
        NotFoundError: there is none.
    """
    schedule = ReleaseSchedule.objects.select_for_update().filter(pk=sub_order_id).first()
    if schedule is None:
        raise NotFoundError
    return schedule


def release_early(*, sub_order_id: UUID, now: datetime) -> ReleaseSchedule:
    """Let the money of a delivered sub-order be released with the next round; an open hold keeps it still.

    Raises:
        NotDeliveredError: it has not arrived.
        AlreadyReleasedError: it is released.
    """
    with transaction.atomic():
        try:
            schedule = lock_schedule(sub_order_id=sub_order_id)
        except NotFoundError as error:
            raise NotDeliveredError from error
        if schedule.released_at is not None:
            raise AlreadyReleasedError
        if schedule.delivered_at is None or schedule.due_at is None:
            raise NotDeliveredError
        schedule.due_at = max(schedule.delivered_at, min(schedule.due_at, now))
        schedule.save(update_fields=["due_at"])
    return schedule


def _open(part: EarnedPart, *, delivered_at: datetime | None, hold_days: int | None, due_at: datetime | None) -> None:
    execute(
        OPEN_SCHEDULE,
        {
            "sub_order_id": part.sub_order_id,
            "shop_id": part.shop_id,
            "number": part.number,
            "currency": part.currency,
            "delivered_at": delivered_at,
            "hold_days": hold_days,
            "due_at": due_at,
        },
    )
