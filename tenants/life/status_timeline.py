"""A shop's changes of status in words, for its staff and for operators."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from kit.sentences.stored import in_words
from tenants.models import ShopEvent, ShopStatus

DATES = {
    "returns_on": gettext_lazy("back on %(day)s"),
    "closes_at": gettext_lazy("closes on %(day)s"),
    "delete_after": gettext_lazy("kept until %(day)s"),
}
FAILED = {ShopStatus.SUSPENDED, ShopStatus.CLOSED, ShopStatus.DELETED}


def status_timeline(events: Sequence[ShopEvent], *, names_operators: bool) -> list[dict[str, Any]]:
    """Return events for the timeline component, as they come.

    Args:
        events: with their actors.
        names_operators: for operators themselves; to a shop's staff they are the platform.
    """
    return [_step(event, names_operators=names_operators) for event in events]


def _step(event: ShopEvent, *, names_operators: bool) -> dict[str, Any]:
    details = event.details
    after = ShopStatus(details["after"])
    title = (
        after.label
        if details["before"] != after
        else gettext("Closure planned")
        if "closes_at" in details
        else gettext("Stays open")
    )
    is_named = event.actor is not None and (names_operators or not event.actor.is_operator)
    who = str(event.actor) if is_named else gettext("The platform")
    dates = [text % {"day": _day(details[name])} for name, text in DATES.items() if details.get(name)]
    note = " · ".join(part for part in (who, *dates, in_words(details.get("reason", ""))) if part)
    return {"title": title, "at": event.created_at, "note": note, "state": "failed" if after in FAILED else "done"}


def _day(text: str) -> str:
    moment = datetime.fromisoformat(text)
    return date_format(timezone.localtime(moment) if moment.tzinfo else moment, "j F Y")
