"""The documents of some orders as rows, with the addresses at which they open."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from checkout.documents.offered import offered_documents
from checkout.documents.printing import issued_documents
from checkout.models import DocumentKind, IssuedDocument, SubOrder
from kit.web.hosts import platform_url

Row = Mapping[str, object]


def documents_of_orders(order_ids: Iterable[UUID]) -> list[Row]:
    """Return the invoices and credit notes of some orders, each with what it says and the address of its PDF.

    One that was not issued yet has neither number nor content: it is issued when its address is opened.
    """
    parts = SubOrder.objects.filter(order_id__in=list(order_ids)).select_related("order", "shop").order_by("id")
    offered = offered_documents(list(parts))
    issued = issued_documents([each.part.pk for each in offered])
    rows: list[Row] = []
    for each in offered:
        known = dict(enumerate(issued.get(each.part.pk, [])))
        rows.append(_row(each.part, DocumentKind.INVOICE, known.get(0)))
        rows += [_row(each.part, DocumentKind.CREDIT_NOTE, known.get(place), place) for place in each.credit_notes]
    return rows


def _row(part: SubOrder, kind: DocumentKind, document: IssuedDocument | None, place: int = 0) -> Row:
    order = part.order
    name, arguments = ("credit-note", [place]) if place else ("invoice", [])
    path = reverse(
        f"checkout:{name}", urlconf=settings.PUBLIC_SCHEMA_URLCONF, args=[order.number, part.number, *arguments]
    )
    key = f"?key={order.access_key}" if order.buyer_id is None else ""
    return {
        "order": order.number,
        "part": part.number,
        "shop": part.shop.name,
        "kind": kind.value,
        "number": document.number if document else "",
        "issued_at": document.issued_at if document else None,
        "address": platform_url(path + key),
        "content": document.content if document else None,
    }
