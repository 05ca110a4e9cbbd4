"""Invoices, credit notes and slips of the shop's orders, as PDF files."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from checkout.capabilities import VIEW_ORDERS
from checkout.documents.printing import MOST_PRINTED, credit_note_of, invoice_of, print_parcel_slip, print_slips
from checkout.documents.slips import SlipKind
from checkout.errors import DocumentNotFoundError, NotPickedUpError
from checkout.fulfilling.parts import find_parcel
from checkout.fulfilment.selectors import get_vendor_order
from checkout.models import SubOrder
from checkout.orders.shop_orders import get_sub_order
from checkout.views.documents import document_response
from kit.web.not_found import or_404
from kit.web.pdf import pdf_response
from vendors.access import StaffRequest, staff_only
from vendors.services.printing import PrintKind, print_selection


@staff_only(VIEW_ORDERS)
@require_safe
def order_invoice(request: StaffRequest, number: str) -> HttpResponse:
    """Send the invoice of an order."""
    return document_response(or_404(invoice_of, _part(request, number), now=timezone.now()))


@staff_only(VIEW_ORDERS)
@require_safe
def order_credit_note(request: StaffRequest, number: str, position: int) -> HttpResponse:
    """Send a credit note of an order."""
    return document_response(or_404(credit_note_of, _part(request, number), position, now=timezone.now()))


@staff_only(VIEW_ORDERS)
@require_safe
def order_packing_slip(request: StaffRequest, number: str) -> HttpResponse:
    """Send the packing slip of an order."""
    return _slip(request, number, SlipKind.PACKING)


@staff_only(VIEW_ORDERS)
@require_safe
def parcel_packing_slip(request: StaffRequest, number: str, parcel: int) -> HttpResponse:
    """Send the packing slip of one parcel of an order."""
    order = or_404(get_vendor_order, shop=request.shop, number=number)
    content = print_parcel_slip(order, or_404(find_parcel, order.sent_parcels, parcel), shop=request.shop)
    return pdf_response(content, file_name=f"packing-slip-{order.number}-{parcel}.pdf")


@staff_only(VIEW_ORDERS)
@require_safe
def order_pickup_slip(request: StaffRequest, number: str) -> HttpResponse:
    """Send the pick-up slip of an order."""
    return _slip(request, number, SlipKind.PICKUP)


@staff_only(VIEW_ORDERS)
@require_safe
def orders_print(request: StaffRequest) -> HttpResponse:
    """Send the documents of the selected orders in one file; back to the list where none of them has any."""
    kind = request.GET.get("document", "")
    if kind not in PrintKind.values:
        raise Http404
    wanted = PrintKind(kind)
    numbers = request.GET.getlist("ids")[:MOST_PRINTED]
    try:
        content = print_selection(kind=wanted, shop=request.shop, numbers=numbers, now=timezone.now())
    except (DocumentNotFoundError, NotPickedUpError) as error:
        messages.info(request, error.message)
        return redirect("vendors:orders")
    return pdf_response(content, file_name=f"{wanted.value}s.pdf")


def _slip(request: StaffRequest, number: str, kind: SlipKind) -> HttpResponse:
    order = or_404(get_vendor_order, shop=request.shop, number=number)
    try:
        content = or_404(print_slips, kind, [order], shop=request.shop)
    except NotPickedUpError as error:
        raise Http404 from error
    return pdf_response(content, file_name=f"{kind.value}-{order.number}.pdf")


def _part(request: StaffRequest, number: str) -> SubOrder:
    return or_404(get_sub_order, shop_id=request.shop.pk, number=number)
