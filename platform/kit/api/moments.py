"""Moments as the API writes and reads them: in UTC, to the millisecond, such as `2025-11-20T13:05:00.000Z`.

It is the form of RFC 3339 that JavaScript's `toISOString` writes; two of them sort as text the way they sort as times.
"""

import re
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.utils.encoders import JSONEncoder

FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
WITH_ZONE = re.compile(r"(?:Z|[+-]\d\d:?\d\d)$", re.IGNORECASE)
STORED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3,6})?[+-]\d\d:\d\d", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
MOMENT_OR_DAY = "A time with its zone, or a day, from its start in UTC."


def moment_text(moment: datetime) -> str:
    """Return a moment in the API's form.

    Raises:
        ValueError: it has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(moment)
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def with_moments_in_form(value: Any) -> Any:
    """Return a stored value with the moments in it, as `isoformat` wrote them, in the API's form."""
    if isinstance(value, dict):
        return {name: with_moments_in_form(each) for name, each in value.items()}
    if isinstance(value, list):
        return [with_moments_in_form(each) for each in value]
    if isinstance(value, str) and STORED.fullmatch(value):
        return moment_text(datetime.fromisoformat(value))
    return value


class MomentEncoder(JSONEncoder):
    """Encoder of the API's answers; serializers leave moments as they are (`DATETIME_FORMAT`)."""

    def default(self, obj: Any) -> Any:
        """Return a moment in the API's form, and other values as REST framework encodes them."""
        return moment_text(obj) if isinstance(obj, datetime) else super().default(obj)


class ZonedField(serializers.DateTimeField):
    """A moment that a caller sends, in the market's zone where it names none; one that no calendar has is refused.

    DRF looks whether a moment exists in the zone, and does not expect one at the first or last day of the calendar.
    """

    def to_internal_value(self, value: Any) -> datetime:
        """Return the moment.

        Raises:
            ValidationError: it is none.
        """
        try:
            return super().to_internal_value(value)
        except OverflowError:
            self.fail("invalid", format="")


class MomentField(ZonedField):
    """A moment that a caller sends; one without a time zone is refused, since no zone can be guessed for it."""

    default_error_messages = {
        "zone": gettext_lazy("Say the time zone too, such as 2025-11-20T13:05:00Z."),
    }

    def to_internal_value(self, value: Any) -> datetime:
        """Return the moment.

        Raises:
            ValidationError: it is none, or has no time zone.
        """
        if isinstance(value, str) and not WITH_ZONE.search(value.strip()[10:]):
            super().to_internal_value(value)
            self.fail("zone")
        return super().to_internal_value(value)


class StartField(MomentField):
    """A moment, or a day, which stands for its start in UTC."""

    def to_internal_value(self, value: Any) -> datetime:
        """Return the moment.

        Raises:
            ValidationError: it is neither.
        """
        is_day = isinstance(value, str) and DAY.fullmatch(value)
        return super().to_internal_value(f"{value}T00:00:00Z" if is_day else value)
