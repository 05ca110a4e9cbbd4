"""Pages of a delivery zone and of a method in it: adding, changing, moving, removing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.access import signed_in_user
from checkout.fulfilment.services.zones import Method, Zone, read_zones
from checkout.zones.change_zones import add_zone, change_zone, find_zone, remove_zone, zone_version
from kit.errors import DomainError, InvalidInputError
from kit.web.not_found import or_404
from kit.web.versions import (
    CONFLICT,
    ChangedMeanwhileError,
    Seen,
    sent_version,
    show_what_is_saved,
    shown_version,
)
from tenants.capabilities import MANAGE_PROFILE
from vendors.access import StaffRequest, staff_only
from vendors.forms.delivery import MethodForm, ZoneForm, show_faults
from vendors.selectors.delivery import method_name, zone_name, zone_row
from vendors.services.delivery_zones import find_method, moved_method, with_method, without_method
from vendors.views.dashboard_page import dashboard_page
from vendors.views.settings import LOOK_OR_CHANGE, REFUSED

DELIVERY = "vendors:settings-delivery"


@staff_only(MANAGE_PROFILE)
@LOOK_OR_CHANGE
def zone_new(request: StaffRequest) -> HttpResponse:
    """Add a zone with its first method."""
    is_sent, currency = request.method == "POST", request.shop.currency
    data, country = request.POST if is_sent else None, _country(request, request.shop.country)
    form = ZoneForm(data, country=country, initial={"country": country})
    initial = MethodForm.initial_of(_new_method(request))
    method = MethodForm(data, prefix="method", country=request.shop.country, currency=currency, initial=initial)
    if is_sent and all([form.is_valid(), method.is_valid()]):
        zone = Zone(**form.values(), methods=(Method(**method.values()),))
        try:
            added = add_zone(shop=request.shop, zone=zone, actor_id=signed_in_user(request).pk, now=timezone.now())
        except DomainError as error:
            show_faults(error, zone=form, method=method)
        else:
            messages.success(request, gettext("You deliver to %(zone)s now.") % {"zone": zone_name(added)})
            return redirect(DELIVERY)
    context = {"form": form, "method": method, "country": country, "crumbs": _crumbs(gettext("New zone"))}
    status = REFUSED if form.errors or method.errors else 200
    return dashboard_page(request, "vendors/delivery_zone.html", context, status=status)


@staff_only(MANAGE_PROFILE)
@LOOK_OR_CHANGE
def zone_page(request: StaffRequest, zone_id: UUID) -> HttpResponse:
    """Show a zone with its methods, and change its places."""
    zone = _zone(request, zone_id)
    country = _country(request, zone.country)
    initial = ZoneForm.initial_of(zone) | {"country": country}
    form = ZoneForm(request.POST if request.method == "POST" else None, country=country, initial=initial)
    version, is_stale = shown_version(request, zone_version(zone)), False
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, zone_id, lambda current: replace(current, **form.values()), seen=sent_version(request))
        except ChangedMeanwhileError as error:
            zone, is_stale = _zone(request, zone_id), True
            version = zone_version(zone)
            show_what_is_saved(form, error, saved=ZoneForm.initial_of(zone))
        except DomainError as error:
            show_faults(error, zone=form)
        else:
            messages.success(request, gettext("The zone is saved."))
            return redirect(DELIVERY)
    context = {
        "form": form,
        "country": country,
        "version": version,
        "row": zone_row(zone, shop=request.shop),
        "crumbs": _crumbs(zone_name(zone)),
    }
    return dashboard_page(request, "vendors/delivery_zone.html", context, status=_status(form.errors, is_stale))


@staff_only(MANAGE_PROFILE)
@LOOK_OR_CHANGE
def zone_remove(request: StaffRequest, zone_id: UUID) -> HttpResponse:
    """Ask, then remove a zone with its methods."""
    zone = _zone(request, zone_id)
    if request.method != "POST":
        context = {"name": zone_name(zone), "back": reverse(DELIVERY), "crumbs": _crumbs(zone_name(zone))}
        return dashboard_page(request, "vendors/delivery_remove.html", context)
    try:
        remove_zone(shop=request.shop, zone_id=zone_id, actor_id=signed_in_user(request).pk, now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, gettext("You no longer deliver to %(zone)s.") % {"zone": zone_name(zone)})
    return redirect(DELIVERY)


@staff_only(MANAGE_PROFILE)
@LOOK_OR_CHANGE
def method_new(request: StaffRequest, zone_id: UUID) -> HttpResponse:
    """Add a method to a zone."""
    return _method(request, _zone(request, zone_id), _new_method(request), title=gettext("New method"))


@staff_only(MANAGE_PROFILE)
@LOOK_OR_CHANGE
def method_page(request: StaffRequest, zone_id: UUID, method_id: UUID) -> HttpResponse:
    """Change a method of a zone."""
    zone = _zone(request, zone_id)
    method = or_404(find_method, zone, method_id)
    return _method(request, zone, method, title=method_name(method))


@staff_only(MANAGE_PROFILE)
@LOOK_OR_CHANGE
def method_remove(request: StaffRequest, zone_id: UUID, method_id: UUID) -> HttpResponse:
    """Ask, then remove a method of a zone."""
    zone = _zone(request, zone_id)
    name = method_name(or_404(find_method, zone, method_id))
    back = reverse("vendors:settings-delivery-zone", args=[zone_id])
    if request.method != "POST":
        context = {"name": name, "back": back, "crumbs": _crumbs(name, zone)}
        return dashboard_page(request, "vendors/delivery_remove.html", context)
    try:
        _change(request, zone_id, lambda current: without_method(current, method_id))
    except InvalidInputError as error:
        of_methods = error.details["methods"]
        messages.error(request, " ".join(of_methods) if isinstance(of_methods, list) else error.message)
    else:
        messages.success(request, gettext("The method %(name)s is removed.") % {"name": name})
    return redirect(back)


@staff_only(MANAGE_PROFILE)
@require_POST
def method_move(request: StaffRequest, zone_id: UUID, method_id: UUID) -> HttpResponse:
    """Show a method before the one that stands before it now."""
    or_404(find_method, _zone(request, zone_id), method_id)
    _change(request, zone_id, lambda current: moved_method(current, method_id))
    return redirect("vendors:settings-delivery-zone", zone_id=zone_id)


def _new_method(request: StaffRequest) -> Method:
    """Return a method as the form of a new one shows it: parcels are fetched where the shop is, unless it says else."""
    return Method(from_town=request.shop.city)


def _method(request: StaffRequest, zone: Zone, method: Method, *, title: str) -> HttpResponse:
    is_sent, shop = request.method == "POST", request.shop
    data, initial = request.POST if is_sent else None, MethodForm.initial_of(method)
    form = MethodForm(data, country=shop.country, currency=shop.currency, initial=initial)
    version, is_stale = shown_version(request, zone_version(zone)), False
    if is_sent and form.is_valid():
        changed = replace(method, **form.values())
        try:
            _change(request, zone.id, lambda current: with_method(current, changed), seen=sent_version(request))
        except ChangedMeanwhileError as error:
            zone, is_stale = _zone(request, zone.id), True
            version = zone_version(zone)
            saved = next((each for each in zone.methods if each.id == method.id), method)
            show_what_is_saved(form, error, saved=form.shown(MethodForm.initial_of(saved)))
        except DomainError as error:
            ids = [each.id for each in with_method(zone, changed).methods]
            show_faults(error, method=form, at=ids.index(changed.id))
        else:
            messages.success(request, gettext("The method %(name)s is saved.") % {"name": method_name(changed)})
            return redirect("vendors:settings-delivery-zone", zone_id=zone.id)
    is_there = any(each.id == method.id for each in zone.methods)
    context = {
        "method": form,
        "zone": zone,
        "current": method if is_there else None,
        "title": title,
        "version": version,
        "crumbs": _crumbs(title, zone),
    }
    return dashboard_page(request, "vendors/delivery_method.html", context, status=_status(form.errors, is_stale))


def _zone(request: StaffRequest, zone_id: UUID) -> Zone:
    return or_404(find_zone, read_zones(schema_name=request.shop.schema_name), zone_id)


def _change(request: StaffRequest, zone_id: UUID, revise: Callable[[Zone], Zone], *, seen: Seen = None) -> Zone:
    return change_zone(
        shop=request.shop,
        zone_id=zone_id,
        revise=revise,
        actor_id=signed_in_user(request).pk,
        now=timezone.now(),
        seen=seen,
    )


def _country(request: StaffRequest, usual: str) -> str:
    """Return the country whose states are listed: the one that was sent, that the address names, or the usual one."""
    return str(request.POST.get("country", request.GET.get("country", usual)))


def _status(errors: Any, is_stale: bool) -> int:
    return CONFLICT if is_stale else REFUSED if errors else 200


def _crumbs(name: str, zone: Zone | None = None) -> list[dict[str, str]]:
    crumbs = [{"label": gettext("Delivery"), "url": reverse(DELIVERY)}]
    if zone is not None:
        crumbs.append({"label": zone_name(zone), "url": reverse("vendors:settings-delivery-zone", args=[zone.id])})
    return [*crumbs, {"label": name}]
