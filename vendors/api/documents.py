"""Invoices, credit notes and slips of a shop's orders over the API."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from checkout.api.document_examples import CREDIT_NOTE, DOCUMENT
from checkout.api.documents import (
    ALL,
    ONE,
    PDF_FILE,
    answer_document,
    answer_documents,
)
from checkout.capabilities import VIEW_ORDERS
from checkout.documents.printing import (
    MOST_PRINTED,
    credit_note_of,
    documents_of,
    invoice_of,
    print_parcel_slip,
    print_slips,
)
from checkout.documents.slips import SlipKind
from checkout.errors import DocumentNotFoundError, NotPickedUpError
from checkout.fulfilling.parts import find_parcel
from checkout.fulfilment.selectors import get_vendor_order
from checkout.orders.shop_orders import get_sub_order
from kit.api.input import InputSerializer
from kit.api.openapi import INVALID
from kit.api.refusals import answer, refusals
from kit.api.validation import checked
from kit.errors import NotFoundError
from kit.text.serializers import LineField
from kit.web.pdf import pdf_response
from vendors.access import StaffApi, shop_of
from vendors.services.printing import PrintKind, print_selection

TAGS = ["Orders"]
SLIP: dict[Any, Any] = {
    (200, "application/pdf"): PDF_FILE,
    **refusals(NotFoundError, DocumentNotFoundError, NotPickedUpError),
}
PARCEL_SLIP: dict[Any, Any] = {(200, "application/pdf"): PDF_FILE, **refusals(NotFoundError)}
PRINTED: dict[Any, Any] = {
    (200, "application/pdf"): PDF_FILE,
    400: INVALID,
    **refusals(DocumentNotFoundError, NotPickedUpError),
}


class PrintData(InputSerializer):
    """Documents of some orders to print."""

    document = serializers.ChoiceField(choices=PrintKind.choices)
    numbers = serializers.ListField(
        child=LineField(max_length=24),
        allow_empty=False,
        max_length=MOST_PRINTED,
        help_text=f"At most {MOST_PRINTED}.",
    )


class VendorInvoicesApi(StaffApi):
    """Invoice and credit notes of an order."""

    capabilities: ClassVar = {"GET": VIEW_ORDERS}

    @extend_schema(
        operation_id="vendor_order_invoices_list",
        summary="List the invoice and the credit notes of an order",
        tags=TAGS,
        responses=ALL,
        examples=[answer("An invoice, and a credit note for it", [DOCUMENT, CREDIT_NOTE])],
    )
    def get(self, request: Request, number: str) -> HttpResponse | Response:
        """Return the invoice, then a credit note for each time that something went back; none of an unpaid order.

        With `Accept: application/pdf` all of them are one file; an order that has none is refused then (404).
        """
        part = get_sub_order(shop_id=shop_of(request).pk, number=number)
        return answer_documents(request, documents_of([part], now=timezone.now()), file_name=number)


class VendorInvoiceApi(StaffApi):
    """Invoice of an order."""

    capabilities: ClassVar = {"GET": VIEW_ORDERS}

    @extend_schema(
        operation_id="vendor_order_invoice_read",
        summary="Read or print the invoice of an order",
        tags=TAGS,
        responses=ONE,
        examples=[answer("The invoice", DOCUMENT)],
    )
    def get(self, request: Request, number: str) -> HttpResponse | Response:
        """Return the invoice of a paid order; as a PDF with `Accept: application/pdf`.

        It is issued when it is first asked for, in the language of the order, and never changes.
        """
        part = get_sub_order(shop_id=shop_of(request).pk, number=number)
        return answer_document(request, invoice_of(part, now=timezone.now()))


class VendorCreditNoteApi(StaffApi):
    """Credit note of an order."""

    capabilities: ClassVar = {"GET": VIEW_ORDERS}

    @extend_schema(
        operation_id="vendor_order_credit_note_read",
        summary="Read or print a credit note of an order",
        tags=TAGS,
        responses=ONE,
        examples=[answer("The credit note", CREDIT_NOTE)],
    )
    def get(self, request: Request, number: str, position: int) -> HttpResponse | Response:
        """Return a credit note by its place, from 1; as a PDF with `Accept: application/pdf`."""
        part = get_sub_order(shop_id=shop_of(request).pk, number=number)
        return answer_document(request, credit_note_of(part, position, now=timezone.now()))


class _SlipApi(StaffApi):
    """A slip of an order, always a PDF."""

    capabilities: ClassVar = {"GET": VIEW_ORDERS}
    kind: ClassVar[SlipKind]

    def _slip(self, request: Request, number: str) -> HttpResponse:
        shop = shop_of(request)
        order = get_vendor_order(shop=shop, number=number)
        return pdf_response(
            print_slips(self.kind, [order], shop=shop), file_name=f"{self.kind.value}-{order.number}.pdf"
        )


class PackingSlipApi(_SlipApi):
    """Packing slip of an order."""

    kind = SlipKind.PACKING

    @extend_schema(
        operation_id="vendor_order_packing_slip_download",
        summary="Print the packing slip of an order",
        tags=TAGS,
        responses=SLIP,
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        """Return a PDF of what is left in a paid order, without prices, in the language of the caller."""
        return self._slip(request, number)


class ShipmentPackingSlipApi(StaffApi):
    """Packing slip of a parcel."""

    capabilities: ClassVar = {"GET": VIEW_ORDERS}

    @extend_schema(
        operation_id="shipment_packing_slip_download",
        summary="Print the packing slip of a parcel",
        tags=TAGS,
        responses=PARCEL_SLIP,
    )
    def get(self, request: Request, number: str, shipment_id: int) -> HttpResponse:
        """Return a PDF of what is in one parcel, without prices, in the language of the caller."""
        shop = shop_of(request)
        order = get_vendor_order(shop=shop, number=number)
        content = print_parcel_slip(order, find_parcel(order.sent_parcels, shipment_id), shop=shop)
        return pdf_response(content, file_name=f"packing-slip-{order.number}-{shipment_id}.pdf")


class PickupSlipApi(_SlipApi):
    """Pick-up slip of an order."""

    kind = SlipKind.PICKUP

    @extend_schema(
        operation_id="vendor_order_pickup_slip_download",
        summary="Print the pick-up slip of an order",
        tags=TAGS,
        responses=SLIP,
    )
    def get(self, request: Request, number: str) -> HttpResponse:
        """Return a PDF with the name by which a parcel is fetched; orders that are delivered have none (409)."""
        return self._slip(request, number)


class BulkPrintApi(StaffApi):
    """Documents of many orders in one file."""

    capabilities: ClassVar = {"POST": VIEW_ORDERS}

    @extend_schema(
        operation_id="vendor_orders_documents_download",
        summary="Print the documents of many orders",
        tags=TAGS,
        request=PrintData,
        responses=PRINTED,
        examples=[
            OpenApiExample(
                "Packing slips",
                request_only=True,
                value={"document": "packing-slip", "numbers": ["KS-7F3K9QXD2M-1", "KS-41PMC7W8ZA-2"]},
            )
        ],
    )
    def post(self, request: Request) -> HttpResponse:
        """Return one PDF with the documents of some orders, in the order of their numbers here.

        Orders that have no such document are left out; where none has, nothing is printed (404, 409).
        """
        asked = checked(PrintData, request.data)
        kind = PrintKind(asked["document"])
        content = print_selection(kind=kind, shop=shop_of(request), numbers=asked["numbers"], now=timezone.now())
        return pdf_response(content, file_name=f"{kind.value}s.pdf")
