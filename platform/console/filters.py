"""Filters of the console's lists, read from a page's address."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kit.api.json_types import DAY

PERIODS = [("1", _("24 hours")), ("7", _("7 days")), ("30", _("30 days")), ("365", _("A year"))]
LONGEST_SEARCH = 254  # an e-mail address


def typed(request: HttpRequest, name: str) -> str:
    """Return the text of a filter, without characters that the database refuses."""
    return request.GET.get(name, "").replace("\x00", "").strip()[:LONGEST_SEARCH]


def options(choices: Sequence[tuple[Any, Any]], selected: str, *, everything: str) -> list[dict[str, Any]]:
    """Return the options of a filter, with one that filters nothing first."""
    found: list[dict[str, Any]] = [{"value": "", "label": everything, "selected": not selected}]
    found += [{"value": value, "label": label, "selected": value == selected} for value, label in choices]
    return found


def chosen(request: HttpRequest, name: str, choices: Sequence[tuple[Any, Any]]) -> str:
    """Return the choice of a filter, or an empty text where it is none of the choices."""
    value = request.GET.get(name, "")
    return value if value in {choice for choice, _ in choices} else ""


def day_in(request: HttpRequest, name: str) -> date | None:
    """Return the day of a filter, written as 2026-11-30; None where it is empty or no such day."""
    text = typed(request, name)
    try:
        return date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:  # the 30th of February
        return None


def end_of(day: date) -> datetime:
    """Return the moment at which a day of the market's zone ends: the next one's first."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def since(days: str, now: datetime) -> datetime | None:
    """Return the start of a period of `PERIODS`; None for no period, and where it begins before the calendar."""
    try:
        return now - timedelta(days=int(days)) if days else None
    except OverflowError:
        return None
