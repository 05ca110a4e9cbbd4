"""Amounts that go without a second person, counted over a day: several small ones are no way around the limit."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Sum

from payouts.models import HandPayment, HandPaymentStatus, PayoutRun, RunStatus, UnapprovedDay

DAY = timedelta(days=1)


def approval_limit() -> int:
    """Return the amount of a day above which a second person has to approve."""
    limit: int = settings.PAYOUT_SECOND_APPROVAL_MINOR
    return limit


def count_unapproved(*, currency: str, adding_minor: int, now: datetime) -> int:
    """Return the amount that went without a second person in the day up to now, with the one that is added.

    The day's row is locked until the end of the transaction, in which the caller writes what it lets go: so that of two
    at once the second counts the first.
    """
    day = lock_unapproved_day(currency=currency, now=now)
    total = unapproved_since(currency=currency, since=now - DAY) + adding_minor
    day.total_minor, day.counted_at = total, now
    day.save(update_fields=["total_minor", "counted_at"])
    return total


def lock_unapproved_day(*, currency: str, now: datetime) -> UnapprovedDay:
    """Lock a currency's day, which is made where it is not there yet; needs an open transaction."""
    UnapprovedDay.objects.bulk_create([UnapprovedDay(currency=currency, counted_at=now)], ignore_conflicts=True)
    return UnapprovedDay.objects.select_for_update().get(pk=currency)


def unapproved_since(*, currency: str, since: datetime) -> int:
    """Return the amount of the runs and the payments by hand that went out without a second person."""
    runs = PayoutRun.objects.filter(
        currency=currency,
        created_at__gt=since,
        approved_by__isnull=True,
        status__in=[RunStatus.SENDING, RunStatus.DONE],
    )
    by_hand = HandPayment.objects.filter(
        currency=currency, recorded_at__gt=since, decided_by__isnull=True, status=HandPaymentStatus.BOOKED
    )
    totals = (
        runs.aggregate(total=Sum("total_minor"))["total"],
        by_hand.aggregate(total=Sum("amount_minor"))["total"],
    )
    return sum(int(total or 0) for total in totals)
