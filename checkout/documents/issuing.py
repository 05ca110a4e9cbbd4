"""Issue invoices and credit notes: each once, numbered by its shop without gaps."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from checkout.documents.content import credit_note_content, invoice_content
from checkout.fulfilment.status import SOLD, PartStatus
from checkout.models import DocumentCounter, DocumentKind, IssuedDocument, Reversal, SubOrder
from kit.text.languages import is_language
from kit.web.zones import zone_of
from tenants.shops.sellers import seller_of

PREFIX = {DocumentKind.INVOICE: "INV", DocumentKind.CREDIT_NOTE: "CN"}


def has_invoice(part: SubOrder) -> bool:
    """Return whether a part was sold, and so has an invoice: paid for, even where all of it was cancelled since."""
    was_cancelled = part.status == PartStatus.CANCELLED and bool(part.cancelled_units)
    return part.status in SOLD or was_cancelled


def issue_documents(*, shop_id: int, sub_order_ids: Collection[UUID], now: datetime) -> None:
    """Issue the invoices of a shop's sold parts, and a credit note for each of their reversals, as far as missing.

    All of them in one transaction, which holds the shop's counters: two at once issue each document once, and where it
    is rolled back no number is lost. The caller is the platform: documents are its record, which outlives archives.
    """
    parts = SubOrder.objects.filter(shop_id=shop_id, pk__in=sub_order_ids).select_related("order", "shop")
    sold = [part for part in parts.order_by("order__paid_at", "id") if has_invoice(part)]
    if not _is_missing(sold):
        return
    with transaction.atomic():
        press = _Press(lock_document_counters(shop_id=shop_id), now)
        press.issue(sold)


def lock_document_counters(*, shop_id: int) -> dict[str, DocumentCounter]:
    """Lock a shop's counters, made where there are none, in primary-key order; needs an open transaction."""
    kinds = [DocumentCounter(shop_id=shop_id, kind=kind) for kind in DocumentKind]
    DocumentCounter.objects.bulk_create(kinds, ignore_conflicts=True)
    rows = DocumentCounter.objects.select_for_update().filter(shop_id=shop_id).order_by("id")
    return {row.kind: row for row in rows}


def _is_missing(sold: Sequence[SubOrder]) -> bool:
    """Return whether anything is to be issued; what was issued stays, so most calls need no lock."""
    if len(_invoices_of(sold)) < len(sold):
        return True
    return Reversal.objects.filter(sub_order__in=sold, document__isnull=True).exists()


def _invoices_of(parts: Sequence[SubOrder]) -> dict[UUID, IssuedDocument]:
    """Return the invoices of some parts, by the part."""
    found = IssuedDocument.objects.filter(sub_order__in=parts, kind=DocumentKind.INVOICE)
    return {each.sub_order_id: each for each in found.order_by("id")}


class _Press:
    """Documents of one shop, issued with its counters locked."""

    def __init__(self, counters: Mapping[str, DocumentCounter], now: datetime) -> None:
        self.counters, self.now = counters, now
        self._seller = cache(lambda shop, is_registered: seller_of(shop=shop, is_registered=is_registered))

    def issue(self, sold: Sequence[SubOrder]) -> None:
        """Issue the documents of sold parts that are missing."""
        invoices = _invoices_of(sold)
        new = [self._invoice(part) for part in sold if part.pk not in invoices]
        invoices |= {each.sub_order_id: each for each in new}
        by_id = {part.pk: part for part in sold}
        missing = Reversal.objects.filter(sub_order__in=sold, document__isnull=True).order_by("created_at", "id")
        new += [
            self._credit_note(reversal, by_id[reversal.sub_order_id], invoices[reversal.sub_order_id])
            for reversal in missing
        ]
        IssuedDocument.objects.bulk_create(new)
        DocumentCounter.objects.bulk_update(self.counters.values(), ["last_sequence"])

    def _invoice(self, part: SubOrder) -> IssuedDocument:
        seller = self._seller(part.shop, bool(part.tax))
        content = invoice_content(part=part, order=part.order, seller=seller, issued_on=self._day(part))
        return self._numbered(DocumentKind.INVOICE, part, content)

    def _credit_note(self, reversal: Reversal, part: SubOrder, invoice: IssuedDocument) -> IssuedDocument:
        content = credit_note_content(
            reversal=reversal,
            part=part,
            order=part.order,
            seller=invoice.content["seller"],
            invoice=invoice.number,
            issued_on=self._day(part),
        )
        document = self._numbered(DocumentKind.CREDIT_NOTE, part, content)
        document.reversal = reversal
        return document

    def _numbered(self, kind: DocumentKind, part: SubOrder, content: dict[str, Any]) -> IssuedDocument:
        """Return a document with the next number of its kind, in the language of the order."""
        counter = self.counters[kind]
        counter.last_sequence += 1
        language = part.order.language
        return IssuedDocument(
            shop_id=part.shop_id,
            sub_order=part,
            kind=kind,
            sequence=counter.last_sequence,
            number=f"{PREFIX[kind]}-{counter.last_sequence:06d}",
            language=language if is_language(language) else settings.LANGUAGE_CODE,
            content=content,
            issued_at=self.now,
        )

    def _day(self, part: SubOrder) -> date:
        return self.now.astimezone(zone_of(country=part.shop.country)).date()
