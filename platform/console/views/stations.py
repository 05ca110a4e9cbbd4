"""The platform's pick-up stations: the list, adding, changing, closing."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in_user
from accounts.address_forms import SHOWS_STATES
from checkout.stations.inputs import input_of
from checkout.stations.selectors import get_station, station_version, stations
from console.access import operators_only
from console.forms.stations import StationForm
from console.selectors.audit_sentences import history_of
from console.services.stations import add_station, change_station, subject_of
from kit.errors import DomainError
from kit.web.not_found import or_404
from kit.web.paging import numbered_page
from kit.web.versions import CONFLICT, ChangedMeanwhileError, sent_version, show_what_is_saved, shown_version

LOOK_OR_CHANGE = require_http_methods(["GET", "HEAD", "POST"])
REFUSED = 422
PAGE_SIZE = 50


@operators_only
@require_safe
def station_list(request: HttpRequest) -> HttpResponse:
    """List the stations by place."""
    found, pager = numbered_page(request, stations(), size=PAGE_SIZE)
    return render(request, "console/stations.html", {"stations": found, "pager": pager})


@operators_only
@LOOK_OR_CHANGE
def station_new(request: HttpRequest) -> HttpResponse:
    """Add a station."""
    if SHOWS_STATES in request.POST:
        context = {"form": StationForm(initial=request.POST.dict()), "crumbs": _crumbs(gettext("New station"))}
        return render(request, "console/station.html", context)
    form = StationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_station(data=form.to_input(), **_act(request, form))
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, gettext("The station %(name)s is added.") % {"name": added.name})
            return redirect("console:stations")
    context = {"form": form, "crumbs": _crumbs(gettext("New station"))}
    return render(request, "console/station.html", context, status=REFUSED if form.errors else 200)


@operators_only
@LOOK_OR_CHANGE
def station_page(request: HttpRequest, station_id: UUID) -> HttpResponse:
    """Show a station, change and close it."""
    station = or_404(get_station, station_id=station_id)
    shows_states = SHOWS_STATES in request.POST
    initial = request.POST.dict() if shows_states else asdict(input_of(station))
    form = StationForm(None if shows_states else request.POST or None, initial=initial)
    version, is_stale = shown_version(request, station_version(station)), False
    if not shows_states and request.method == "POST" and form.is_valid():
        entered = form.to_input()
        try:
            change_station(
                station_id=station_id, revise=lambda _: entered, seen=sent_version(request), **_act(request, form)
            )
        except ChangedMeanwhileError as error:
            station, is_stale = or_404(get_station, station_id=station_id), True
            version = station_version(station)
            show_what_is_saved(form, error, saved=asdict(input_of(station)))
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, gettext("The station %(name)s is saved.") % {"name": entered.name})
            return redirect("console:station", station_id=station_id)
    context = {
        "form": form,
        "station": station,
        "version": version,
        "entries": history_of(subjects=[subject_of(station)]),
        "crumbs": _crumbs(station.name),
    }
    status = CONFLICT if is_stale else REFUSED if form.errors else 200
    return render(request, "console/station.html", context, status=status)


def _act(request: HttpRequest, form: StationForm) -> dict[str, Any]:
    return {
        "actor_id": signed_in_user(request).pk,
        "reason": form.cleaned_data["reason"],
        "now": timezone.now(),
    }


def _crumbs(name: str) -> list[dict[str, str]]:
    return [{"label": gettext("Pick-up stations"), "url": reverse("console:stations")}, {"label": name}]
