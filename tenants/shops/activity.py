"""Reading a shop's audit trail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from accounts.selectors import private_fields
from kit.sentences.stored import in_words
from tenants.models import ShopEvent, ShopEventKind
from tenants.shops.particulars import AFTER, BEFORE, particular_in_words, replaced_in_words

BY_THE_PLATFORM = 0


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
    """Return the particulars in one line, in the language that is active: values before and after, then the rest."""
    details: dict[str, Any] = dict(event.details)
    parts = []
    if BEFORE in details and AFTER in details:
        parts.append(replaced_in_words(event.kind, details.pop(BEFORE), details.pop(AFTER)))
    parts += [particular_in_words(name, value) for name, value in details.items()]
    return "; ".join(filter(None, parts))


def subject_of(event: ShopEvent) -> str:
    """Return the subject of an entry, in the language that is active: most often a number, a name or an address."""
    if event.kind == ShopEventKind.PROFILE_CHANGED:
        return ", ".join(map(in_words, event.subject.split(", ")))
    if event.kind == ShopEventKind.COMMISSION_CHANGED and {BEFORE, AFTER} <= event.details.keys():
        return replaced_in_words(event.kind, event.details[BEFORE], event.details[AFTER])
    return event.subject
