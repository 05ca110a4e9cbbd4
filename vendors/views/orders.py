"""The orders that the shop fulfils: the queue, one order, its steps, its packing slip."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from checkout.capabilities import FULFIL_ORDERS, VIEW_ORDERS
from checkout.fulfilment.deadlines import Late
from checkout.fulfilment.status import SOLD, TO_SEND, PartStatus
from checkout.orders.shop_orders import WorkQueue, list_shop_orders, work_queue
from kit.web.paging import page_window, pager
from vendors.access import StaffRequest, staff_only
from vendors.views.dashboard_page import dashboard_page, may, searched

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
    """List the shop's orders, the work queue first and what has to leave first at its top."""
    shop, window, search = request.shop, page_window(request), searched(request)
    now = timezone.now()
    is_late = request.GET.get("late") == "yes"
    # A search without a tab looks everywhere; without either, the page is the work queue.
    fallback = ALL if search or is_late else PartStatus.NEW.value
    tab = request.GET.get("status", fallback)
    tab = tab if tab in PartStatus.values or tab == ALL else fallback
    queue = work_queue(shop=shop, now=now)
    found = list_shop_orders(
        shop=shop,
        status="" if tab == ALL else tab,
        search=search,
        late_at=now if is_late else None,
        offset=window.offset,
        limit=window.size,
    )
    to_pack = queue.counts[PartStatus.NEW]
    context = {
        "orders": found.orders,
        "tabs": _tabs(queue, tab=tab, is_late=is_late),
        "tab": tab,
        "is_late": is_late,
        "late": queue.late.total(),
        "late_to_send": queue.late[Late.TO_SEND],
        "late_to_arrive": queue.late[Late.TO_ARRIVE],
        "search": search,
        "has_orders": bool(queue.counts),
        "pager": pager(request, window, found.count),
        **_bulk_steps(request, {order.status for order in found.orders}),
        "to_pack": to_pack,
        "to_ship": queue.counts[PartStatus.PACKED] if may(request, FULFIL_ORDERS) else 0,
        "here": request.get_full_path(),
    }
    return dashboard_page(request, "vendors/orders.html", context, to_pack=to_pack)


def _bulk_steps(request: StaffRequest, statuses: set[str]) -> dict[str, bool]:
    """Return the steps that the person may take of some of the orders on the page."""
    may_fulfil = may(request, FULFIL_ORDERS)
    steps = {
        "may_pack": may_fulfil and PartStatus.NEW in statuses,
        "may_ship": may_fulfil and bool(TO_SEND & statuses),
        "may_deliver": may_fulfil and PartStatus.SHIPPED in statuses,
        "may_print": may_fulfil and bool(SOLD & statuses),
    }
    return {**steps, "may_step": any(steps.values())}


def _tabs(queue: WorkQueue, *, tab: str, is_late: bool) -> list[dict[str, Any]]:
    address, counts = reverse("vendors:orders"), queue.counts
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
    late = {"label": gettext("Late"), "url": f"{address}?late=yes", "count": queue.late.total(), "current": is_late}
    return [*tabs, everything, late]
