"""Invoices and credit notes of a buyer's order over the API, as PDF or as JSON."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import django_request
from checkout.api.document_examples import CREDIT_NOTE, DOCUMENT
from checkout.api.examples import CART_TOKEN, ORDER_KEY
from checkout.api.orders import TAGS, OneOrderApi
from checkout.documents.printing import credit_note_of, documents_of, invoice_of, print_documents
from checkout.errors import DocumentNotFoundError
from checkout.models import IssuedDocument
from checkout.orders.selectors import part_of
from checkout.serializers.documents import IssuedDocumentOutput
from kit.api.refusals import answer, refusals
from kit.errors import NotFoundError
from kit.web.pdf import pdf_response, prefers_pdf

PDF_FILE = OpenApiResponse(OpenApiTypes.BINARY, "The file to print, for callers that send `Accept: application/pdf`.")
REFUSALS = refusals(NotFoundError, DocumentNotFoundError)
ONE: dict[Any, Any] = {(200, "application/json"): IssuedDocumentOutput, (200, "application/pdf"): PDF_FILE, **REFUSALS}
ALL: dict[Any, Any] = {
    (200, "application/json"): IssuedDocumentOutput(many=True),
    (200, "application/pdf"): PDF_FILE,
    **REFUSALS,
}


def answer_documents(request: Request, documents: list[IssuedDocument], *, file_name: str) -> HttpResponse | Response:
    """Answer with some documents: in one PDF where the caller asks for that, else as JSON."""
    if prefers_pdf(django_request(request)):
        return pdf_response(print_documents(documents), file_name=f"{file_name}.pdf")
    return Response(IssuedDocumentOutput(documents, many=True).data, headers={"Vary": "Accept"})


def answer_document(request: Request, document: IssuedDocument) -> HttpResponse | Response:
    """Answer with a document, as PDF where the caller asks for that, else as JSON."""
    if prefers_pdf(django_request(request)):
        return pdf_response(print_documents([document]), file_name=f"{document.number}.pdf")
    return Response(IssuedDocumentOutput(document).data, headers={"Vary": "Accept"})


class OrderInvoicesApi(OneOrderApi):
    """Invoices and credit notes of an order."""

    @extend_schema(
        operation_id="order_invoices_list",
        summary="List an order's invoices and credit notes",
        tags=TAGS,
        parameters=[ORDER_KEY, CART_TOKEN],
        responses=ALL,
        examples=[answer("An invoice, and a credit note for it", [DOCUMENT, CREDIT_NOTE])],
    )
    def get(self, request: Request, number: str) -> HttpResponse | Response:
        """Return the invoice of each part that was paid, and a credit note for each time that something went back.

        With `Accept: application/pdf` all of them are one file; an order that has none is refused then (404).
        """
        order = self.order_of(request, number)
        found = documents_of(list(order.sub_orders.all()), now=timezone.now())
        return answer_documents(request, found, file_name=order.number)


class OrderInvoiceApi(OneOrderApi):
    """Invoice of a shop's part of an order."""

    @extend_schema(
        operation_id="order_invoice_read",
        summary="Read or print the invoice of a shop's part",
        tags=TAGS,
        parameters=[ORDER_KEY, CART_TOKEN],
        responses=ONE,
        examples=[answer("The invoice", DOCUMENT)],
    )
    def get(self, request: Request, number: str, sub_order: str) -> HttpResponse | Response:
        """Return the invoice of a part that was paid; as a PDF with `Accept: application/pdf`.

        It is issued when it is first asked for, in the language of the order, and never changes.
        """
        part = part_of(self.order_of(request, number), sub_order)
        return answer_document(request, invoice_of(part, now=timezone.now()))


class OrderCreditNoteApi(OneOrderApi):
    """Credit note of a shop's part of an order."""

    @extend_schema(
        operation_id="order_credit_note_read",
        summary="Read or print a credit note of a shop's part",
        tags=TAGS,
        parameters=[ORDER_KEY, CART_TOKEN],
        responses=ONE,
        examples=[answer("The credit note", CREDIT_NOTE)],
    )
    def get(self, request: Request, number: str, sub_order: str, position: int) -> HttpResponse | Response:
        """Return a credit note of a part by its place, from 1; as a PDF with `Accept: application/pdf`."""
        part = part_of(self.order_of(request, number), sub_order)
        return answer_document(request, credit_note_of(part, position, now=timezone.now()))
