"""Letters about payments that have not come, or have failed: each is sent once, and none that is not true any more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from checkout.ending.end_orders import cancel_order
from checkout.models import Order, Payment
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.poll_payments import poll_open_payments
from checkout.payments.start_payment import start_payment
from kit.models import OutboxMessage
from paystack_sandbox.testing import SandboxProcess
from tests.checkout.test_letters import bought, deliver_messages_again_and_again, kinds, letters, newest
from tests.world.market import Stocked, open_shop, stock
from tests.world.payments import pay


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_850_050)


@pytest.mark.parametrize("is_guest", [False, True])
def test_an_order_that_is_not_paid_after_some_minutes_is_told_once(
    cloth: Stocked, buyer: User, paystack: SandboxProcess, is_guest: bool
) -> None:
    order = bought(cloth, None if is_guest else buyer)
    start_payment(order_id=order.pk, now=order.placed_at)
    told = []
    for minute in range(12):
        assert poll_open_payments(now=order.placed_at + timedelta(minutes=minute)) in {0, 1}
        told.append(OutboxMessage.objects.filter(topic="order.unpaid").count())
    deliver_messages_again_and_again()

    assert told == [0] * 7 + [1] * 5
    assert letters(order) == [f"Order {order.number} is placed and not paid yet"]
    assert "₦38,501 is still to be paid" in newest(order).text
    assert kinds(buyer) == ([] if is_guest else ["order.unpaid"])


@pytest.mark.parametrize("happens", ["paid", "cancelled", "failed"])
def test_an_order_that_was_paid_or_ended_is_not_reminded_of_its_payment(
    cloth: Stocked, buyer: User, paystack: SandboxProcess, happens: str
) -> None:
    order = bought(cloth, buyer)
    payment = start_payment(order_id=order.pk, now=order.placed_at)
    if happens == "failed":
        paystack.call("POST", f"/sandbox/transactions/{payment.reference}/fail", {})
    poll_open_payments(now=order.placed_at + timedelta(minutes=7))
    assert OutboxMessage.objects.filter(topic="order.unpaid").exists() == (happens != "failed")
    if happens == "paid":
        pay(paystack, payment)
        confirm_payment(reference=payment.reference, now=timezone.now())
    if happens == "cancelled":
        cancel_order(order_id=order.pk, now=timezone.now())

    deliver_messages_again_and_again()
    poll_open_payments(now=order.placed_at + timedelta(minutes=20))
    deliver_messages_again_and_again()

    assert not [subject for subject in letters(order) if "not paid yet" in subject]


def failed(order: Order, paystack: SandboxProcess, client: Client) -> Payment:
    """Try to pay with a card that is declined, and come back."""
    payment = start_payment(order_id=order.pk, now=timezone.now())
    paystack.call("POST", f"/sandbox/transactions/{payment.reference}/fail", {})
    for _ in range(2):
        client.get(f"/payments/return/?reference={payment.reference}")
    return payment


@pytest.mark.parametrize("is_guest", [False, True])
def test_a_failed_payment_is_told_once_with_the_time_that_is_left(
    cloth: Stocked, buyer: User, paystack: SandboxProcess, client: Client, is_guest: bool
) -> None:
    order = bought(cloth, None if is_guest else buyer)
    payment = failed(order, paystack, client)
    assert OutboxMessage.objects.filter(topic="payment.failed").count() == 1
    deliver_messages_again_and_again()
    assert letters(order) == [f"Your payment for order {order.number} didn't go through"]
    assert f"The payment of ₦38,501 for order {order.number} failed. Nothing was charged." in newest(order).text
    until = timezone.localtime(order.expires_at)
    assert f"Your items are reserved until {until:%-d %B, %H:%M %Z}." in newest(order).text
    assert kinds(buyer) == ([] if is_guest else ["payment.failed"])

    confirm_payment(reference=payment.reference, now=timezone.now())
    assert not OutboxMessage.objects.exists()


def test_each_failed_attempt_is_told(cloth: Stocked, buyer: User, paystack: SandboxProcess, client: Client) -> None:
    order = bought(cloth, buyer)
    for _ in range(2):
        failed(order, paystack, client)
    deliver_messages_again_and_again()
    assert kinds(buyer) == ["payment.failed", "payment.failed"]


def test_an_attempt_that_fails_after_another_has_paid_is_not_told(
    cloth: Stocked, buyer: User, paystack: SandboxProcess, client: Client
) -> None:
    order = bought(cloth, buyer)
    first = start_payment(order_id=order.pk, now=timezone.now())
    Payment.objects.filter(pk=first.pk).update(status="abandoned")
    second = start_payment(order_id=order.pk, now=timezone.now())
    assert second.pk != first.pk
    pay(paystack, second)
    confirm_payment(reference=second.reference, now=timezone.now())
    paystack.call("POST", f"/sandbox/transactions/{first.reference}/fail", {})
    assert confirm_payment(reference=first.reference, now=timezone.now()).status == "failed"
    assert not OutboxMessage.objects.filter(topic="payment.failed").exists()


def test_a_failure_that_another_payment_has_overtaken_is_not_told(
    cloth: Stocked, buyer: User, paystack: SandboxProcess, client: Client
) -> None:
    order = bought(cloth, buyer)
    payment = failed(order, paystack, client)
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=timezone.now())
    deliver_messages_again_and_again()
    assert letters(order) == [f"Your order {order.number} is paid"]


def test_a_payment_that_fails_when_the_time_is_over_promises_no_time(
    cloth: Stocked, buyer: User, paystack: SandboxProcess, client: Client
) -> None:
    order = bought(cloth, buyer)
    failed(order, paystack, client)
    Order.objects.filter(pk=order.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    deliver_messages_again_and_again()
    assert "The time to pay for this order has passed." in newest(order).text
    assert "Your items are reserved" not in newest(order).text
