"""Runs that the market makes by itself, once a day, and the day on which the next one pays a shop."""

from datetime import UTC, date, datetime, timedelta

from django.conf import settings

from kit.db.roles import as_platform
from kit.web.zones import zone_of
from payouts.models import PayoutRun
from payouts.runs.create import create_runs
from payouts.runs.errors import NothingToPayError
from payouts.services.schedules import Schedule

DAY = timedelta(days=1)
FROM_HOUR = 5  # UTC: in the morning of the shops


def make_daily_runs(*, now: datetime) -> list[PayoutRun]:
    """Pay the shops whose schedule names this day; nothing where the day's runs are made already.

    Two of them at once pay no shop twice: each sets its shops' money aside under the lock of their balances.
    """
    if not settings.PAYOUT_RUN_DAILY or now.astimezone(UTC).hour < FROM_HOUR or is_day_paid(now=now):
        return []
    try:
        return create_runs(now=now, is_daily=True)
    except NothingToPayError:
        return []


@as_platform()  # runs are the platform's
def is_day_paid(*, now: datetime) -> bool:
    """Return whether the runs of this day are made, by the calendar of UTC."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return PayoutRun.objects.filter(is_daily=True, created_at__gte=midnight, created_at__lt=midnight + DAY).exists()


def next_payday(schedule: Schedule, *, country: str, now: datetime) -> date | None:
    """Return the next day on which a run pays a shop, in its zone: after today's runs a later one, on request none."""
    today = now.astimezone(zone_of(country=country)).date()
    return schedule.next_day(today + timedelta(days=is_day_paid(now=now)))
