"""Reading a shop's audit trail."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext

from accounts.models import User
from accounts.selectors import private_fields
from kit.text.dates import written_date
from tenants.models import ShopEvent

BY_THE_PLATFORM = 0
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*[+-]\d\d:\d\d")  # as isoformat writes an aware one


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Filter of a shop's audit trail; empty values filter nothing."""

    kind: str = ""
    actor_id: int | None = None
    since: datetime | None = None
    subject: str = ""


def list_events(*, shop_id: int, wanted: EventFilter, before_id: int | None = None, limit: int) -> list[ShopEvent]:
    """Return entries with who acted, newest first, from where the page before ended."""
    found = events_query(shop_id=shop_id, wanted=wanted)
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    return list(found.order_by("-pk")[:limit])


def events_query(*, shop_id: int, wanted: EventFilter) -> QuerySet[ShopEvent]:
    """Return the entries of a shop's audit trail, with who acted.

    Args:
        wanted: `actor_id` may be `BY_THE_PLATFORM`.
    """
    found: QuerySet[ShopEvent] = ShopEvent.objects.filter(shop_id=shop_id).select_related("actor")
    found = found.defer(*private_fields("actor"))
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.actor_id is not None:
        found = found.filter(actor_id=wanted.actor_id or None)
    if wanted.subject:
        found = found.filter(subject=wanted.subject)
    return found if wanted.since is None else found.filter(created_at__gte=wanted.since)


def actors_of(*, shop_id: int) -> list[User]:
    """Return everybody who has left an entry in a shop's audit trail, by name."""
    ids = ShopEvent.objects.filter(shop_id=shop_id, actor_id__isnull=False).values("actor_id")
    return list(User.objects.filter(pk__in=ids).defer(*private_fields()).order_by("name", "email", "pk"))


def details_of(event: ShopEvent) -> str:
    """Return the particulars in one line: the values before and after, then the rest."""
    details: dict[str, Any] = dict(event.details)
    details.pop("fields", None)  # by the columns' names; the subject says them in words
    parts = []
    if "before" in details and "after" in details:
        parts.append(f"{_plain(details.pop('before'))} → {_plain(details.pop('after'))}")
    parts += [f"{name.replace('_', ' ')}: {_plain(value)}" for name, value in details.items()]
    return "; ".join(parts)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, str) and MOMENT.match(value):
        return written_date(localtime(datetime.fromisoformat(value)), "j M Y, H:i T")
    return "–" if value in ("", None) else str(value)
