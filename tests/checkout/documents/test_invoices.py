"""Invoices and credit notes: what they say, their numbers, and that neither ever changes."""

from __future__ import annotations

import pytest
import time_machine
from django.db import IntegrityError, transaction

from checkout.documents.printing import credit_note_of, documents_of, invoice_of, print_documents
from checkout.errors import DocumentNotFoundError
from checkout.models import CouponKind, DocumentCounter, IssuedDocument, Order, SubOrder
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Shop
from tests.checkout.documents.world import cancel, pages_of, paid, parts_of
from tests.world.clock import NOW
from tests.world.coupons import buy_with, coupon
from tests.world.market import Stocked, open_shop, stock
from tests.world.tax import register

pytestmark = pytest.mark.django_db


@pytest.fixture
def cloth(db: None) -> Stocked:
    item = stock(open_shop("cloth-hall"), price_minor=1_000_000, on_hand=10)
    register(item.shop)
    coupon(item.shop)
    return item


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house"), sku="POT-1", price_minor=3_000_000, on_hand=5)


@pytest.fixture
def order(cloth: Stocked, pot: Stocked, paystack: SandboxProcess) -> Order:
    """Three pieces of cloth with a coupon and tax on top, and a pot without."""
    coupon(None, "WELCOME", kind=CouponKind.FIXED, amount_minor=60_000, currency="NGN")
    return paid(buy_with(cloth.line(3), pot.line(), codes=("TEN", "WELCOME")).order, paystack)


def printed(*documents: IssuedDocument) -> str:
    return " ".join(pages_of(print_documents(documents)))


def test_an_invoice_tells_the_sale_and_its_tax(order: Order) -> None:
    first, second = parts_of(order)
    invoice = invoice_of(first, now=NOW)
    words = printed(invoice)
    for said in (
        "Invoice",
        "INV-000001",
        first.number,
        "Tax number: 123456780001",
        "VAT 7.5%",
        "less ₦",
        "Page 1 of 1",
    ):
        assert said in words
    amounts = invoice.content["amounts"]
    assert amounts["total_minor"] == first.total_minor
    assert sum(line["total_minor"] for line in invoice.content["lines"]) == amounts["items_minor"]
    assert sum(line["discount_minor"] for line in invoice.content["lines"]) == amounts["discount_minor"]
    assert sum(rate["tax_minor"] for rate in invoice.content["tax_rates"]) == amounts["tax_minor"]
    assert "No tax is charged on this sale." in printed(invoice_of(second, now=NOW))


def test_each_shop_counts_its_own_from_one(order: Order) -> None:
    numbers = [(each.shop_id, each.number) for each in documents_of(parts_of(order), now=NOW)]
    assert [number for _, number in numbers] == ["INV-000001", "INV-000001"]
    assert len({shop_id for shop_id, _ in numbers}) == 2
    documents_of(parts_of(order), now=NOW)
    assert IssuedDocument.objects.count() == 2, "asked for again, nothing is issued"


def test_what_is_taken_back_has_a_credit_note_that_names_the_invoice(order: Order, cloth: Stocked) -> None:
    [part, _] = parts_of(order)
    cancel(part, {cloth.variant_id: 1})
    cancel(part, {cloth.variant_id: 2}, reason="It is late")
    [part, _] = parts_of(order)
    invoice, *notes = documents_of([part], now=NOW)
    assert [invoice.number, *(each.number for each in notes)] == ["INV-000001", "CN-000001", "CN-000002"]
    assert invoice.content["amounts"]["total_minor"] == part.total_minor, "the sale as it was"
    assert sum(each.content["total_minor"] for each in notes) == part.total_minor
    words = printed(notes[1])
    for said in ("Credit note", "For invoice INV-000001", "Reason: It is late", "Credited"):
        assert said in words
    assert credit_note_of(part, 1, now=NOW) == notes[0]
    for missing in (0, 3):
        with pytest.raises(DocumentNotFoundError):
            credit_note_of(part, missing, now=NOW)


def test_a_document_says_for_ever_what_it_said(order: Order, cloth: Stocked) -> None:
    [part, _] = parts_of(order)
    first = print_documents([invoice_of(part, now=NOW)])
    Shop.objects.filter(pk=cloth.shop.pk).update(name="Another name", city="Elsewhere")
    SubOrder.objects.filter(pk=part.pk).update(lines=[], tax={}, adjustments=[])
    Order.objects.filter(pk=order.pk).update(billing_address={}, vat_number="X", language="fr")
    cancelled = SubOrder.objects.get(pk=part.pk)
    with time_machine.travel("2031-05-05T10:00:00Z"):
        assert print_documents([invoice_of(cancelled, now=NOW)]) == first


@pytest.mark.parametrize("status", ["pending", "expired", "cancelled", "unfulfillable"])
def test_what_was_not_sold_has_none(cloth: Stocked, status: str) -> None:
    order = buy_with(cloth.line()).order
    SubOrder.objects.update(status=status)
    assert documents_of(parts_of(order), now=NOW) == []
    with pytest.raises(DocumentNotFoundError):
        invoice_of(parts_of(order)[0], now=NOW)
    assert not DocumentCounter.objects.exists()


def test_a_rolled_back_issue_leaves_no_gap(order: Order) -> None:
    first, *_ = parts_of(order)
    with transaction.atomic():
        invoice_of(first, now=NOW)
        transaction.set_rollback(True)
    assert not IssuedDocument.objects.exists()
    assert [each.sequence for each in documents_of([first], now=NOW)] == [1]


def test_an_invoice_speaks_the_language_of_the_order(order: Order) -> None:
    Order.objects.update(language="fr")
    words = printed(*documents_of(parts_of(order), now=NOW))
    assert "Facture" in words
    assert "TVA 7,5" in words
    assert "Invoice" not in words


def test_the_database_holds_one_number_once_and_one_invoice_a_part(order: Order) -> None:
    first, second = parts_of(order)
    invoice = invoice_of(first, now=NOW)
    for wrong in ({"sequence": 1, "sub_order": second}, {"sequence": 2}, {"sequence": 0}, {"kind": "credit_note"}):
        again = IssuedDocument(
            shop_id=invoice.shop_id,
            sub_order=invoice.sub_order,
            kind="invoice",
            sequence=9,
            number="INV-9",
            language="en",
            content={},
            issued_at=NOW,
        )
        for name, value in wrong.items():
            setattr(again, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save(force_insert=True)


def test_sixty_lines_go_on_over_pages_with_their_head_on_each(order: Order) -> None:
    invoice = invoice_of(parts_of(order)[0], now=NOW)
    [line] = invoice.content["lines"]
    long = "Aṣọ òkè of the very best hand-woven cotton for weddings and namings " * 3
    invoice.content["lines"] = [{**line, "title": f"No {place}: {long}"} for place in range(60)]
    pages = pages_of(print_documents([invoice]))
    assert len(pages) > 3
    assert all("Quantity" in page for page in pages[:-1])
    text = " ".join(pages)
    assert all(f"No {place}:" in text for place in range(60))
    assert f"Page {len(pages)} of {len(pages)}" in pages[-1]
