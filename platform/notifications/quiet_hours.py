"""Quiet hours: messages to a phone wait until morning where their reader is."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings


def quiet_hours() -> tuple[time, time]:
    """Return when the quiet begins in the evening, and when it ends in the morning."""
    begins, ends = settings.QUIET_HOURS
    return time(begins), time(ends)


def quiet_until(now: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the end of the quiet in which a time lies, in a zone; None where it is not quiet.

    It never is where it would begin as it ends.
    """
    begins, ends = quiet_hours()
    here = now.astimezone(zone)
    clock = here.timetz().replace(tzinfo=None)
    if ends <= clock < begins or begins == ends:
        return None
    morning = here.date() if clock < ends else here.date() + timedelta(days=1)
    return datetime.combine(morning, ends, zone)
