"""The audit log: what operators did, as sentences, and as a table to keep."""

from collections.abc import Sequence
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from console.access import operators_only
from console.audit_actions import audit_actions
from console.filters import chosen, day_in, options, typed
from console.paging import paginate
from console.selectors.audit_log import AuditFilter, list_actors, list_entries
from console.selectors.audit_sentences import ReadableEntry, readable
from kit.web.paging import DIGITS
from kit.web.tables import csv_response

MAX_ROWS = 20_000
COLUMNS = (
    gettext_lazy("When"),
    gettext_lazy("Who"),
    gettext_lazy("E-mail"),
    gettext_lazy("Action"),
    gettext_lazy("Sentence"),
    gettext_lazy("Subject"),
    gettext_lazy("Reason"),
    gettext_lazy("Request"),
)


@operators_only
@require_safe
def audit_log(request: HttpRequest) -> HttpResponse:
    """Search operators' actions by person, kind, days, shop and words."""
    wanted = wanted_entries(request)
    page = paginate(request, list_entries(wanted))
    people = [(str(person.pk), str(person)) for person in list_actors()]
    query = request.GET.copy()
    for name in ("before", "after"):
        query.pop(name, None)
    context = {
        "page": page,
        "rows": readable(page.rows),
        "wanted": wanted,
        "actions": options(tuple(audit_actions().items()), wanted.action, everything=gettext("Any action")),
        "people": options(people, str(wanted.actor_id or ""), everything=gettext("Any person")),
        "csv_query": query.urlencode(),
        "is_filtered": not wanted.is_empty,
    }
    return render(request, "console/audit_log.html", context)


@operators_only
@require_safe
def audit_log_csv(request: HttpRequest) -> HttpResponse:
    """Give the filtered log as a table for a spreadsheet, at most the latest 20,000 entries."""
    entries = readable(list_entries(wanted_entries(request))[:MAX_ROWS])
    name = f"audit-log-{timezone.localdate()}.csv"
    return cast(
        "HttpResponse",
        csv_response(file_name=name, header=[str(name) for name in COLUMNS], rows=[_row(each) for each in entries]),
    )


def wanted_entries(request: HttpRequest) -> AuditFilter:
    """Return the filter that an address asks for; what is no day, person or action filters nothing."""
    actor = request.GET.get("who", "")
    return AuditFilter(
        action=chosen(request, "action", tuple(audit_actions().items())),
        actor_id=int(actor) if DIGITS.fullmatch(actor) else None,
        search=typed(request, "q"),
        shop=typed(request, "shop"),
        since=day_in(request, "from"),
        until=day_in(request, "to"),
    )


def _row(each: ReadableEntry) -> Sequence[object]:
    entry = each.entry
    return (
        timezone.localtime(entry.created_at).isoformat(timespec="seconds"),
        str(entry.actor or ""),
        entry.actor.email if entry.actor else "",
        entry.label,
        each.sentence,
        entry.subject,
        entry.reason,
        entry.request_id,
    )
