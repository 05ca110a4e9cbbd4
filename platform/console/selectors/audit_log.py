"""Reading the audit log."""

from django.db.models import Q, QuerySet

from console.models import AuditEntry


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
            Q(reason__icontains=term) | Q(subject__icontains=term) | Q(actor__email__istartswith=term)
        )
    return entries


def status_before_suspension(*, subject: str) -> str:
    """Return the status that a shop had when it was last suspended, or nothing."""
    last = AuditEntry.objects.filter(subject=subject, action="shop.suspended").order_by("-id").first()
    return str(last.details.get("before", "")) if last else ""
