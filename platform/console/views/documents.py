"""Invoices and credit notes of any order, as PDF files."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from checkout.documents.printing import credit_note_of, invoice_of
from checkout.models import SubOrder
from checkout.orders.operations import get_any_order
from checkout.orders.selectors import part_of
from checkout.views.documents import document_response
from console.access import operators_only
from kit.web.not_found import or_404


@operators_only
@require_safe
def order_invoice(_request: HttpRequest, number: str, part: str) -> HttpResponse:
    """Send the invoice of a shop's part."""
    return document_response(or_404(invoice_of, _part(number, part), now=timezone.now()))


@operators_only
def order_credit_note(_request: HttpRequest, number: str, part: str, position: int) -> HttpResponse:
    """Send a credit note of a shop's part."""
    return document_response(or_404(credit_note_of, _part(number, part), position, now=timezone.now()))


def _part(number: str, part: str) -> SubOrder:
    return or_404(part_of, or_404(get_any_order, number=number), part)
