"""Schedules of shops' payouts."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy


class Rhythm(models.TextChoices):
    """Days on which a shop is paid what is available to it."""

    DAILY = "daily", gettext_lazy("Daily")
    WEEKLY = "weekly", gettext_lazy("Weekly")
    MONTHLY = "monthly", gettext_lazy("Monthly")
    ON_REQUEST = "on_request", gettext_lazy("On request")


class PayoutSchedule(models.Model):
    """A shop's own schedule of payouts, and its minimum; a shop without one is paid daily."""

    shop = models.OneToOneField("tenants.Shop", on_delete=models.PROTECT, primary_key=True, related_name="+")
    rhythm = models.CharField(max_length=10, choices=Rhythm)
    weekday = models.PositiveSmallIntegerField(null=True, help_text="Of a weekly one: 0 is Monday.")
    month_day = models.PositiveSmallIntegerField(null=True, help_text="Of a monthly one: a day that every month has.")
    minimum_minor = models.BigIntegerField(null=True, help_text="Where it is above the market's.")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rhythm__in=["daily", "on_request"], weekday__isnull=True, month_day__isnull=True)
                | Q(rhythm="weekly", weekday__isnull=False, weekday__lte=6, month_day__isnull=True)
                | Q(rhythm="monthly", weekday__isnull=True, month_day__gte=1, month_day__lte=28),
                name="payout_schedule_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(minimum_minor__isnull=True) | Q(minimum_minor__gt=0),
                name="payout_schedule_minimum_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.rhythm}"
