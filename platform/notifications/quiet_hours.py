"""Quiet hours: messages to a phone wait until they are over, where their reader is."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

Hours = tuple[time, time]  # when the quiet begins, and when it ends; twice the same: never


def quiet_hours() -> Hours:
    """Return the market's hours, for those who chose none of their own."""
    begins, ends = settings.QUIET_HOURS
    return time(begins), time(ends)


def quiet_until(now: datetime, zone: ZoneInfo, hours: Hours | None = None) -> datetime | None:
    """Return the end of the quiet in which a time lies, in a zone; None where it is not quiet.

    Args:
        hours: the reader's own; None: the market's.
    """
    begins, ends = hours or quiet_hours()
    here = now.astimezone(zone)
    clock = here.timetz().replace(tzinfo=None)
    is_quiet = begins <= clock < ends if begins <= ends else clock >= begins or clock < ends
    if not is_quiet:
        return None
    day = here.date() if clock < ends else here.date() + timedelta(days=1)
    return datetime.combine(day, ends, zone)
