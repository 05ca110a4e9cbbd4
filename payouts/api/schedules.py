"""A schedule of payouts as programs read and set it."""

from datetime import date
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.response import Response

from kit.api.input import InputSerializer
from kit.web.versions import entity_tag
from payouts.models import Rhythm
from payouts.runs.daily import next_payday
from payouts.services.schedules import LAST_MONTH_DAY, LAST_WEEKDAY, MOST_MINIMUM_MINOR, Schedule, schedule_of
from tenants.models import Shop

SCHEDULE: dict[str, Any] = {
    "rhythm": "weekly",
    "weekday": 4,
    "month_day": None,
    "minimum_minor": 500_000,
    "least_minor": 500_000,
    "next_on": "2025-11-21",
}
SENT: dict[str, Any] = {"rhythm": "weekly", "weekday": 4, "month_day": None, "minimum_minor": 500_000}


class ScheduleInput(InputSerializer):
    """A schedule of payouts."""

    rhythm = serializers.ChoiceField(choices=Rhythm.choices)
    weekday = serializers.IntegerField(
        required=False,
        default=None,
        allow_null=True,
        min_value=0,
        max_value=LAST_WEEKDAY,
        help_text="Of a weekly one: 0 is Monday.",
    )
    month_day = serializers.IntegerField(
        required=False,
        default=None,
        allow_null=True,
        min_value=1,
        max_value=LAST_MONTH_DAY,
        help_text="Of a monthly one.",
    )
    minimum_minor = serializers.IntegerField(
        required=False,
        default=None,
        allow_null=True,
        min_value=1,
        max_value=MOST_MINIMUM_MINOR,
        help_text="The minimum payout that is made, not below the market's; null: the market's.",
    )

    def schedule(self) -> Schedule:
        """Return the schedule that was sent."""
        data = self.validated_data
        return Schedule(Rhythm(data["rhythm"]), data["weekday"], data["month_day"], data["minimum_minor"])


class ScheduleOutput(serializers.Serializer[Any]):
    """A schedule of payouts."""

    rhythm = serializers.ChoiceField(choices=Rhythm.choices)
    weekday = serializers.IntegerField(allow_null=True, help_text="Of a weekly one: 0 is Monday.")
    month_day = serializers.IntegerField(allow_null=True, help_text="Of a monthly one.")
    minimum_minor = serializers.IntegerField(allow_null=True, help_text="The shop's own; null: the market's.")
    least_minor = serializers.IntegerField(help_text="The minimum payout that is made.")
    next_on = serializers.SerializerMethodField(
        help_text="The next day on which available money is paid out; null on request."
    )

    def get_next_on(self, schedule: Schedule) -> date | None:
        """Return the next day, by the calendar of the shop's country, which is in the context."""
        return next_payday(schedule, country=self.context["country"], now=timezone.now())


def answer_schedule(shop: Shop) -> Response:
    """Answer with a shop's schedule and its version."""
    shown = shown_schedule(shop)
    return Response(shown, headers={"ETag": entity_tag(schedule_of(shop_id=shop.pk).version)})


def shown_schedule(shop: Shop) -> Any:
    """Return a shop's schedule as programs read it."""
    return ScheduleOutput(schedule_of(shop_id=shop.pk), context={"country": str(shop.country)}).data
