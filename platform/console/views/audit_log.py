"""The audit log."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from console.access import operators_only
from console.audit_actions import audit_actions
from console.filters import chosen, options, typed
from console.models import AuditEntry
from console.paging import paginate
from console.selectors.audit_log import list_entries


@operators_only
def audit_log(request: HttpRequest) -> HttpResponse:
    """Search operators' actions, their subjects and reasons."""
    actions = tuple(audit_actions().items())
    action, search = chosen(request, "action", actions), typed(request, "q")
    page = paginate(request, list_entries(action=action, search=search))
    context = {
        "page": page,
        "rows": [{"entry": entry, "url": _subject_url(entry)} for entry in page.rows],
        "search": search,
        "actions": options(actions, action, everything=gettext("Any action")),
        "is_filtered": bool(action or search),
    }
    return render(request, "console/audit_log.html", context)


def _subject_url(entry: AuditEntry) -> str:
    kind, _, key = entry.subject.partition(":")
    match kind:
        case "shop":
            return reverse("console:shop", args=[key])
        case "application":
            return reverse("console:application", args=[key])
        case "event":
            return reverse("console:inbox-event", args=[key])
        case "bulk":
            return reverse("console:bulk-job", args=[key])
        case "payment":
            return f"{reverse('console:payments')}?q={key}"
        case _:
            return ""
