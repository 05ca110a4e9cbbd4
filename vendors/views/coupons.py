"""The shop's coupons: the list with what each has brought, making, changing, pausing, deleting, codes as a file."""

from dataclasses import fields
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import signed_in_user
from checkout.capabilities import MANAGE_COUPONS, VIEW_COUPONS
from checkout.coupons.inputs import CouponInput
from checkout.coupons.keeping import change_coupon, create_codes, create_coupon, delete_coupon
from checkout.coupons.rows import code_rows, coupon_rows
from checkout.coupons.selectors import codes_of_batch, coupon_version, coupons_kept, get_coupon
from checkout.models import Coupon
from kit.errors import DomainError
from kit.web.not_found import or_404
from kit.web.paging import page_window, pager
from kit.web.tables import csv_response
from kit.web.versions import CONFLICT, ChangedMeanwhileError, sent_version, show_what_is_saved, shown_version
from vendors.access import StaffRequest, staff_only
from vendors.forms.coupons import ShopCouponForm
from vendors.views.dashboard_page import dashboard_page, may, searched

LOOK_OR_CHANGE = require_http_methods(["GET", "HEAD", "POST"])
REFUSED = 422


@staff_only(VIEW_COUPONS)
@require_safe
def coupon_list(request: StaffRequest) -> HttpResponse:
    """List the shop's coupons with their uses, revenue and cost."""
    window, search = page_window(request), searched(request)
    found = coupons_kept(shop_id=request.shop.pk, search=search, offset=window.offset, limit=window.size)
    context = {
        "rows": coupon_rows(found.coupons, now=timezone.now()),
        "search": search,
        "pager": pager(request, window, found.count),
        "may_manage": may(request, MANAGE_COUPONS),
    }
    return dashboard_page(request, "vendors/coupons.html", context)


@staff_only(MANAGE_COUPONS)
@LOOK_OR_CHANGE
def coupon_new(request: StaffRequest) -> HttpResponse:
    """Make a coupon, or many codes for one use each; `like` names a coupon to begin from."""
    shop, now = request.shop, timezone.now()
    form = ShopCouponForm(request.POST or None, shop=shop, is_new=True, initial=_like(request))
    if request.method == "POST" and form.is_valid():
        try:
            coupon = _make(form, actor_id=signed_in_user(request).pk, now=now)
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, gettext("The coupon %(code)s is created.") % {"code": coupon.code})
            return redirect("vendors:coupon", coupon_id=coupon.pk)
    context = {"form": form, "crumbs": _crumbs(gettext("New coupon")), "may_manage": True}
    return dashboard_page(request, "vendors/coupon.html", context, status=REFUSED if form.errors else 200)


@staff_only(VIEW_COUPONS, to_change=MANAGE_COUPONS)
@LOOK_OR_CHANGE
def coupon_page(request: StaffRequest, coupon_id: UUID) -> HttpResponse:
    """Show a coupon and what it has brought, and change it."""
    shop = request.shop
    coupon = or_404(get_coupon, shop_id=shop.pk, coupon_id=coupon_id)
    form = ShopCouponForm(request.POST or None, shop=shop, initial=ShopCouponForm.initial_of(coupon, shop))
    version, is_stale = shown_version(request, coupon_version(coupon)), False
    if request.method == "POST" and form.is_valid():
        try:
            change_coupon(
                shop=shop,
                coupon_id=coupon_id,
                changes=_values(form.to_input()),
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_version(request),
            )
        except ChangedMeanwhileError as error:
            coupon, is_stale = or_404(get_coupon, shop_id=shop.pk, coupon_id=coupon_id), True
            version = coupon_version(coupon)
            show_what_is_saved(form, error, saved=form.saved(ShopCouponForm.initial_of(coupon, shop)))
        except DomainError as error:
            form.add_refusal(error)
        else:
            messages.success(request, gettext("The coupon %(code)s is saved.") % {"code": form.cleaned_data["code"]})
            return redirect("vendors:coupon", coupon_id=coupon_id)
    context = {
        "form": form,
        "coupon": coupon,
        "row": coupon_rows([coupon], now=timezone.now())[0],
        "version": version,
        "crumbs": _crumbs(coupon.code),
        "may_manage": may(request, MANAGE_COUPONS),
    }
    status = CONFLICT if is_stale else REFUSED if form.errors else 200
    return dashboard_page(request, "vendors/coupon.html", context, status=status)


@staff_only(MANAGE_COUPONS)
@require_POST
def coupon_pause(request: StaffRequest, coupon_id: UUID) -> HttpResponse:
    """Pause a coupon, or let it count again."""
    coupon = or_404(get_coupon, shop_id=request.shop.pk, coupon_id=coupon_id)
    is_paused = request.POST.get("paused") == "1"
    actor_id = signed_in_user(request).pk
    changes = {"is_paused": is_paused}
    try:
        change_coupon(shop=request.shop, coupon_id=coupon_id, changes=changes, actor_id=actor_id, now=timezone.now())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("vendors:coupon", coupon_id=coupon_id)
    text = gettext("The coupon %(code)s is paused.") if is_paused else gettext("The coupon %(code)s is active again.")
    messages.success(request, text % {"code": coupon.code})
    return redirect("vendors:coupons")


@staff_only(MANAGE_COUPONS)
@LOOK_OR_CHANGE
def coupon_delete(request: StaffRequest, coupon_id: UUID) -> HttpResponse:
    """Ask, then delete a coupon, or all codes that were made with it."""
    coupon = or_404(get_coupon, shop_id=request.shop.pk, coupon_id=coupon_id)
    if request.method != "POST":
        context = {"coupon": coupon, "crumbs": _crumbs(coupon.code)}
        return dashboard_page(request, "vendors/coupon_delete.html", context)
    delete_coupon(shop=request.shop, coupon_id=coupon_id, actor_id=signed_in_user(request).pk, now=timezone.now())
    messages.success(request, gettext("The coupon %(code)s is deleted.") % {"code": coupon.code})
    return redirect("vendors:coupons")


@staff_only(MANAGE_COUPONS)
@require_safe
def coupon_codes(request: StaffRequest, coupon_id: UUID) -> HttpResponse:
    """Send the codes that were made together as a file."""
    codes = or_404(codes_of_batch, shop_id=request.shop.pk, batch_id=coupon_id)
    header = (gettext("Code"), gettext("Used"))
    file_name = f"codes-{codes[0].code}.csv"
    return cast("HttpResponse", csv_response(file_name=file_name, header=header, rows=code_rows(codes)))


def _make(form: ShopCouponForm, *, actor_id: int, now: Any) -> Coupon:
    count = form.cleaned_data.get("count") or 1
    data = form.to_input()
    if count == 1:
        return create_coupon(shop=form.shop, data=data, actor_id=actor_id, now=now)
    codes = create_codes(shop=form.shop, data=data, count=count, prefix=data.code, actor_id=actor_id, now=now)
    return codes[0]


def _like(request: StaffRequest) -> dict[str, Any]:
    """Return the values of the coupon that the address names, without its code."""
    try:
        coupon = get_coupon(shop_id=request.shop.pk, coupon_id=UUID(request.GET.get("like", "")))
    except (ValueError, DomainError):
        return {"kind": "percent", "count": 1}
    return {**ShopCouponForm.initial_of(coupon, request.shop), "code": "", "count": 1}


def _values(data: CouponInput) -> dict[str, Any]:
    return {field.name: getattr(data, field.name) for field in fields(data) if field.name not in {"currency", "shops"}}


def _crumbs(name: str) -> list[dict[str, str]]:
    return [{"label": gettext("Coupons"), "url": reverse("vendors:coupons")}, {"label": name}]
