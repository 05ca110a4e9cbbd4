"""Runs that the market makes by itself, once a day."""

from datetime import datetime

from django.conf import settings

from payouts.models import PayoutRun
from payouts.runs.create import create_runs
from payouts.runs.errors import NothingToPayError

FROM_HOUR = 5  # UTC: in the morning of the shops


def make_daily_runs(*, now: datetime) -> list[PayoutRun]:
    """Pay the shops whose schedule names this day; nothing where runs were made by themselves today already.

    Two of them at once pay no shop twice: each sets its shops' money aside under the lock of their balances.
    """
    if not settings.PAYOUT_RUN_DAILY or now.hour < FROM_HOUR:
        return []
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if PayoutRun.objects.filter(created_by__isnull=True, created_at__gte=midnight).exists():
        return []
    try:
        return create_runs(now=now)
    except NothingToPayError:
        return []
