"""Answers of the provider that cannot be kept are never a 500 and never lost: a person sees them."""

from __future__ import annotations

import html
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from checkout.models import Order, Payment, Refund
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.poll_payments import poll_open_payments
from checkout.payments.start_payment import start_payment
from checkout.refunds.push_refunds import push_open_refunds
from checkout.stored_sentences import ANSWER_UNREADABLE
from gateway.errors import UnreadableAnswerError
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.market import Stocked, buy, open_shop, stock
from tests.world.payments import Hook, forged, nothing_booked, pay, started, states
from webhooks.models import InboundEvent
from webhooks.services import process_next

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=3)
VERIFY = {"path": "/transaction/verify"}
ODD: list[dict[str, Any]] = [
    {"fees": 57_500.5},
    {"fees": -5},
    {"amount": "12.5"},
    {"amount": 10**18},
    {"id": "7" * 41},
    {"id": "7\x007"},
    {"currency": "naira"},
    {"status": "settled"},
]


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def paid(cloth: Stocked, paystack: SandboxProcess) -> Payment:
    payment = started(cloth.line(2))
    pay(paystack, payment)
    return payment


@pytest.mark.parametrize("fields", ODD)
def test_what_cannot_be_read_waits_for_a_person_and_is_booked_when_it_can(
    fields: dict[str, Any], paid: Payment, paystack: SandboxProcess, client: Client, operator: User
) -> None:
    client.force_login(operator)
    paystack.add_fault("odd_answer", fields=fields, match=VERIFY)

    with pytest.raises(UnreadableAnswerError):
        confirm_payment(reference=paid.reference, now=SOON)

    seen = Payment.objects.get()
    assert (seen.status, ANSWER_UNREADABLE.begins(seen.note), nothing_booked()) == ("mismatched", True, True)
    assert paid.reference in client.get("/operator/").content.decode()
    assert states(paid.order) == ("pending", ["pending"])

    assert poll_open_payments(now=SOON) == 1
    assert (Payment.objects.get().status, states(paid.order)) == ("captured", ("paid", ["new"]))
    assert paid.reference not in client.get("/operator/").content.decode()


def test_an_unpaid_one_is_open_again_once_it_can_be_read(cloth: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line())
    paystack.add_fault("odd_answer", fields={"amount": None}, match=VERIFY)
    with pytest.raises(UnreadableAnswerError):
        confirm_payment(reference=payment.reference, now=SOON)

    again = confirm_payment(reference=payment.reference, now=SOON)

    assert (again.status, again.note) == ("open", "")


@pytest.mark.parametrize("raw", ["[" * 60_000, '{"data": {"amount": ' + "9" * 5_000 + "}}", '{"data": "\\ud800"}'])
def test_bodies_that_break_a_parser_are_no_error_of_ours(raw: str, paid: Payment, paystack: SandboxProcess) -> None:
    paystack.add_fault("odd_answer", raw=raw, match=VERIFY)

    assert poll_open_payments(now=SOON) == 0
    assert Payment.objects.get().last_error
    assert poll_open_payments(now=SOON + timedelta(minutes=5)) == 1
    assert Payment.objects.get().status == "captured"


def test_what_is_only_shown_does_not_keep_money_from_being_booked(
    paid: Payment, paystack: SandboxProcess, client: Client, operator: User
) -> None:
    odd = {"gateway_response": "\x00" + "ok" * 500, "channel": "c" * 99, "paid_at": "0001-01-01T00:00:00Z"}
    paystack.add_fault("odd_answer", fields=odd, match=VERIFY)

    booked = confirm_payment(reference=paid.reference, now=SOON)

    assert (booked.status, booked.captured_at) == ("captured", SOON)
    client.force_login(operator)
    for page in ("/operator/ledger/", "/operator/ledger/journals/", f"/operator/orders/{Order.objects.get().number}/"):
        assert client.get(page).status_code == 200


def test_a_buyer_who_comes_back_is_told_that_it_is_being_checked(
    paid: Payment, paystack: SandboxProcess, client: Client
) -> None:
    paystack.add_fault("odd_answer", fields={"fees": 1.5}, match=VERIFY)

    page = client.get(f"/payments/return/?reference={paid.reference}")

    assert page.status_code == 200
    assert "checking your payment" in html.unescape(page.content.decode())


@pytest.mark.parametrize("url", ["https://pay.example/" + "x" * 600, "javascript:alert(1)", None, "https://a b/"])
def test_an_odd_page_leaves_the_order_without_one(url: object, cloth: Stocked, paystack: SandboxProcess) -> None:
    order = buy(cloth.line())
    paystack.add_fault("odd_answer", fields={"authorization_url": url}, match={"path": "/transaction/initialize"})

    with pytest.raises(Exception, match="isn't answering"):
        start_payment(order_id=order.pk, now=NOW)

    payment = Payment.objects.get()
    assert (payment.status, payment.payment_url) == ("created", "")
    assert start_payment(order_id=order.pk, now=NOW).payment_url


@pytest.mark.parametrize("fields", [{"amount": 1.5}, {"id": "9" * 41}, {"status": "gone"}, {"currency": "?"}])
def test_an_odd_answer_about_a_refund_sends_nothing_twice(
    fields: dict[str, Any], paid: Payment, cloth: Stocked, paystack: SandboxProcess
) -> None:
    Order.objects.update(status="cancelled")
    confirm_payment(reference=paid.reference, now=SOON)
    paystack.add_fault("odd_answer", fields=fields, match={"path": "/refund", "method": "POST"})

    push_open_refunds(now=SOON)

    refund = Refund.objects.get()
    assert (refund.status, refund.provider_id) == ("sent", "")
    assert refund.last_error
    push_open_refunds(now=SOON + timedelta(minutes=10))
    assert Refund.objects.get().provider_id
    assert len(paystack.call("GET", "/refund?perPage=100")["data"]) == 1


def hooks(secret_key: str) -> dict[str, Hook]:
    """Signed events as nobody should send them."""
    deep = b'{"event": "charge.success", "data": ' + b"[" * 60_000 + b"]" * 60_000 + b"}"
    bodies = {
        "deep": deep,
        "fairly deep": b'{"event": "x.y", "data": ' + b"[" * 900 + b"]" * 900 + b"}",
        "digits": b'{"event": "charge.success", "data": {"id": ' + b"9" * 5_000 + b"}}",
        "nul": json.dumps({"event": "a\x00b" * 90, "data": {"reference": "\x00" * 90}}).encode(),
        "half": b'{"event": "charge.success", "data": {"reference": "\\ud800", "x": "\\udfff"}}',
        "types": json.dumps({"event": "charge.success", "data": {"reference": {"a": 1}, "transaction": [2]}}).encode(),
        "list": b'["charge.success"]',
        "not utf-8": b"\xff\xfe\x00",
    }
    return {name: Hook(body, forged_signature(body, secret_key)) for name, body in bodies.items()}


def forged_signature(body: bytes, secret_key: str) -> str:
    from gateway.paystack.signatures import paystack_signature

    return paystack_signature(body=body, secret_key=secret_key)


@pytest.mark.parametrize("name", ["deep", "fairly deep", "digits", "nul", "half", "types", "list", "not utf-8"])
def test_a_signed_body_of_any_kind_is_taken_in_processed_and_shown(
    name: str, client: Client, operator: User, paystack: SandboxProcess
) -> None:
    answer = hooks(paystack.secret_key)[name].post(client)
    assert answer.status_code == 200

    process_next(now=timezone.now())

    event = InboundEvent.objects.get()
    assert event.status == "ignored"
    client.force_login(operator)
    assert client.get(f"/operator/inbox/{event.pk}/").status_code == 200
    assert client.get("/operator/inbox/").status_code == 200


def test_an_event_about_a_charge_that_cannot_be_read_is_kept_and_told(
    paid: Payment, paystack: SandboxProcess, client: Client
) -> None:
    paystack.add_fault("odd_answer", fields={"fees": 1.5}, match=VERIFY)
    forged("charge.success", paystack.secret_key, reference=paid.reference).post(client)

    process_next(now=timezone.now())

    event = InboundEvent.objects.get()
    assert (event.status, "1.5" in event.outcome) == ("received", True)
