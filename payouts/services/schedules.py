"""Schedules of payouts: the days on which a shop is paid, and its minimum payout."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from kit.db.roles import as_platform
from kit.errors import InvalidInputError
from kit.money import format_minor
from kit.web.versions import Seen, check_version, version_of
from kit.web.zones import zone_of
from payouts.models import PayoutSchedule, Rhythm
from tenants.models import Shop
from tenants.shops.selectors import lock_shop

LAST_WEEKDAY, LAST_MONTH_DAY = 6, 28
MOST_MINIMUM_MINOR = 10**15


@dataclass(frozen=True, slots=True)
class Schedule:
    """A shop's schedule.

    Args:
        weekday: of a weekly one; 0 is Monday.
        month_day: of a monthly one, from 1 to 28.
        minimum_minor: the shop's minimum payout; None: the market's.
    """

    rhythm: Rhythm = Rhythm.DAILY
    weekday: int | None = None
    month_day: int | None = None
    minimum_minor: int | None = None

    @property
    def version(self) -> str:
        """Return the version of the schedule."""
        return version_of(self.as_json())

    @property
    def least_minor(self) -> int:
        """Return the minimum payout: the market's, or the shop's own where that is larger."""
        market_minor: int = settings.PAYOUT_MINIMUM_MINOR
        return max(market_minor, self.minimum_minor or 0)

    def as_json(self) -> dict[str, str | int | None]:
        """Return the schedule by name."""
        return {
            "rhythm": self.rhythm.value,
            "weekday": self.weekday,
            "month_day": self.month_day,
            "minimum_minor": self.minimum_minor,
        }

    @property
    def is_on_request(self) -> bool:
        """Return whether the shop is paid when it asks for it, and by no run."""
        return self.rhythm == Rhythm.ON_REQUEST

    def pays_on(self, day: date) -> bool:
        """Return whether a run of a day pays the shop."""
        if self.is_on_request:
            return False
        if self.rhythm == Rhythm.WEEKLY:
            return day.weekday() == self.weekday
        return self.rhythm == Rhythm.DAILY or day.day == self.month_day

    def next_day(self, today: date) -> date | None:
        """Return the next day on which the shop is paid, which may be today; None where it is paid on request."""
        days = (today + timedelta(days=ahead) for ahead in range(32))
        return next((day for day in days if self.pays_on(day)), None)

    def is_due(self, *, country: str, now: datetime) -> bool:
        """Return whether a run that is made now pays the shop, by the calendar of its country."""
        return self.pays_on(now.astimezone(zone_of(country=country)).date())


def schedules_of(*, shop_ids: Collection[int]) -> dict[int, Schedule]:
    """Return the schedules of those of these shops that have their own."""
    return {each.shop_id: _schedule(each) for each in PayoutSchedule.objects.filter(shop_id__in=shop_ids)}


def schedule_of(*, shop_id: int) -> Schedule:
    """Return a shop's schedule: its own, or the one of all shops."""
    return schedules_of(shop_ids=[shop_id]).get(shop_id, Schedule())


@as_platform()  # the platform pays by it, so no shop's role writes it
def change_schedule(
    *, shop: Shop, schedule: Schedule, actor_id: int, now: datetime, seen: Seen = None
) -> tuple[Schedule, Schedule]:
    """Set a shop's schedule, for the runs that are made from now on; return the ones before and after.

    Raises:
        InvalidInputError: a day is missing or out of its range, or the minimum is below the market's.
        ChangedMeanwhileError: it was changed meanwhile; nothing is changed.
    """
    _check(schedule, shop.currency)
    with transaction.atomic():
        lock_shop(shop_id=shop.pk)
        before = schedule_of(shop_id=shop.pk)
        check_version(seen=seen, current=before.version)
        if before != schedule:
            defaults = {**schedule.as_json(), "changed_by_id": actor_id, "changed_at": now}
            PayoutSchedule.objects.update_or_create(shop_id=shop.pk, defaults=defaults)
    return before, schedule


def _check(schedule: Schedule, currency: str) -> None:
    faults: dict[str, list[str]] = {}
    weekday, month_day, least = schedule.weekday, schedule.month_day, settings.PAYOUT_MINIMUM_MINOR
    if (schedule.rhythm == Rhythm.WEEKLY) != (weekday is not None) or not 0 <= (weekday or 0) <= LAST_WEEKDAY:
        faults["weekday"] = [gettext("Choose a day of the week for a weekly payout, and for no other.")]
    if (schedule.rhythm == Rhythm.MONTHLY) != (month_day is not None) or not 1 <= (month_day or 1) <= LAST_MONTH_DAY:
        faults["month_day"] = [gettext("Choose a day from 1 to 28 for a monthly payout, and for no other.")]
    if schedule.minimum_minor is not None and not least <= schedule.minimum_minor <= MOST_MINIMUM_MINOR:
        faults["minimum_minor"] = [
            gettext("The minimum payout of the market is %(amount)s. Enter that or more.")
            % {"amount": format_minor(least, currency)}
        ]
    if faults:
        raise InvalidInputError(next(iter(faults.values()))[0], details=faults)


def _schedule(row: PayoutSchedule) -> Schedule:
    return Schedule(Rhythm(row.rhythm), row.weekday, row.month_day, row.minimum_minor)
