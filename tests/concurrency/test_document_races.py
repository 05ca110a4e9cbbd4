"""Invoices asked for by many at once: each issued once, numbered without gaps."""

from __future__ import annotations

from threading import Barrier

import pytest
from django.db import IntegrityError, transaction

from checkout.documents import issuing
from checkout.documents.printing import documents_of, invoice_of
from checkout.models import DocumentCounter, DocumentKind, IssuedDocument, SubOrder
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, stock
from tests.world.own_shop import paid_order
from tests.world.races import all_at_once

PEOPLE = 6


@pytest.fixture
def parts(live_database: str) -> list[SubOrder]:
    """Three paid orders of one shop."""
    item: Stocked = stock(open_shop("indigo"))
    numbers = [paid_order(item) for _ in range(3)]
    return list(SubOrder.objects.filter(number__in=numbers).select_related("shop").order_by("number"))


def sequences() -> list[int]:
    return list(IssuedDocument.objects.order_by("sequence").values_list("sequence", flat=True))


def test_one_invoice_is_issued_once_however_many_ask(parts: list[SubOrder]) -> None:
    numbers = all_at_once(lambda _: invoice_of(parts[0], now=NOW).number, PEOPLE)
    assert numbers == {"INV-000001": PEOPLE}
    assert sequences() == [1]


def test_several_at_once_are_numbered_without_gaps(parts: list[SubOrder]) -> None:
    all_at_once(lambda place: documents_of([parts[place % 3]], now=NOW) and 0, PEOPLE)
    assert sequences() == [1, 2, 3]
    assert DocumentCounter.objects.get(kind=DocumentKind.INVOICE).last_sequence == 3


def test_a_transaction_that_is_rolled_back_beside_others_leaves_no_gap(parts: list[SubOrder]) -> None:
    def work(place: int) -> int:
        with transaction.atomic():
            invoice_of(parts[place], now=NOW)
            if place == 1:
                transaction.set_rollback(True)
        return 0

    all_at_once(work, 3)
    assert sequences() == [1, 2]
    invoice_of(parts[1], now=NOW)
    assert sequences() == [1, 2, 3]


def test_without_the_lock_two_take_one_number(parts: list[SubOrder], monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: both read the counters before either writes; the database refuses the second."""
    invoice_of(parts[2], now=NOW)
    both_have_read = Barrier(2)

    def read_without_lock(*, shop_id: int) -> dict[str, DocumentCounter]:
        found = {row.kind: row for row in DocumentCounter.objects.filter(shop_id=shop_id)}
        both_have_read.wait(timeout=60)
        return found

    monkeypatch.setattr(issuing, "lock_document_counters", read_without_lock)

    def work(place: int) -> str:
        try:
            invoice_of(parts[place], now=NOW)
        except IntegrityError:
            return "refused"
        return "issued"

    assert all_at_once(work, 2) == {"issued": 1, "refused": 1}
