"""Form of a shop's schedule of payouts, which shops and operators share."""

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy

from kit.errors import DomainError
from kit.money import format_minor
from kit.money.amounts import parse_amount
from kit.templatetags.money import major
from kit.text.forms import LineField
from payouts.models import Rhythm
from payouts.services.schedules import LAST_MONTH_DAY, Schedule

NO_DAY = ("", "–")


def _number(text: str) -> int | None:
    return int(text) if text else None


class ScheduleForm(forms.Form):
    """Rhythm, day and minimum payout of a shop."""

    rhythm = forms.ChoiceField(label=gettext_lazy("How often"), choices=Rhythm.choices)
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Day of the week"),
        required=False,
        choices=[NO_DAY, *((str(number), name) for number, name in WEEKDAYS.items())],
        coerce=_number,
        empty_value=None,
        help_text=gettext_lazy("For weekly payouts."),
    )
    month_day = forms.TypedChoiceField(
        label=gettext_lazy("Day of the month"),
        required=False,
        choices=[NO_DAY, *((str(day), str(day)) for day in range(1, LAST_MONTH_DAY + 1))],
        coerce=_number,
        empty_value=None,
        help_text=gettext_lazy("For monthly payouts."),
    )
    minimum = LineField(
        label=gettext_lazy("Minimum payout"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("Smaller amounts wait. Leave it empty to use the market’s minimum."),
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean_minimum(self) -> int | None:
        """Read the amount."""
        text = self.cleaned_data["minimum"]
        if not text:
            return None
        try:
            return parse_amount(text, self.currency)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    @property
    def schedule(self) -> Schedule:
        """Return the schedule; a day that another rhythm has no use for is left out."""
        facts = self.cleaned_data
        rhythm = Rhythm(facts["rhythm"])
        weekday = facts["weekday"] if rhythm == Rhythm.WEEKLY else None
        month_day = facts["month_day"] if rhythm == Rhythm.MONTHLY else None
        return Schedule(rhythm, weekday, month_day, facts["minimum"])

    @staticmethod
    def initial_from(schedule: Schedule) -> dict[str, Any]:
        """Return the form's initial values."""
        minimum = schedule.minimum_minor
        return {
            "rhythm": schedule.rhythm.value,
            "weekday": "" if schedule.weekday is None else str(schedule.weekday),
            "month_day": "" if schedule.month_day is None else str(schedule.month_day),
            "minimum": "" if minimum is None else major(minimum),
        }

    def refuse(self, error: DomainError) -> None:
        """Put a refusal beside the fields that it is about."""
        details = error.details if isinstance(error.details, dict) else {}
        for name, texts in details.items():
            self.add_error(name.removesuffix("_minor"), " ".join(texts))
        if not details:
            self.add_error(None, error.message)


def minimum_text(schedule: Schedule, currency: str) -> str:
    """Return the minimum payout of a shop, for people."""
    return format_minor(schedule.least_minor, currency)
