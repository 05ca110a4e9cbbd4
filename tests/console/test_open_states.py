"""What is still open is said from one source: the queue, orders' pages, lists of payments, and forgetting a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from accounts.services.personal_data import Subject
from checkout.ending.expire_orders import expire_reservations
from checkout.models import Order, Payment, Refund
from checkout.payments.confirm_payment import confirm_payment
from checkout.personal_data import obstacles
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, stock
from tests.world.payments import pay, started

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=3)


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


def text(client: Client, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_payment_of_an_order_that_has_ended_waits_for_nobody(
    cloth: Stocked, paystack: SandboxProcess, client: Client, operator: User
) -> None:
    payment = started(cloth.line())
    client.force_login(operator)
    page = f"/operator/orders/{payment.order.number}/"
    assert payment.label == "Waiting for the buyer"

    expire_reservations(now=NOW + timedelta(minutes=31))

    assert "Not paid, order over" in text(client, page)
    assert "Not paid, order over" in text(client, "/operator/payments/")


def test_tries_and_the_last_trouble_are_shown(
    cloth: Stocked, paystack: SandboxProcess, client: Client, operator: User
) -> None:
    payment = started(cloth.line())
    Payment.objects.update(attempts=3, last_error="Paystack answered 500.")
    client.force_login(operator)

    for page in ("/operator/payments/", f"/operator/orders/{payment.order.number}/"):
        assert "Tried 3 times, last: Paystack answered 500." in text(client, page)


@pytest.mark.parametrize("status", ["requested", "sent", "needs_attention", "failed"])
def test_a_refund_that_is_owed_keeps_its_buyer_from_being_forgotten(
    status: str, cloth: Stocked, buyer: User, paystack: SandboxProcess
) -> None:
    payment = started(cloth.line())
    Order.objects.update(buyer=buyer, status="cancelled")
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=SOON)
    subject = Subject(user_id=buyer.pk, email=buyer.email, is_email_theirs=True)

    Refund.objects.update(status=status)
    assert obstacles(subject) == [f"Order {payment.order.number} is being refunded."]
    Refund.objects.update(status="processed")
    assert obstacles(subject) == []


def test_a_payment_that_is_looked_into_keeps_its_buyer_from_being_forgotten(
    cloth: Stocked, buyer: User, paystack: SandboxProcess
) -> None:
    payment = started(cloth.line())
    Order.objects.update(buyer=buyer, status="cancelled")
    Payment.objects.update(status="mismatched")
    subject = Subject(user_id=buyer.pk, email=buyer.email, is_email_theirs=True)

    assert obstacles(subject) == [f"Order {payment.order.number} has a payment that we are looking into."]
    Payment.objects.update(dealt_with_at=SOON)
    assert obstacles(subject) == []
