"""Moments in the API's answers and parameters."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from rest_framework import serializers

from kit.api.envelope import envelope
from kit.api.moments import FORM, MomentField, StartField, moment_text

LAGOS = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 29, 14, 5, tzinfo=UTC), "2026-11-29T14:05:00.000Z"),
        (datetime(2026, 11, 29, 0, 30, 1, 999_999, tzinfo=LAGOS), "2026-11-28T23:30:01.999Z"),
    ],
)
def test_a_moment_is_in_utc_with_milliseconds(moment: datetime, text: str) -> None:
    assert moment_text(moment) == text
    assert FORM.fullmatch(text)
    assert text in envelope({"at": moment}).decode()


def test_a_moment_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="2026"):
        moment_text(datetime(2026, 11, 29, 14, 5))  # noqa: DTZ001 - the point


@pytest.mark.parametrize("text", ["2026-11-29T14:05:00Z", "2026-11-29T15:05:00+01:00", "2026-11-29T15:05:00+0100"])
def test_a_moment_is_taken_in_any_zone(text: str) -> None:
    assert MomentField().run_validation(text) == datetime(2026, 11, 29, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2026-11-29T14:05:00", "2026-11-29 14:05", "2026-13-29T14:05:00Z", "2026-02-30", "tomorrow", "0"]
)
def test_a_moment_without_a_zone_or_that_is_none_is_refused(text: str) -> None:
    for field in (MomentField(), StartField()):
        with pytest.raises(serializers.ValidationError):
            field.run_validation(text)


def test_a_day_is_its_start_in_utc() -> None:
    assert StartField().run_validation("2026-11-29") == datetime(2026, 11, 29, tzinfo=UTC)
