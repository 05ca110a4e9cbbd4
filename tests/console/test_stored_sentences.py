"""Sentences that one person's act stores are read by others in their own language, amounts too."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from checkout.models import Payment, Refund
from payouts.models import Journal
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.market import open_shop, stock
from tests.world.payments import pay, started

FRENCH = {"accept-language": "fr"}
STORED = "Too little: NGN 18,499.50 instead of NGN 18,500.50."


@pytest.fixture
def short(paystack: SandboxProcess) -> Payment:
    """A payment whose buyer, who reads French, has come back from the provider's page having paid too little."""
    payment = started(stock(open_shop("cloth-hall"), price_minor=1_700_050).line())
    paystack.add_fault("wrong_amount", by=-100)
    pay(paystack, payment)
    with time_machine.travel(NOW + timedelta(minutes=3), tick=False):
        buyer = Client(HTTP_HOST="kasuwa.localhost", headers=FRENCH)
        assert buyer.get(f"/payments/return/{payment.reference}/").status_code == 302
    payment.refresh_from_db()
    return payment


def test_a_buyers_wrong_payment_is_read_in_each_operators_language(console: Client, short: Payment) -> None:
    assert (short.note, Refund.objects.get().reason) == (STORED, STORED)
    order = f"/operator/orders/{short.order.number}/"
    with time_machine.travel(NOW + timedelta(minutes=4), tick=False):
        for path in (order, "/operator/payments/", "/operator/refunds/"):
            english = console.get(path).content.decode()
            assert "Too little: ₦18,499.50 instead of ₦18,500.50." in english, path
            french = console.get(path, headers=FRENCH).content.decode().replace("\xa0", " ").replace("&nbsp;", " ")
            assert "Montant insuffisant : 18 499,50 NGN au lieu de 18 500,50 NGN." in french, path
            assert "Too little" not in french, path


def test_the_api_answers_it_in_the_language_of_the_call(console: Client, short: Payment) -> None:
    path = f"/api/v1/operator/payments/{short.reference}/"
    with time_machine.travel(NOW + timedelta(minutes=4), tick=False):
        assert "Too little: ₦18,499.50 instead of ₦18,500.50." in console.get(path).content.decode()
        french = console.get(path, headers=FRENCH).content.decode().replace("\xa0", " ").replace("\\u00a0", " ")
        assert "Montant insuffisant : 18 499,50 NGN au lieu de 18 500,50 NGN." in french


def test_a_journal_says_what_it_is_in_french(console: Client, short: Payment) -> None:
    journal = Journal.objects.get(kind="sale")
    assert journal.description == f"Payment {short.reference} captured"
    page = console.get(f"/operator/ledger/journals/{journal.pk}/", headers=FRENCH).content.decode()
    assert f"Paiement {short.reference} encaissé" in page
