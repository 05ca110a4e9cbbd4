"""Days by which a part should leave its shop and arrive, and whether it is late: the one source for all readers.

What was promised with the order counts, else `SEND_WITHIN_DAYS` and `ARRIVE_WITHIN_DAYS`. Days are those of the
market's time zone; a part is late from the day after on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from django.conf import settings
from django.db import models
from django.db.models import DateField, ExpressionWrapper, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Greatest, TruncDate
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext

from checkout.fulfilment.models import MethodKind, VendorOrder
from checkout.fulfilment.status import SOLD, TO_SEND, PartStatus
from kit.text.dates import written_date


class Late(models.TextChoices):
    """Step of a part that is late."""

    TO_SEND = "to_send", gettext_lazy("Late to send")
    TO_ARRIVE = "to_arrive", gettext_lazy("Late to arrive")


class PartDates(Protocol):
    """A part by the market's record of it or by the shop's own."""

    @property
    def status(self) -> str:
        """Return its status."""

    @property
    def status_at(self) -> datetime:
        """Return when it came to its status."""

    @property
    def delivery(self) -> Mapping[str, Any]:
        """Return the method that was frozen with the order."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """Last days of a part.

    Args:
        send_by_on: the last day on which it should leave its shop, or be ready where the buyer fetches it there; None
            for what is not paid.
        arrive_by_on: the last day on which it should arrive; None where that is not known, and for what is fetched at
            the shop.
        step: the step that it waits for, which is late after its day; None: none that can be late.
        today: the day on which it is looked at.
        is_fetched_at_shop: whether the shop gets it ready instead of sending it.
    """

    send_by_on: date | None
    arrive_by_on: date | None
    step: Late | None
    today: date
    is_fetched_at_shop: bool = False

    @property
    def due_on(self) -> date | None:
        """Return the last day for the step that it waits for."""
        if self.step is None:
            return None
        return self.send_by_on if self.step == Late.TO_SEND else self.arrive_by_on

    @property
    def days_left(self) -> int | None:
        """Return the days until the last one: 0 on it, negative after it; None where nothing can be late."""
        return (self.due_on - self.today).days if self.due_on else None

    @property
    def days_late(self) -> int:
        """Return the days by which it is late."""
        return max(-(self.days_left or 0), 0)

    @property
    def late(self) -> Late | None:
        """Return the step that is late."""
        return self.step if self.days_late else None

    @property
    def words(self) -> str:
        """Return the day by which its shop should send it, or the days by which it is late, in words."""
        if self.late:
            return self._words_late()
        days = self.days_left if self.step == Late.TO_SEND else None
        if self.due_on is None or days is None:
            return ""
        if days == 0:
            return gettext("Have it ready today") if self.is_fetched_at_shop else gettext("Send by today")
        if days == 1:
            return gettext("Have it ready by tomorrow") if self.is_fetched_at_shop else gettext("Send by tomorrow")
        words = gettext("Have it ready by %(day)s") if self.is_fetched_at_shop else gettext("Send by %(day)s")
        return words % {"day": written_date(self.due_on, "j M")}

    def _words_late(self) -> str:
        count = {"count": self.days_late}
        if self.late == Late.TO_SEND:
            return ngettext("%(count)s day late", "%(count)s days late", self.days_late) % count
        return ngettext("%(count)s day late to arrive", "%(count)s days late to arrive", self.days_late) % count


def deadline_of(part: PartDates, *, paid_at: datetime | None, now: datetime) -> Deadline:
    """Return the last days of a part, as they are at a time."""
    sold = paid_at is not None and part.status in SOLD
    return Deadline(
        send_by_on=send_by_on(part.delivery, paid_at=paid_at) if paid_at and sold else None,
        arrive_by_on=arrive_by_on(part) if sold else None,
        step=_step(part) if sold else None,
        today=market_day(now),
        is_fetched_at_shop=_is_fetched_at_shop(part),
    )


def send_by_on(delivery: Mapping[str, Any], *, paid_at: datetime) -> date:
    """Return the last day on which a part should leave its shop; not before it was paid."""
    paid_on, promised = market_day(paid_at), delivery.get("leaves_on")
    usual = paid_on + timedelta(days=settings.SEND_WITHIN_DAYS)
    return max(date.fromisoformat(promised) if promised else usual, paid_on)


def arrive_by_on(part: PartDates) -> date | None:
    """Return the last day on which a part should arrive; not before it has left."""
    if _is_fetched_at_shop(part):
        return None
    promised = part.delivery.get("latest_on")
    last_day = date.fromisoformat(promised) if promised else None
    if part.status != PartStatus.SHIPPED:
        return last_day
    shipped_on = market_day(part.status_at)
    return max(last_day or shipped_on + timedelta(days=settings.ARRIVE_WITHIN_DAYS), shipped_on)


def market_day(moment: datetime) -> date:
    """Return the day of a time where the market is."""
    return timezone.localtime(moment, timezone.get_default_timezone()).date()


def _step(part: PartDates) -> Late | None:
    if part.status in TO_SEND:
        return None if _is_fetched_at_shop(part) and part.status == PartStatus.PACKED else Late.TO_SEND
    return Late.TO_ARRIVE if part.status == PartStatus.SHIPPED and not _is_fetched_at_shop(part) else None


def _is_fetched_at_shop(part: PartDates) -> bool:
    return bool(part.delivery.get("kind") == MethodKind.PICKUP)


def with_due_days(orders: "QuerySet[VendorOrder]") -> "QuerySet[VendorOrder]":
    """Give a shop's orders the aliases `due_to_send` and `due_to_arrive`, as `deadline_of` computes them."""
    zone = timezone.get_default_timezone()
    paid_on, shipped_on = TruncDate("paid_at", tzinfo=zone), TruncDate("status_at", tzinfo=zone)
    return orders.alias(
        due_to_send=Greatest(Coalesce(_promised("leaves_on"), _later(paid_on, settings.SEND_WITHIN_DAYS)), paid_on),
        due_to_arrive=Greatest(
            Coalesce(_promised("latest_on"), _later(shipped_on, settings.ARRIVE_WITHIN_DAYS)), shipped_on
        ),
        fetched_at=Coalesce(KeyTextTransform("kind", "delivery"), Value("", output_field=models.TextField())),
    )


def late_condition(now: datetime, *, step: Late | None = None) -> Q:
    """Return the condition on orders of `with_due_days` that they are late: at a step, or at any."""
    today, at_shop = market_day(now), Q(fetched_at=MethodKind.PICKUP)
    to_send = Q(status=PartStatus.NEW) | Q(status=PartStatus.PACKED) & ~at_shop
    conditions = {
        Late.TO_SEND: to_send & Q(paid_at__isnull=False, due_to_send__lt=today),
        Late.TO_ARRIVE: Q(status=PartStatus.SHIPPED, due_to_arrive__lt=today) & ~at_shop,
    }
    return conditions[step] if step else conditions[Late.TO_SEND] | conditions[Late.TO_ARRIVE]


def _promised(name: str) -> Cast:
    return Cast(KeyTextTransform(name, "delivery"), DateField())


def _later(day: TruncDate, days: int) -> Cast:
    moment = ExpressionWrapper(day + Value(timedelta(days=days)), output_field=models.DateTimeField())
    return Cast(moment, DateField())
