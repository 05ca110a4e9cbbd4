"""The shop's status: its holidays, and closing and reopening it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import signed_in_user
from checkout.orders.shop_lifecycle import count_open_parts
from kit.errors import DomainError, InvalidInputError
from tenants.capabilities import CLOSE_SHOP, MANAGE_STATUS
from tenants.life.closing import STOPPABLE, cancel_closing, reopen_shop
from tenants.life.status_timeline import status_timeline
from tenants.life.transitions import end_holiday, start_holiday
from tenants.models import ShopEventKind, ShopStatus
from tenants.shops.activity import EventFilter, list_events
from vendors.access import StaffRequest, staff_only
from vendors.forms.status import CloseForm, HolidayForm
from vendors.services.status_notice import close_own_shop
from vendors.views.dashboard_page import dashboard_page, may

SHOWN = 12


@staff_only(MANAGE_STATUS)
@require_safe
def shop_status(request: StaffRequest) -> HttpResponse:
    """Show the shop's status, and the possible actions."""
    return _page(request, HolidayForm())


@staff_only(MANAGE_STATUS)
@require_POST
def holiday_start(request: StaffRequest) -> HttpResponse:
    """Begin a holiday."""
    form = HolidayForm(request.POST)
    if form.is_valid():
        try:
            start_holiday(shop_id=request.shop.pk, actor_id=_actor(request), now=timezone.now(), **form.cleaned_data)
        except InvalidInputError as error:
            _mark(form, error)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("vendors:shop-status")
        else:
            messages.success(request, gettext("Your shop is on holiday. Orders that you have are still to be sent."))
            return redirect("vendors:shop-status")
    return _page(request, form, status=422)


@staff_only(MANAGE_STATUS)
@require_POST
def holiday_end(request: StaffRequest) -> HttpResponse:
    """Come back from a holiday."""
    try:
        end_holiday(shop_id=request.shop.pk, actor_id=_actor(request), now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, gettext("Welcome back. Buyers can order from your shop again."))
    return redirect("vendors:shop-status")


@staff_only(CLOSE_SHOP)
@require_http_methods(["GET", "HEAD", "POST"])
def shop_close(request: StaffRequest) -> HttpResponse:
    """Explain closing, ask for the shop's name, and begin to close it."""
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            shop = close_own_shop(
                shop=request.shop,
                typed_name=form.cleaned_data["shop_name"],
                closes_on=form.cleaned_data["closes_on"],
                reason=form.cleaned_data["reason"],
                actor_id=_actor(request),
                now=timezone.now(),
            )
        except InvalidInputError as error:
            _mark(form, error)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("vendors:shop-status")
        else:
            is_closing = shop.status == ShopStatus.CLOSING
            messages.success(
                request, gettext("Your shop is closing.") if is_closing else gettext("The day of the closure is set.")
            )
            return redirect("vendors:shop-status")
    context = {
        "form": form,
        "orders_left": count_open_parts(shop_id=request.shop.pk),
        "crumbs": [
            {"label": gettext("Status"), "url": reverse("vendors:shop-status")},
            {"label": gettext("Close for good")},
        ],
    }
    return dashboard_page(request, "vendors/shop_close.html", context, status=422 if form.errors else 200)


@staff_only(CLOSE_SHOP)
@require_POST
def shop_close_cancel(request: StaffRequest) -> HttpResponse:
    """Take back a closure that is planned or has begun."""
    try:
        cancel_closing(shop_id=request.shop.pk, actor_id=_actor(request), now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, gettext("Your shop stays open."))
    return redirect("vendors:shop-status")


@staff_only(CLOSE_SHOP)
@require_POST
def shop_reopen(request: StaffRequest) -> HttpResponse:
    """Bring a closed shop back as a draft."""
    try:
        reopen_shop(shop_id=request.shop.pk, actor_id=_actor(request), now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request, gettext("Your shop is back as a draft, with all that it had. Look it over, then open it.")
        )
    return redirect("vendors:shop-status")


def _page(request: StaffRequest, form: HolidayForm, *, status: int = 200) -> HttpResponse:
    shop = request.shop
    events = list_events(shop_id=shop.pk, wanted=EventFilter(kind=ShopEventKind.STATUS_CHANGED), limit=SHOWN)
    may_close = may(request, CLOSE_SHOP)
    context = {
        "holiday_form": form,
        "can_pause": shop.status == ShopStatus.LIVE,
        "can_return": shop.status == ShopStatus.HOLIDAY,
        "can_close": may_close and shop.status in STOPPABLE - {ShopStatus.SUSPENDED},
        "can_cancel": may_close and (shop.status == ShopStatus.CLOSING or _is_planned(shop)),
        "can_reopen": may_close and shop.status == ShopStatus.CLOSED,
        "events": status_timeline(events, names_operators=False),
    }
    return dashboard_page(request, "vendors/status.html", context, status=status)


def _is_planned(shop: Any) -> bool:
    return shop.closes_at is not None and shop.status != ShopStatus.SUSPENDED


def _mark(form: forms.Form, error: InvalidInputError) -> None:
    for field, faults in (error.details or {}).items():
        form.add_error(field if field in form.fields else None, faults)


def _actor(request: StaffRequest) -> int:
    return signed_in_user(request).pk
