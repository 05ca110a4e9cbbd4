"""Audit trail of the shop."""

from datetime import timedelta
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from kit.web.paging import DIGITS
from kit.web.tables import csv_response
from tenants.capabilities import VIEW_ACTIVITY
from tenants.models import ShopEvent, ShopEventKind
from tenants.shops.activity import BY_THE_PLATFORM, EventFilter, actors_of, details_of, list_events, subject_of
from vendors.access import StaffRequest, staff_only
from vendors.views.dashboard_page import dashboard_page

PAGE_SIZE = 25
MAX_ROWS = 20_000
PERIODS = {
    "1": gettext_lazy("24 hours"),
    "7": gettext_lazy("7 days"),
    "30": gettext_lazy("30 days"),
    "365": gettext_lazy("A year"),
}
COLUMNS = (
    gettext_lazy("When"),
    gettext_lazy("Who"),
    gettext_lazy("E-mail"),
    gettext_lazy("What"),
    gettext_lazy("Subject"),
    gettext_lazy("Details"),
    gettext_lazy("Request"),
)


@staff_only(VIEW_ACTIVITY)
@require_safe
def activity(request: StaffRequest) -> HttpResponse:
    """Show the audit trail, newest first, by kind, person and period."""
    shop_id, wanted = request.shop.pk, _wanted(request)
    asked = request.GET.get("before", "")
    before = int(asked) if DIGITS.fullmatch(asked) else None
    found = list_events(shop_id=shop_id, wanted=wanted, before_id=before, limit=PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    context = {
        "rows": [{"event": event, "subject": subject_of(event), "details": details_of(event)} for event in shown],
        "kinds": _options(ShopEventKind.choices, wanted.kind, everything=gettext("Everything")),
        "people": _people(shop_id, wanted.actor_id),
        "periods": _options(list(PERIODS.items()), _period(request), everything=gettext("Any time")),
        "is_filtered": wanted != EventFilter(),
        "csv_query": _query(request),
        "previous_url": f"?{_query(request)}" if before is not None else "",
        "next_url": f"?{_query(request, before=shown[-1].pk)}" if len(found) > PAGE_SIZE else "",
    }
    return dashboard_page(request, "vendors/activity.html", context)


@staff_only(VIEW_ACTIVITY)
@require_safe
def activity_csv(request: StaffRequest) -> HttpResponse:
    """Give the filtered trail as a table for a spreadsheet, at most the latest 20,000 entries."""
    events = list_events(shop_id=request.shop.pk, wanted=_wanted(request), limit=MAX_ROWS)
    name = f"{request.shop.slug}-activity-{timezone.localdate()}.csv"
    rows = [_cells(event) for event in events]
    return cast("HttpResponse", csv_response(file_name=name, header=[str(name) for name in COLUMNS], rows=rows))


def _wanted(request: HttpRequest) -> EventFilter:
    kind, actor, period = request.GET.get("kind", ""), request.GET.get("who", ""), _period(request)
    return EventFilter(
        kind=kind if kind in ShopEventKind.values else "",
        actor_id=int(actor) if DIGITS.fullmatch(actor) else None,
        since=timezone.now() - timedelta(days=int(period)) if period else None,
    )


def _period(request: HttpRequest) -> str:
    period = request.GET.get("days", "")
    return period if period in PERIODS else ""


def _people(shop_id: int, selected: int | None) -> list[dict[str, Any]]:
    people = [(str(user.pk), str(user)) for user in actors_of(shop_id=shop_id)]
    chosen = "" if selected is None else str(selected)
    return _options([*people, (str(BY_THE_PLATFORM), gettext("The platform"))], chosen, everything=gettext("Anybody"))


def _options(choices: Any, selected: str, *, everything: str) -> list[dict[str, Any]]:
    found = [{"value": "", "label": everything, "selected": not selected}]
    return found + [{"value": value, "label": label, "selected": value == selected} for value, label in choices]


def _query(request: HttpRequest, **more: int) -> str:
    params = request.GET.copy()
    params.pop("before", None)
    for name, value in more.items():
        params[name] = str(value)
    return params.urlencode()


def _cells(event: ShopEvent) -> list[str]:
    actor = event.actor
    return [
        timezone.localtime(event.created_at).isoformat(timespec="seconds"),
        str(actor) if actor else gettext("The platform"),
        actor.email if actor else "",
        event.label,
        subject_of(event),
        details_of(event),
        event.request_id,
    ]
