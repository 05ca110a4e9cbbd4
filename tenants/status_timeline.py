"""A shop's changes of status in words, for its staff and for operators."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from tenants.models import ShopEvent, ShopStatus

DATES = {"returns_on": "back on {}", "closes_at": "closes on {}", "delete_after": "kept until {}"}
FAILED = {ShopStatus.SUSPENDED, ShopStatus.CLOSED, ShopStatus.DELETED}


def status_timeline(events: Sequence[ShopEvent], *, names_people: bool = True) -> list[dict[str, Any]]:
    """Return events for the timeline component, as they come."""
    return [_step(event, names_people=names_people) for event in events]


def _step(event: ShopEvent, *, names_people: bool) -> dict[str, Any]:
    details = event.details
    after = ShopStatus(details["after"])
    title = after.label if details["before"] != after else "Closure planned" if "closes_at" in details else "Stays open"
    who = (str(event.actor) if event.actor else "The platform") if names_people else ""
    dates = [text.format(_day(details[name])) for name, text in DATES.items() if details.get(name)]
    note = " · ".join(part for part in (who, *dates, details.get("reason", "")) if part)
    return {"title": title, "at": event.created_at, "note": note, "state": "failed" if after in FAILED else "done"}


def _day(text: str) -> str:
    moment = datetime.fromisoformat(text)
    return date_format(timezone.localtime(moment) if moment.tzinfo else moment, "j F Y")
