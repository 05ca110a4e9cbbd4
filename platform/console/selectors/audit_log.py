"""Reading the audit log."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.selectors import users_by_id
from console.audit_actions import AuditAction
from console.models import AuditEntry
from kit.text.matching import identifier_matches, name_matches

ORDER = "order:"
PAYMENT = "payment:"
PAYMENT_DISMISSED = AuditAction(
    "payment.dismissed",
    gettext_lazy("Payment dealt with"),
    gettext_lazy("%(who)s marked the payment %(subject)s as resolved."),
)


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Conditions of a search in the audit log; each that is empty admits every entry.

    Args:
        search: a part of the reason or of the subject, or the beginning of an operator's e-mail address.
        shop: a shop's slug.
        until: the last day that is shown.
    """

    action: str = ""
    actor_id: int | None = None
    actor_email: str = ""
    search: str = ""
    shop: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_empty(self) -> bool:
        """Return whether every entry is admitted."""
        return self == AuditFilter()


def list_entries(wanted: AuditFilter) -> "QuerySet[AuditEntry]":
    """Return audit entries with who acted, newest first."""
    entries = AuditEntry.objects.select_related("actor").order_by("-id")
    if wanted.action:
        entries = entries.filter(action=wanted.action)
    if wanted.actor_id is not None:
        entries = entries.filter(actor_id=wanted.actor_id)
    if wanted.actor_email:
        entries = entries.filter(actor__email=wanted.actor_email.lower())
    if wanted.shop:
        entries = entries.filter(Q(subject=f"shop:{wanted.shop}") | Q(details__shop=wanted.shop))
    if wanted.since:
        entries = entries.filter(created_at__gte=_midnight(wanted.since))
    if wanted.until and wanted.until < date.max:
        entries = entries.filter(created_at__lt=_midnight(wanted.until + timedelta(days=1)))
    if term := wanted.search.strip():
        entries = entries.filter(
            name_matches(term, "reason") | identifier_matches(term, "subject") | Q(actor__email__istartswith=term)
        )
    return entries


def entries_about(*, subjects: Collection[str], limit: int | None = None, action: str = "") -> list[AuditEntry]:
    """Return the entries about any of these subjects whose action's name contains a text, newest first."""
    found = AuditEntry.objects.select_related("actor").filter(subject__in=subjects, action__contains=action)
    return list(found.order_by("-id")[:limit])


def list_actors() -> list[User]:
    """Return the people who have left entries, by name."""
    ids = AuditEntry.objects.exclude(actor=None).values_list("actor_id", flat=True).order_by("actor_id").distinct()
    return sorted(users_by_id(list(ids)).values(), key=lambda person: (str(person).casefold(), person.pk))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
