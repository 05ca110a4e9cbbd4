"""The orders that the shop fulfils: the queue, one order, its steps, its packing slip."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import signed_in_user
from catalogue.selectors.pictures import small_picture_url
from checkout.capabilities import CANCEL_ORDERS, FULFIL_ORDERS, VIEW_ORDERS
from checkout.ending.release_reservations import release_part
from checkout.fulfilling.advance_part import deliver_part, pack_part, ship_part
from checkout.fulfilment.selectors import get_vendor_order
from checkout.fulfilment.services import Parcel
from checkout.fulfilment.status import SOLD, PartStatus
from checkout.orders.shop_orders import get_shop_part, list_shop_orders, work_queue
from kit.errors import DomainError, NotFoundError
from kit.text.numbers import grouped
from kit.web.not_found import or_404
from kit.web.paging import page_window, pager
from vendors.access import StaffRequest, staff_only
from vendors.forms.orders import ParcelForm
from vendors.services.orders import pack_orders
from vendors.views.dashboard_page import dashboard_page, may, searched, show_bulk_result
from vendors.views.home import LATE_AFTER
from vendors.views.timeline import timeline_of

TABS = (
    (PartStatus.NEW, gettext_lazy("To pack")),
    (PartStatus.PACKED, gettext_lazy("Packed")),
    (PartStatus.SHIPPED, gettext_lazy("Shipped")),
    (PartStatus.DELIVERED, gettext_lazy("Delivered")),
)
ALL = "all"
REFUSED = 422


@staff_only(VIEW_ORDERS)
@require_safe
def order_list(request: StaffRequest) -> HttpResponse:
    """List the shop's orders, the work queue first and its oldest at the top."""
    shop, window, search = request.shop, page_window(request), searched(request)
    late_before = timezone.now() - LATE_AFTER
    is_late = request.GET.get("late") == "yes"
    # A search without a tab looks everywhere; without either, the page is the work queue.
    fallback = ALL if search or is_late else PartStatus.NEW.value
    tab = request.GET.get("status", fallback)
    tab = tab if tab in PartStatus.values or tab == ALL else fallback
    queue = work_queue(shop=shop, late_before=late_before)
    found = list_shop_orders(
        shop=shop,
        status="" if tab == ALL else tab,
        search=search,
        late_before=late_before if is_late else None,
        offset=window.offset,
        limit=window.size,
    )
    to_pack = queue.counts[PartStatus.NEW]
    context = {
        "orders": found.orders,
        "late_before": late_before,
        "tabs": _tabs(queue.counts, tab=tab, is_late=is_late),
        "tab": tab,
        "is_late": is_late,
        "late": queue.late,
        "search": search,
        "has_orders": bool(queue.counts),
        "pager": pager(request, window, found.count),
        "may_pack": may(request, FULFIL_ORDERS) and any(order.status == PartStatus.NEW for order in found.orders),
        "to_pack": to_pack,
        "here": request.get_full_path(),
    }
    return dashboard_page(request, "vendors/orders.html", context, to_pack=to_pack)


@staff_only(FULFIL_ORDERS)
@require_POST
def orders_bulk(request: StaffRequest) -> HttpResponse:
    """Mark the selected orders packed."""
    result = pack_orders(shop=request.shop, numbers=request.POST.getlist("ids"), now=timezone.now())
    show_bulk_result(request, result, done=_packed_text)
    address, back = reverse("vendors:orders"), request.POST.get("back", "")
    return redirect(back if back == address or back.startswith(f"{address}?") else address)


@staff_only(VIEW_ORDERS)
@require_safe
def order_page(request: StaffRequest, number: str) -> HttpResponse:
    """Show an order and what can be done with it next."""
    return _order_page(request, number, ParcelForm())


@staff_only(VIEW_ORDERS)
@require_safe
def order_slip(request: StaffRequest, number: str) -> HttpResponse:
    """Show the packing slip of a parcel, for printing."""
    order = or_404(get_vendor_order, shop=request.shop, number=number)
    return render(request, "vendors/order_slip.html", {"order": order, "lines": list(order.lines.all())})


@staff_only(FULFIL_ORDERS)
@require_POST
def order_pack(request: StaffRequest, number: str) -> HttpResponse:
    """Mark an order packed."""
    try:
        pack_part(shop=request.shop, number=number, now=timezone.now())
        messages.success(request, (gettext("%(number)s is packed. We are telling the buyer.") % {"number": number}))
    except DomainError as error:
        _say(request, error)
    return redirect("vendors:order", number=number)


@staff_only(FULFIL_ORDERS)
@require_POST
def order_ship(request: StaffRequest, number: str) -> HttpResponse:
    """Mark an order shipped, with its tracking."""
    form = ParcelForm(request.POST)
    if not form.is_valid():
        return _order_page(request, number, form, status=REFUSED)
    try:
        ship_part(shop=request.shop, number=number, parcel=Parcel(**form.cleaned_data), now=timezone.now())
        messages.success(request, (gettext("%(number)s is on its way. We are telling the buyer.") % {"number": number}))
    except DomainError as error:
        _say(request, error)
    return redirect("vendors:order", number=number)


@staff_only(FULFIL_ORDERS)
@require_POST
def order_deliver(request: StaffRequest, number: str) -> HttpResponse:
    """Mark an order delivered."""
    try:
        deliver_part(shop=request.shop, number=number, now=timezone.now())
        messages.success(request, (gettext("%(number)s is delivered. We are telling the buyer.") % {"number": number}))
    except DomainError as error:
        _say(request, error)
    return redirect("vendors:order", number=number)


@staff_only(CANCEL_ORDERS)
@require_POST
def order_release(request: StaffRequest, number: str) -> HttpResponse:
    """Release the stock that is reserved for an unpaid order."""
    try:
        release_part(shop=request.shop, number=number, actor_id=signed_in_user(request).pk, now=timezone.now())
        messages.success(request, gettext("The items of %(number)s are on sale again.") % {"number": number})
    except DomainError as error:
        _say(request, error)
    return redirect("vendors:order", number=number)


def _order_page(request: StaffRequest, number: str, form: ParcelForm, *, status: int = 200) -> HttpResponse:
    order = or_404(get_vendor_order, shop=request.shop, number=number)
    now: datetime = timezone.now()
    may_fulfil = may(request, FULFIL_ORDERS)
    is_late = order.paid_at is not None and order.paid_at < now - LATE_AFTER
    part = get_shop_part(shop_id=request.shop.pk, number=number)
    context = {
        "order": order,
        "part": part,
        "billing_address": part.billing_address,
        "lines": [(line, small_picture_url(line.image)) for line in order.lines.all()],
        "events": timeline_of(order, part.times),
        "is_late": is_late and order.is_to_send,
        "is_sold": order.status in SOLD,
        "is_unpaid": order.status == PartStatus.PENDING,
        "may_release": may(request, CANCEL_ORDERS) and order.status == PartStatus.PENDING,
        "may_pack": may_fulfil and order.status == PartStatus.NEW,
        "may_ship": may_fulfil and order.is_to_send,
        "may_deliver": may_fulfil and order.status == PartStatus.SHIPPED,
        "parcel_form": form,
        "crumbs": [{"label": gettext("Orders"), "url": reverse("vendors:orders")}, {"label": number}],
    }
    return dashboard_page(request, "vendors/order.html", context, status=status)


def _say(request: StaffRequest, error: DomainError) -> None:
    if isinstance(error, NotFoundError):
        raise Http404 from error
    messages.error(request, error.message)


def _tabs(counts: dict[str, int], *, tab: str, is_late: bool) -> list[dict[str, Any]]:
    address = reverse("vendors:orders")
    tabs = [
        {
            "label": label,
            "url": f"{address}?{urlencode({'status': value.value})}",
            "count": counts.get(value, 0),
            "current": tab == value and not is_late,
        }
        for value, label in TABS
    ]
    everything = {
        "label": gettext("All"),
        "url": f"{address}?{urlencode({'status': ALL})}",
        "count": sum(counts.values()),
        "current": tab == ALL and not is_late,
    }
    return [*tabs, everything]


def _packed_text(count: int) -> str:
    words = ngettext(
        "%(count)s order is packed. We are telling the buyer.",
        "%(count)s orders are packed. We are telling their buyers.",
        count,
    )
    return words % {"count": grouped(count)}
