"""The provider is asked before an order ends: what is paid is not cancelled and does not expire."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from checkout.ending.end_orders import PAID_ALREADY, UNSURE, cancel_order
from checkout.ending.expire_orders import expire_reservations
from checkout.errors import OrderNotCancellableError, PaymentProviderUnavailableError
from checkout.models import Order, Payment, Refund
from checkout.payments.start_payment import start_payment
from gateway.guard import NetworkInTransactionError
from kit.models import OutboxMessage
from kit.work.outbox import relay
from notifications.models import Email
from paystack_sandbox.testing import SandboxProcess
from tests.gateway.conformance.pebble.harness import in_the_settings
from tests.world.clock import NOW
from tests.world.ledger import without_triggers
from tests.world.market import Stocked, buy, open_shop, stock
from tests.world.payments import nothing_booked, pay, started, states

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=31)
TIMED_OUT_AT = NOW + timedelta(minutes=30 + 60)
VERIFY = {"path": "/transaction/verify"}


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def paid_unheard(cloth: Stocked, paystack: SandboxProcess) -> Payment:
    """The provider holds the money, and its event is late."""
    paystack.add_fault("drop")
    payment = started(cloth.line(2))
    pay(paystack, payment)
    return payment


def topics() -> set[str]:
    return set(OutboxMessage.objects.values_list("topic", flat=True))


def test_an_order_that_was_paid_unheard_is_not_cancelled(paid_unheard: Payment, cloth: Stocked) -> None:
    with pytest.raises(OrderNotCancellableError) as caught:
        cancel_order(order_id=paid_unheard.order_id, now=NOW)

    assert caught.value.message == str(PAID_ALREADY)
    assert states(paid_unheard.order) == ("paid", ["new"])
    assert (cloth.level(), Payment.objects.get().status) == ((8, 0), "captured")
    assert "order.cancelled" not in topics()


def test_an_order_that_was_paid_unheard_does_not_expire(paid_unheard: Payment, cloth: Stocked) -> None:
    assert expire_reservations(now=LATER) == 0

    assert states(paid_unheard.order) == ("paid", ["new"])
    assert (cloth.level(), Refund.objects.count()) == ((8, 0), 0)
    assert "order.expired" not in topics()


def test_every_attempt_is_asked_about_not_the_newest_alone(cloth: Stocked, paystack: SandboxProcess) -> None:
    """The first card was declined; on the first page another one paid, and the event of it is late."""
    first = started(cloth.line())
    paystack.call("POST", f"/sandbox/transactions/{first.reference}/fail", {})
    Payment.objects.update(status="failed")
    start_payment(order_id=first.order_id, now=NOW)
    paystack.add_fault("drop")
    pay(paystack, first)

    assert expire_reservations(now=LATER) == 0
    assert states(first.order) == ("paid", ["new"])


def test_cancelling_is_refused_where_the_provider_is_silent(
    paid_unheard: Payment, cloth: Stocked, paystack: SandboxProcess
) -> None:
    paystack.add_fault("server_error", match=VERIFY)

    with pytest.raises(PaymentProviderUnavailableError) as caught:
        cancel_order(order_id=paid_unheard.order_id, now=NOW)

    assert (caught.value.message, caught.value.status) == (str(UNSURE), 503)
    assert (states(paid_unheard.order), cloth.level(), nothing_booked()) == (("pending", ["pending"]), (10, 2), True)


def test_the_api_says_why_an_order_is_not_cancelled(
    paid_unheard: Payment, paystack: SandboxProcess, api_client: APIClient
) -> None:
    order = Order.objects.get()
    address, key = f"/api/v1/orders/{order.number}/cancel/", {"X-Order-Key": order.access_key}
    paystack.add_fault("html", match=VERIFY)

    silent = api_client.post(address, headers=key)
    paid = api_client.post(address, headers=key)

    assert (silent.status_code, silent.json()["code"]) == (503, "payment_provider_unavailable")
    assert silent["Retry-After"]
    assert (paid.status_code, paid.json()["message"]) == (409, PAID_ALREADY)


def test_the_page_shows_the_order_as_paid(paid_unheard: Payment, client: Client, buyer: User) -> None:
    Order.objects.update(buyer=buyer)
    client.force_login(buyer)

    page = client.post(f"{paid_unheard.order.get_absolute_url()}cancel/", follow=True)

    text = html.unescape(page.content.decode())
    assert str(PAID_ALREADY) in text
    assert "Thank you, it is paid" in text


def test_an_order_is_kept_for_a_while_where_the_provider_is_silent(
    paid_unheard: Payment, cloth: Stocked, paystack: SandboxProcess
) -> None:
    paystack.add_fault("server_error", times=2, match=VERIFY)

    assert expire_reservations(now=LATER) == 0
    assert (states(paid_unheard.order), cloth.level()) == (("pending", ["pending"]), (10, 2))
    waiting = Order.objects.get()
    assert (waiting.attempts, waiting.due_at) == (1, LATER + timedelta(seconds=30))
    assert "500" in waiting.last_error
    assert expire_reservations(now=LATER + timedelta(seconds=29)) == 0
    assert Order.objects.get().attempts == 1  # not asked again before its wait is over

    assert expire_reservations(now=LATER + timedelta(seconds=30)) == 0
    assert expire_reservations(now=LATER + timedelta(minutes=2)) == 0
    assert states(paid_unheard.order) == ("paid", ["new"])


def test_an_order_ends_unheard_when_the_while_is_over_and_its_letter_says_so(
    cloth: Stocked, paystack: SandboxProcess, settings: LazySettings
) -> None:
    payment = started(cloth.line(2))
    paystack.add_fault("server_error", times=None, match=VERIFY)
    assert expire_reservations(now=TIMED_OUT_AT - timedelta(seconds=1)) == 0

    settings.SILENT_PROVIDER_MINUTES = 59

    assert expire_reservations(now=TIMED_OUT_AT + timedelta(minutes=5)) == 1
    assert (states(payment.order), cloth.level()) == (("expired", ["expired"]), (10, 0))
    relay(now=TIMED_OUT_AT + timedelta(minutes=6))
    letter = Email.objects.latest("id").text
    assert "could not tell us yet whether you have paid" in letter
    assert "don't pay again" in letter.replace("&#x27;", "'")


def test_the_letter_of_an_order_whose_provider_was_asked_leaves_no_doubt(
    cloth: Stocked, paystack: SandboxProcess
) -> None:
    started(cloth.line())

    assert expire_reservations(now=LATER) == 1

    relay(now=LATER)
    letter = Email.objects.latest("id").text
    assert "We have received no payment for it" in letter
    assert "could not tell us" not in letter


def test_a_silent_provider_holds_up_neither_another_ones_orders_nor_those_without_a_page(
    cloth: Stocked, paystack: SandboxProcess, settings: LazySettings
) -> None:
    with in_the_settings(settings):
        stuck = [started(cloth.line()) for _ in range(7)]
        unasked = buy(cloth.line(), now=NOW + timedelta(seconds=1))
        settings.DEFAULT_PAYMENT_PROVIDER = "pebble"
        other = start_payment(order_id=buy(cloth.line(), now=NOW + timedelta(seconds=2)).pk, now=NOW)
        paystack.add_fault("server_error", times=None, match=VERIFY)

        assert expire_reservations(now=LATER) == 2

        assert {order.status for order in Order.objects.filter(pk__in=[p.order_id for p in stuck])} == {"pending"}
        assert [states(Order.objects.get(pk=pk))[0] for pk in (unasked.pk, other.order_id)] == ["expired", "expired"]


def test_a_provider_that_was_silent_several_times_is_asked_no_more_in_this_round(
    cloth: Stocked, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(8):
        started(cloth.line())
    paystack.add_fault("server_error", times=5, match=VERIFY)

    assert expire_reservations(now=LATER) == 0  # five went unanswered, so the other three were not asked about

    assert expire_reservations(now=LATER + timedelta(minutes=1)) == 8


def test_a_charge_that_the_provider_still_works_on_keeps_its_order_for_a_while(
    cloth: Stocked, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = started(cloth.line())
    pending = {"status": "ongoing", "reference": payment.reference, "amount": 1, "currency": "NGN", "id": 1}
    monkeypatch.setattr("gateway.paystack.adapter.body_of", lambda _: {"data": pending})

    assert expire_reservations(now=LATER) == 0
    assert expire_reservations(now=TIMED_OUT_AT) == 1


def test_a_provider_that_is_no_longer_in_the_settings_keeps_no_order_for_ever(
    cloth: Stocked, paystack: SandboxProcess
) -> None:
    payment = started(cloth.line())
    with without_triggers():
        Payment.objects.update(provider="gone")

    assert expire_reservations(now=LATER) == 0
    assert expire_reservations(now=TIMED_OUT_AT) == 1
    assert states(payment.order)[0] == "expired"


@pytest.mark.parametrize("end", [cancel_order, lambda **named: expire_reservations(now=named["now"])])
def test_nobody_is_asked_inside_a_transaction(end: Any, cloth: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line())

    with transaction.atomic(), pytest.raises(NetworkInTransactionError):
        end(order_id=payment.order_id, now=LATER)
    assert states(payment.order)[0] == "pending"
