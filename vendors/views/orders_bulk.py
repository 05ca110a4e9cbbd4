"""Steps of many orders at once: packing, shipping with a tracking number each, delivering, the packing list."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from catalogue.errors import ImportFileError
from checkout.capabilities import FULFIL_ORDERS, VIEW_ORDERS
from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.services import Parcel
from checkout.orders.shop_orders import orders_by_number, orders_to_send
from kit.text.numbers import grouped
from kit.web.body_rules import takes_files
from vendors.access import StaffRequest, staff_only
from vendors.forms.orders import ParcelForm
from vendors.forms.tracking_list import MAX_BYTES, TrackingList, read_tracking
from vendors.services.bulk_result import MOST_AT_ONCE, BulkResult
from vendors.services.orders import deliver_orders, pack_orders, ship_orders
from vendors.services.printing import PrintKind
from vendors.views.dashboard_page import dashboard_page, show_bulk_result

REFUSED = 422
LEADS_TO: dict[str, tuple[str, dict[str, str]]] = {
    "ship": ("vendors:orders-ship", {}),
    "packing-list": ("vendors:packing-list", {}),
    **{f"print-{kind}": ("vendors:orders-print", {"document": kind}) for kind in PrintKind.values},
}


@staff_only(FULFIL_ORDERS)
@require_POST
def orders_bulk(request: StaffRequest) -> HttpResponse:
    """Mark the selected orders packed or delivered, or go on to ship or to print them."""
    action, numbers = request.POST.get("action", "pack"), _selected(request)
    if len(numbers) > MOST_AT_ONCE:
        messages.error(request, _too_many_text())
        return redirect(_back(request))
    if action in LEADS_TO and numbers:
        name, query = LEADS_TO[action]
        return redirect(f"{reverse(name)}?{urlencode({**query, 'ids': numbers}, doseq=True)}")
    if action == "deliver":
        result = deliver_orders(shop=request.shop, numbers=numbers, now=timezone.now())
        show_bulk_result(request, result, done=_delivered_text)
    elif action in {"pack", *LEADS_TO}:
        packed = numbers if action == "pack" else []
        show_bulk_result(request, pack_orders(shop=request.shop, numbers=packed, now=timezone.now()), done=_packed_text)
    else:
        raise Http404
    return redirect(_back(request))


@staff_only(VIEW_ORDERS)
@require_safe
def packing_list(request: StaffRequest) -> HttpResponse:
    """Show the items of the selected orders, summed, then a slip for each order; without a selection all to pack."""
    orders = _wanted(request, request.GET.getlist("ids"))
    context = {
        "orders": [(order, list(order.lines.all())) for order in orders],
        "items": _items(orders),
        "printed_at": timezone.now(),
    }
    return render(request, "vendors/packing_list.html", context)


@dataclass(slots=True)
class _Row:
    """An order on the page for shipping, its form, and the reason why it was refused."""

    number: str
    order: VendorOrder | None
    form: ParcelForm
    refusal: str = ""


@takes_files
@staff_only(FULFIL_ORDERS)
def orders_ship(request: StaffRequest) -> HttpResponse:
    """Ship several orders, each with its carrier and tracking number; without a selection all that are packed."""
    if request.method != "POST":
        return _ship_page(request, _fresh_rows(request, request.GET.getlist("ids")))
    rows = _sent_rows(request)
    if len(rows) > MOST_AT_ONCE:
        return _ship_page(request, rows, problems=[_too_many_text()], status=REFUSED)
    if "fill" in request.POST:
        return _filled_page(request, rows)
    if not all(row.form.is_valid() for row in rows):
        return _ship_page(request, rows, status=REFUSED)
    carrier = ParcelForm({"carrier": request.POST.get("carrier", "")})
    if not carrier.is_valid():
        return _ship_page(request, rows, carrier=carrier, status=REFUSED)
    common = carrier.cleaned_data["carrier"]
    parcels = {
        row.number: Parcel(row.form.cleaned_data["carrier"] or common, row.form.cleaned_data["tracking_number"])
        for row in rows
    }
    result = ship_orders(shop=request.shop, parcels=parcels, now=timezone.now())
    return _shipped(request, rows, result)


def _shipped(request: StaffRequest, rows: Sequence[_Row], result: BulkResult[str]) -> HttpResponse:
    """Show which orders have left; keep those that were refused on the page, each with its reason."""
    if result.done:
        messages.success(request, _shipped_text(len(result.done)))
    if not result.refused:
        if not result.done:
            messages.info(request, gettext("Select some rows first."))
        return redirect(f"{reverse('vendors:orders')}?status={'shipped' if result.done else 'packed'}")
    reasons = {refusal.key: refusal.message for refusal in result.refused}
    left = [row for row in rows if row.number in reasons]
    for row in left:
        row.refusal = reasons[row.number]
    return _ship_page(request, left, status=REFUSED)


def _filled_page(request: StaffRequest, rows: list[_Row]) -> HttpResponse:
    """Put pasted tracking numbers, or those of a file, into the rows, to be looked over before they are sent."""
    file = request.FILES.get("file")
    try:
        found = read_tracking(
            pasted=request.POST.get("pasted", ""), file=_content(file), numbers=[row.number for row in rows]
        )
    except ImportFileError as error:
        found = TrackingList(problems=[error.message])
    new = [number for number in found.parcels if number not in {row.number for row in rows}]
    if len(rows) + len(new) > MOST_AT_ONCE:
        found.problems.append(_too_many_text())
        new = []
    known = orders_by_number(shop=request.shop, numbers=new)
    rows += [_Row(number, known.get(number), ParcelForm(prefix=number)) for number in new]
    filled = [_fill(row, found.parcels.get(row.number)) for row in rows]
    if not found.parcels and not found.problems:
        found.problems.append(gettext("Paste some tracking numbers, or choose a file, first."))
    return _ship_page(request, filled, problems=found.problems, status=REFUSED if found.problems else 200)


def _content(file: "UploadedFile[Any] | None") -> Any:
    if file is not None and (file.size or 0) > MAX_BYTES:
        raise ImportFileError(gettext("The file is too large: at most 256 kB."))
    return file.file if file is not None else None


def _fill(row: _Row, parcel: Parcel | None) -> _Row:
    typed = {name: row.form[name].value() or "" for name in ("carrier", "tracking_number")}
    if parcel is not None:
        typed = {"carrier": parcel.carrier or typed["carrier"], "tracking_number": parcel.tracking_number}
    return _Row(row.number, row.order, ParcelForm(prefix=row.number, initial=typed))


def _fresh_rows(request: StaffRequest, numbers: Sequence[str]) -> list[_Row]:
    orders = _wanted(request, numbers, is_packed=True)
    return [_Row(order.number, order, ParcelForm(prefix=order.number)) for order in orders]


def _sent_rows(request: StaffRequest) -> list[_Row]:
    numbers = _selected(request)
    known = orders_by_number(shop=request.shop, numbers=numbers)
    return [_Row(number, known.get(number), ParcelForm(request.POST, prefix=number)) for number in numbers]


def _selected(request: StaffRequest) -> list[str]:
    return list(dict.fromkeys(request.POST.getlist("ids")))


def _wanted(request: StaffRequest, numbers: Sequence[str], *, is_packed: bool = False) -> list[VendorOrder]:
    """Return the named orders as they come in the list, or without names those that wait."""
    if not numbers:
        return orders_to_send(shop=request.shop, is_packed=is_packed, limit=MOST_AT_ONCE)
    return list(orders_by_number(shop=request.shop, numbers=numbers[:MOST_AT_ONCE]).values())


def _items(orders: Sequence[VendorOrder]) -> list[dict[str, Any]]:
    """Return the items of some orders, with how many of each go into which parcels."""
    found: defaultdict[Any, dict[str, Any]] = defaultdict(lambda: {"quantity": 0, "parcels": []})
    for order in orders:
        for line in filter(attrgetter("on_slip"), order.lines.all()):
            item = found[line.variant_id]
            item["line"] = item.get("line", line)
            item["quantity"] += line.on_slip
            item["parcels"].append((order.number, line.on_slip))
    return sorted(found.values(), key=lambda item: (item["line"].title, item["line"].sku))


def _ship_page(
    request: StaffRequest,
    rows: Sequence[_Row],
    *,
    carrier: ParcelForm | None = None,
    problems: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "rows": rows,
        "is_refused": any(row.refusal for row in rows),
        "common": carrier or ParcelForm(initial={"carrier": request.POST.get("carrier", "")}),
        "problems": problems,
        "pasted": request.POST.get("pasted", "") if problems else "",
        "crumbs": [{"label": gettext("Orders"), "url": reverse("vendors:orders")}, {"label": gettext("Ship orders")}],
    }
    return dashboard_page(request, "vendors/orders_ship.html", context, status=status)


def _back(request: StaffRequest) -> str:
    """Return the list as it was when the selection was made; nothing but a list of ours is gone back to."""
    address, back = reverse("vendors:orders"), request.POST.get("back", "")
    return back if back == address or back.startswith(f"{address}?") else address


def _too_many_text() -> str:
    return gettext("At most %(most)s orders at once. Nothing was changed.") % {"most": MOST_AT_ONCE}


def _packed_text(count: int) -> str:
    words = ngettext(
        "%(count)s order is packed. We are telling the buyer.",
        "%(count)s orders are packed. We are telling their buyers.",
        count,
    )
    return words % {"count": grouped(count)}


def _shipped_text(count: int) -> str:
    words = ngettext(
        "%(count)s order is on its way. We are telling the buyer.",
        "%(count)s orders are on their way. We are telling their buyers.",
        count,
    )
    return words % {"count": grouped(count)}


def _delivered_text(count: int) -> str:
    words = ngettext(
        "%(count)s order is delivered. We are telling the buyer.",
        "%(count)s orders are delivered. We are telling their buyers.",
        count,
    )
    return words % {"count": grouped(count)}
