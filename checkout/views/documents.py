"""Invoices and credit notes of a buyer's order, as PDF files."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views import View

from checkout.access import order_for
from checkout.documents.printing import credit_note_of, invoice_of, print_documents
from checkout.models import IssuedDocument, SubOrder
from checkout.orders.selectors import part_of
from kit.web.not_found import or_404
from kit.web.pdf import pdf_response


class InvoiceView(View):
    """Invoice of a shop's part of an order."""

    def get(self, request: HttpRequest, number: str, sub_order: str) -> HttpResponse:
        return document_response(or_404(invoice_of, _part(request, number, sub_order), now=timezone.now()))


class CreditNoteView(View):
    """Credit note of a shop's part of an order, by its place."""

    def get(self, request: HttpRequest, number: str, sub_order: str, position: int) -> HttpResponse:
        part = _part(request, number, sub_order)
        return document_response(or_404(credit_note_of, part, position, now=timezone.now()))


def document_response(document: IssuedDocument) -> HttpResponse:
    """Answer with the PDF of a document."""
    return pdf_response(print_documents([document]), file_name=f"{document.number}.pdf")


def _part(request: HttpRequest, number: str, sub_order: str) -> SubOrder:
    return or_404(part_of, or_404(order_for, request, number), sub_order)
