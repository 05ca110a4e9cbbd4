"""Reading the audit log."""

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from console.audit_actions import AuditAction
from console.models import AuditEntry
from kit.text.matching import identifier_matches, name_matches

ORDER = "order:"
PAYMENT = "payment:"
PAYMENT_DISMISSED = AuditAction("payment.dismissed", gettext_lazy("Payment dealt with"))


def list_entries(*, action: str = "", search: str = "", subject: str = "") -> "QuerySet[AuditEntry]":
    """Return audit entries with who acted, newest first.

    Args:
        search: a part of the reason or of the subject, or the beginning of an operator's e-mail address.
    """
    entries = AuditEntry.objects.select_related("actor").order_by("-id")
    if action:
        entries = entries.filter(action=action)
    if subject:
        entries = entries.filter(subject=subject)
    if term := search.strip():
        entries = entries.filter(
            name_matches(term, "reason") | identifier_matches(term, "subject") | Q(actor__email__istartswith=term)
        )
    return entries


def entries_about(*, subjects: Collection[str]) -> list[AuditEntry]:
    """Return the entries about any of these subjects, newest first."""
    return list(AuditEntry.objects.select_related("actor").filter(subject__in=subjects).order_by("-id"))
