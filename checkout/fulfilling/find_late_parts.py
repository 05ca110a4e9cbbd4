"""Find the parts that have become late to send or to arrive, and have both sides told once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from checkout.fulfilment.deadlines import Late, arrive_by_on, send_by_on
from checkout.fulfilment.events import ArrivalDelayed, DispatchDelayed
from checkout.fulfilment.models import MethodKind
from checkout.fulfilment.status import TO_SEND, PartStatus
from checkout.models import SubOrder
from checkout.orders.late_parts import late_parts
from kit.work import outbox
from kit.work.events import Event

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Watched:
    """A step that can be late.

    Args:
        late: the step's name among those of deadlines.
        day: the column of its last day, which is written where it is empty.
        found: the column of the time at which a part was found late.
        event: returns the event of a part, its last day and a time.
    """

    late: Late
    day: str
    found: str
    waiting: Q
    last_day: Callable[[SubOrder], date | None]
    event: Callable[[SubOrder, date, datetime], Event]


STEPS = (
    Watched(
        late=Late.TO_SEND,
        day="send_by_on",
        found="late_to_send_at",
        waiting=Q(status__in=sorted(TO_SEND), order__paid_at__isnull=False),
        last_day=lambda part: send_by_on(part.delivery, paid_at=part.order.paid_at) if part.order.paid_at else None,
        event=lambda part, day, now: DispatchDelayed(part.shop_id, part.pk, day.isoformat(), now),
    ),
    Watched(
        late=Late.TO_ARRIVE,
        day="arrive_by_on",
        found="late_to_arrive_at",
        waiting=Q(status=PartStatus.SHIPPED),
        last_day=arrive_by_on,
        event=lambda part, day, now: ArrivalDelayed(part.shop_id, part.pk, day.isoformat(), now),
    ),
)


def find_late_parts(*, now: datetime) -> int:
    """Emit an event for each part that has become late since the last round, and return their number.

    Each part is announced once for each step. One that another process has locked is left to the next round.
    """
    for step in STEPS:
        _through(partial(_schedule, step))
    return sum(_through(partial(_tell, step, now)) for step in STEPS)


def lock_free_parts(parts: "QuerySet[SubOrder]") -> list[SubOrder]:
    """Lock the rows of some parts that no other process holds, in primary-key order; needs an open transaction."""
    free = parts.select_related("order").select_for_update(of=("self",), skip_locked=True)
    return list(free.order_by("pk"))


def _through(act: Callable[[UUID | None], tuple[int, UUID | None]]) -> int:
    """Do something with one batch after the other, each in its own transaction; return the number of parts done."""
    done, after = 0, None
    while True:
        with transaction.atomic():
            count, after = act(after)
        done += count
        if after is None:
            return done


def _batch(parts: "QuerySet[SubOrder]", after: UUID | None) -> tuple[list[UUID], UUID | None]:
    """Return the ids of the next parts, and the last one where more may follow."""
    following = parts.filter(pk__gt=after) if after else parts
    ids = list(following.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    return ids, ids[-1] if len(ids) == AT_ONCE else None


def _schedule(step: Watched, after: UUID | None) -> tuple[int, UUID | None]:
    """Write the last day of parts that have come to a step since the last round."""
    unknown = SubOrder.objects.filter(step.waiting, **{f"{step.day}__isnull": True})
    ids, last = _batch(
        unknown.exclude(status=PartStatus.SHIPPED, delivery__contains={"kind": MethodKind.PICKUP}), after
    )
    parts = lock_free_parts(unknown.filter(pk__in=ids))
    for part in parts:
        setattr(part, step.day, step.last_day(part))
    SubOrder.objects.bulk_update(parts, [step.day])
    return len(ids), last


def _tell(step: Watched, now: datetime, after: UUID | None) -> tuple[int, UUID | None]:
    """Mark parts that have become late, and emit their events in the same transaction."""
    late = late_parts(now=now, step=step.late).filter(**{f"{step.found}__isnull": True})
    ids, last = _batch(late, after)
    parts = lock_free_parts(late.filter(pk__in=ids))
    SubOrder.objects.filter(pk__in=[part.pk for part in parts]).update(**{step.found: now})
    for part in parts:
        outbox.emit(step.event(part, getattr(part, step.day), now), now=now)
    return len(parts), last
