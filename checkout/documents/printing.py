"""Print documents: those of a part or of an order, and those of a selection in one file."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.utils.translation import gettext

from checkout.documents.issuing import has_invoice, issue_documents
from checkout.documents.slips import SlipKind, is_picked_up, slip_sheet
from checkout.errors import DocumentNotFoundError, NotPickedUpError
from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.parcels import SentParcel
from checkout.fulfilment.status import SOLD
from checkout.models import DocumentKind, IssuedDocument, SubOrder
from kit.db.roles import as_platform
from tenants.models import Shop

# Documents that are printed in one request: about 2 ms each (docs/adr/0077).
MOST_PRINTED = 25


@as_platform()  # the documents are the market's record
def documents_of(parts: Sequence[SubOrder], *, now: datetime) -> list[IssuedDocument]:
    """Return the invoices and credit notes of some parts, in the order of the parts; those that are due are issued."""
    by_shop: dict[int, list[UUID]] = {}
    for part in parts:
        if has_invoice(part):
            by_shop.setdefault(part.shop_id, []).append(part.pk)
    for shop_id in sorted(by_shop):
        issue_documents(shop_id=shop_id, sub_order_ids=by_shop[shop_id], now=now)
    found = issued_documents([key for keys in by_shop.values() for key in keys])
    return [document for part in parts for document in found.get(part.pk, [])]


def invoice_of(part: SubOrder, *, now: datetime) -> IssuedDocument:
    """Return the invoice of a part, issued now where it is not yet.

    Raises:
        DocumentNotFoundError: nothing of the part was sold.
    """
    return _at(part, 0, now)


def credit_note_of(part: SubOrder, position: int, *, now: datetime) -> IssuedDocument:
    """Return a credit note of a part by its place, from 1, issued now where it is not yet.

    Raises:
        DocumentNotFoundError: the part has none there.
    """
    if position < 1:
        raise DocumentNotFoundError
    return _at(part, position, now)


def invoices_of_shop(*, shop_id: int, numbers: Sequence[str], now: datetime) -> list[IssuedDocument]:
    """Return the invoices of a shop's parts by their numbers, in this order; those that were not sold have none."""
    parts = {each.number: each for each in SubOrder.objects.filter(shop_id=shop_id, number__in=list(numbers))}
    found = documents_of([parts[number] for number in numbers if number in parts], now=now)
    return [each for each in found if each.kind == DocumentKind.INVOICE]


def print_documents(documents: Sequence[IssuedDocument]) -> bytes:
    """Return the PDF of some invoices and credit notes.

    Raises:
        DocumentNotFoundError: there are none.
    """
    from checkout.documents.invoices import document_sheet
    from checkout.documents.sheet import as_pdf

    if not documents:
        raise DocumentNotFoundError
    title = documents[0].number if len(documents) == 1 else gettext("Invoices")
    return as_pdf(title=title, layouts=[partial(document_sheet, each) for each in documents])


def print_slips(kind: SlipKind, orders: Iterable[VendorOrder], *, shop: Shop) -> bytes:
    """Return the PDF of the slips of some orders; those that were not sold, or that are not picked up, have none.

    Raises:
        NotPickedUpError: none of them is picked up.
        DocumentNotFoundError: none of them was sold.
    """
    from checkout.documents.sheet import as_pdf

    sold = [order for order in orders if order.status in SOLD]
    wanted = [order for order in sold if kind == SlipKind.PACKING or is_picked_up(order)]
    if sold and not wanted:
        raise NotPickedUpError
    if not wanted:
        raise DocumentNotFoundError
    title = wanted[0].number if len(wanted) == 1 else str(kind.label)
    return as_pdf(title=title, layouts=[partial(slip_sheet, kind, order, shop) for order in wanted])


def print_parcel_slip(order: VendorOrder, parcel: SentParcel, *, shop: Shop) -> bytes:
    """Return the PDF of the packing slip of one parcel."""
    from checkout.documents.sheet import as_pdf

    layout = partial(slip_sheet, SlipKind.PACKING, order, shop, parcel)
    return as_pdf(title=f"{order.number}-{parcel.number}", layouts=[layout])


def issued_documents(sub_order_ids: Sequence[UUID]) -> dict[UUID, list[IssuedDocument]]:
    """Return the documents of some parts: of each its invoice, then its credit notes, by their places."""
    found: dict[UUID, list[IssuedDocument]] = {}
    for each in IssuedDocument.objects.filter(sub_order_id__in=sub_order_ids).select_related("sub_order__shop"):
        found.setdefault(each.sub_order_id, []).append(each)
    return found


def _at(part: SubOrder, position: int, now: datetime) -> IssuedDocument:
    found = documents_of([part], now=now)
    if position >= len(found):
        raise DocumentNotFoundError
    return found[position]
