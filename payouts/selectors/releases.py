"""Releases of a shop's orders: when each is due, what holds it, and where its money is."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from kit.db.sql import fetch_all
from kit.db.statements import load_statement
from payouts.models import AccountKind, Entry, HoldReason, ReleaseHold, ReleaseSchedule, Reserve

PENDING_BY_DAY = load_statement(__package__, "pending_by_day")


class ReleaseState(StrEnum):
    """State of the release of an order's money."""

    UNDELIVERED = "undelivered"
    WAITING = "waiting"
    HELD = "held"
    RELEASED = "released"


# States that a list can be narrowed to.
LISTED_STATES = (ReleaseState.WAITING, ReleaseState.HELD, ReleaseState.RELEASED)


@dataclass(frozen=True, slots=True)
class HoldView:
    """An open hold as its shop reads it."""

    reason: str
    label: str
    note: str
    source: str
    opened_at: datetime
    lapses_at: datetime | None


@dataclass(frozen=True, slots=True)
class Release:
    """Release of an order's money.

    Args:
        pending_minor: what is pending of it still.
        reserved_minor: what is kept of it as a reserve, and was not taken.
        reserve_ends_at: when that ends.
    """

    sub_order_id: UUID
    number: str
    currency: str
    state: ReleaseState
    delivered_at: datetime | None
    due_at: datetime | None
    released_at: datetime | None
    pending_minor: int
    reserved_minor: int
    reserve_ends_at: datetime | None
    holds: Sequence[HoldView] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class DueDay:
    """Orders whose money is due on a day, with the sum of what is pending of them."""

    due_on: date
    orders: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class PendingMoney:
    """Pending money of a shop's delivered orders.

    Args:
        days: the next days on which some of it is due.
        held_orders: orders that something holds.
    """

    days: Sequence[DueDay]
    held_orders: int
    held_minor: int


def pending_money(*, shop_id: int, days: int = 5) -> PendingMoney:
    """Return when what is pending of a shop's orders is due, and what of it is held."""
    zone = timezone.get_default_timezone_name()
    rows = fetch_all(PENDING_BY_DAY, {"shop_id": shop_id, "zone": zone})
    due = [DueDay(*row) for row in rows if row[0] is not None]
    held = next((row for row in rows if row[0] is None), (None, 0, 0))
    return PendingMoney(due[:days], held[1], held[2])


def schedules_of_shop(*, shop_id: int, state: str = "") -> "QuerySet[ReleaseSchedule]":
    """Return the schedules of a shop, the newest order first where they are sliced by key.

    Args:
        state: only those waiting, held or released.
    """
    schedules = ReleaseSchedule.objects.filter(shop_id=shop_id)
    match state:
        case ReleaseState.RELEASED:
            return schedules.filter(released_at__isnull=False)
        case ReleaseState.HELD:
            return schedules.filter(released_at__isnull=True, open_holds__gt=0)
        case ReleaseState.WAITING:
            return schedules.filter(released_at__isnull=True, open_holds=0, due_at__isnull=False)
    return schedules.filter(Q(due_at__isnull=False) | Q(open_holds__gt=0))


def describe_releases(schedules: Sequence[ReleaseSchedule]) -> list[Release]:
    """Return schedules with their holds and their money, in three statements at most."""
    ids = [schedule.pk for schedule in schedules]
    holds, pending = _holds(ids), _pending(ids)
    reserves = {reserve.pk: reserve for reserve in Reserve.objects.filter(pk__in=ids, ended_at__isnull=True)}
    return [
        _release(schedule, holds[schedule.pk], pending.get(schedule.pk, 0), reserves.get(schedule.pk))
        for schedule in schedules
    ]


def release_of(*, shop_id: int, sub_order_id: UUID) -> Release | None:
    """Return the release of an order's money; None before it has arrived, where nothing holds it."""
    found = ReleaseSchedule.objects.filter(pk=sub_order_id, shop_id=shop_id).first()
    return describe_releases([found])[0] if found else None


def open_reserves(*, shop_id: int, limit: int = 5) -> list[Reserve]:
    """Return the reserves of a shop that end next."""
    found = Reserve.objects.filter(shop_id=shop_id, ended_at__isnull=True)
    return list(found.select_related("schedule").order_by("due_at", "pk")[:limit])


def state_of(schedule: ReleaseSchedule) -> ReleaseState:
    """Return the state of a schedule."""
    if schedule.released_at is not None:
        return ReleaseState.RELEASED
    if schedule.open_holds:
        return ReleaseState.HELD
    return ReleaseState.UNDELIVERED if schedule.due_at is None else ReleaseState.WAITING


def _release(schedule: ReleaseSchedule, holds: Sequence[HoldView], pending: int, reserve: Reserve | None) -> Release:
    return Release(
        sub_order_id=schedule.pk,
        number=schedule.number,
        currency=schedule.currency,
        state=state_of(schedule),
        delivered_at=schedule.delivered_at,
        due_at=schedule.due_at,
        released_at=schedule.released_at,
        pending_minor=pending,
        reserved_minor=reserve.left_minor if reserve else 0,
        reserve_ends_at=reserve.due_at if reserve and reserve.left_minor else None,
        holds=holds,
    )


def _holds(ids: Collection[UUID]) -> dict[UUID, list[HoldView]]:
    found: dict[UUID, list[HoldView]] = defaultdict(list)
    for hold in ReleaseHold.objects.filter(schedule_id__in=ids, closed_at__isnull=True).order_by("pk"):
        label = str(HoldReason(hold.reason).label)
        view = HoldView(hold.reason, label, hold.note, hold.source, hold.opened_at, hold.lapses_at)
        found[hold.schedule_id].append(view)
    return found


def _pending(ids: Collection[UUID]) -> dict[UUID, int]:
    entries = Entry.objects.filter(sub_order_id__in=ids, account__code=AccountKind.SHOP_PENDING)
    sums = entries.order_by().values_list("sub_order_id").annotate(total=Sum("amount_minor"))
    return {sub_order_id: -int(total) for sub_order_id, total in sums if sub_order_id is not None}
