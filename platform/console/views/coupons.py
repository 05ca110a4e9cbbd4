"""The platform's coupons: the list with what each has brought, making, changing, pausing, deleting, codes as a file."""

from dataclasses import fields
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in_user
from checkout.coupons.inputs import CouponInput
from checkout.coupons.rows import code_rows, coupon_rows
from checkout.coupons.selectors import codes_of_batch, coupon_version, coupons_kept, get_coupon
from console.access import operators_only
from console.forms.actions import ReasonForm
from console.forms.coupons import PlatformCouponForm
from console.services.coupons import change_coupon, delete_coupon, make_coupon
from kit.errors import DomainError
from kit.web.not_found import or_404
from kit.web.paging import page_window, pager
from kit.web.tables import csv_response
from kit.web.versions import CONFLICT, ChangedMeanwhileError, sent_version, show_what_is_saved, shown_version

LOOK_OR_CHANGE = require_http_methods(["GET", "HEAD", "POST"])
REFUSED = 422
LONGEST_SEARCH = 100


@operators_only
@require_safe
def coupon_list(request: HttpRequest) -> HttpResponse:
    """List the platform's coupons with their uses, revenue and cost."""
    window = page_window(request)
    search = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    found = coupons_kept(shop_id=None, search=search, offset=window.offset, limit=window.size)
    rows = coupon_rows(found.coupons, now=timezone.now())
    context = {"rows": rows, "search": search, "pager": pager(request, window, found.count)}
    return render(request, "console/coupons.html", context)


@operators_only
@LOOK_OR_CHANGE
def coupon_new(request: HttpRequest) -> HttpResponse:
    """Make a coupon, or many codes for one use each; `like` names a coupon to begin from."""
    form = PlatformCouponForm(request.POST or None, is_new=True, initial=_like(request))
    if request.method == "POST" and form.is_valid():
        try:
            coupon = make_coupon(
                data=form.to_input(),
                count=form.cleaned_data["count"] or 1,
                actor_id=signed_in_user(request).pk,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, gettext("The coupon %(code)s is created.") % {"code": coupon.code})
            return redirect("console:coupon", coupon_id=coupon.pk)
    context = {"form": form, "crumbs": _crumbs(gettext("New coupon"))}
    return render(request, "console/coupon.html", context, status=REFUSED if form.errors else 200)


@operators_only
@LOOK_OR_CHANGE
def coupon_page(request: HttpRequest, coupon_id: UUID) -> HttpResponse:
    """Show a coupon and what it has brought, and change it."""
    coupon = or_404(get_coupon, shop_id=None, coupon_id=coupon_id)
    form = PlatformCouponForm(request.POST or None, initial=PlatformCouponForm.initial_of(coupon))
    version, is_stale = shown_version(request, coupon_version(coupon)), False
    if request.method == "POST" and form.is_valid():
        try:
            change_coupon(
                coupon_id=coupon_id,
                changes=_values(form.to_input()),
                actor_id=signed_in_user(request).pk,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
                seen=sent_version(request),
            )
        except ChangedMeanwhileError as error:
            coupon, is_stale = or_404(get_coupon, shop_id=None, coupon_id=coupon_id), True
            version = coupon_version(coupon)
            show_what_is_saved(form, error, saved=form.saved(PlatformCouponForm.initial_of(coupon)))
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, gettext("The coupon %(code)s is saved.") % {"code": form.cleaned_data["code"]})
            return redirect("console:coupon", coupon_id=coupon_id)
    context = {
        "form": form,
        "coupon": coupon,
        "row": coupon_rows([coupon], now=timezone.now())[0],
        "version": version,
        "crumbs": _crumbs(coupon.code),
    }
    return render(request, "console/coupon.html", context, status=_status(form, is_stale=is_stale))


@operators_only
@LOOK_OR_CHANGE
def coupon_delete(request: HttpRequest, coupon_id: UUID) -> HttpResponse:
    """Ask for the reason, then delete a coupon, or all codes that were made with it."""
    coupon = or_404(get_coupon, shop_id=None, coupon_id=coupon_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason, actor_id = form.cleaned_data["reason"], signed_in_user(request).pk
        delete_coupon(coupon_id=coupon_id, actor_id=actor_id, reason=reason, now=timezone.now())
        messages.success(request, gettext("The coupon %(code)s is deleted.") % {"code": coupon.code})
        return redirect("console:coupons")
    context = {"coupon": coupon, "form": form, "crumbs": _crumbs(coupon.code)}
    return render(request, "console/coupon_delete.html", context, status=_status(form))


@operators_only
@require_safe
def coupon_codes(_request: HttpRequest, coupon_id: UUID) -> HttpResponse:
    """Send the codes that were made together as a file."""
    codes = or_404(codes_of_batch, shop_id=None, batch_id=coupon_id)
    header = (gettext("Code"), gettext("Used"))
    file_name = f"codes-{codes[0].code}.csv"
    return cast("HttpResponse", csv_response(file_name=file_name, header=header, rows=code_rows(codes)))


def _like(request: HttpRequest) -> dict[str, Any]:
    """Return the values of the coupon that the address names, without its code."""
    try:
        coupon = get_coupon(shop_id=None, coupon_id=UUID(request.GET.get("like", "")))
    except (ValueError, DomainError):
        return {"kind": "percent", "count": 1}
    return {**PlatformCouponForm.initial_of(coupon), "code": "", "count": 1}


def _values(data: CouponInput) -> dict[str, Any]:
    return {field.name: getattr(data, field.name) for field in fields(data) if field.name != "products"}


def _status(form: Any, *, is_stale: bool = False) -> int:
    return CONFLICT if is_stale else REFUSED if form.errors else 200


def _crumbs(name: str) -> list[dict[str, str]]:
    return [{"label": gettext("Coupons"), "url": reverse("console:coupons")}, {"label": name}]
