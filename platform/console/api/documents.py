"""Invoices and credit notes of any order over the operators' API."""

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from checkout.api.document_examples import CREDIT_NOTE, DOCUMENT
from checkout.api.documents import ALL, ONE, answer_document, answer_documents
from checkout.documents.printing import credit_note_of, documents_of, invoice_of
from checkout.orders.operations import get_any_order
from checkout.orders.selectors import part_of
from console.access import OperatorApi
from kit.api.refusals import answer

TAGS = ["Operators: orders"]


class OperatorInvoicesApi(OperatorApi):
    """Invoices and credit notes of an order."""

    @extend_schema(
        operation_id="operator_order_invoices_list",
        summary="List an order's invoices and credit notes",
        tags=TAGS,
        responses=ALL,
        examples=[answer("An invoice, and a credit note for it", [DOCUMENT, CREDIT_NOTE])],
    )
    def get(self, request: Request, number: str) -> HttpResponse | Response:
        """Return the documents of all shops' parts; in one file with `Accept: application/pdf`."""
        parts = list(get_any_order(number=number).sub_orders.all())
        return answer_documents(request, documents_of(parts, now=timezone.now()), file_name=number)


class OperatorInvoiceApi(OperatorApi):
    """Invoice of a shop's part of an order."""

    @extend_schema(
        operation_id="operator_order_invoice_read",
        summary="Read or print the invoice of a shop's part",
        tags=TAGS,
        responses=ONE,
        examples=[answer("The invoice", DOCUMENT)],
    )
    def get(self, request: Request, number: str, sub_order: str) -> HttpResponse | Response:
        """Return the invoice of a part that was paid; as a PDF with `Accept: application/pdf`."""
        part = part_of(get_any_order(number=number), sub_order)
        return answer_document(request, invoice_of(part, now=timezone.now()))


class OperatorCreditNoteApi(OperatorApi):
    """Credit note of a shop's part of an order."""

    @extend_schema(
        operation_id="operator_order_credit_note_read",
        summary="Read or print a credit note of a shop's part",
        tags=TAGS,
        responses=ONE,
        examples=[answer("The credit note", CREDIT_NOTE)],
    )
    def get(self, request: Request, number: str, sub_order: str, position: int) -> HttpResponse | Response:
        """Return a credit note of a part by its place, from 1; as a PDF with `Accept: application/pdf`."""
        part = part_of(get_any_order(number=number), sub_order)
        return answer_document(request, credit_note_of(part, position, now=timezone.now()))
