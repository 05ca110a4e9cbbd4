"""A payment that was called not ours is asked about again, by hand and by task, and named by the audit meanwhile."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from checkout.ending.expire_orders import expire_reservations
from checkout.models import Payment, Refund
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.poll_payments import poll_open_payments
from console.models import AuditEntry
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.market import Stocked, buy, open_shop, stock
from tests.world.payments import forged, nothing_booked, pay, started, states
from webhooks.services import process_next

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=3)
LATE = NOW + timedelta(minutes=31)


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def not_ours(cloth: Stocked, paystack: SandboxProcess) -> Payment:
    """Paid, and once reported as of the other mode."""
    payment = started(cloth.line(2))
    pay(paystack, payment)
    paystack.add_fault("wrong_domain", where="verify")
    assert confirm_payment(reference=payment.reference, now=SOON).status == "mismatched"
    return payment


def audit() -> tuple[int, str]:
    """Run the command; return its exit code and what it printed."""
    out = io.StringIO()
    try:
        call_command("audit_money", stdout=out, no_color=True)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_task_asks_again_and_books(not_ours: Payment, cloth: Stocked) -> None:
    assert poll_open_payments(now=SOON) == 1

    assert (Payment.objects.get().status, states(not_ours.order)) == ("captured", ("paid", ["new"]))
    assert cloth.level() == (8, 0)


def test_an_event_asks_again_and_books(not_ours: Payment, paystack: SandboxProcess, client: Client) -> None:
    forged("charge.success", paystack.secret_key, reference=not_ours.reference).post(client)

    process_next(now=timezone.now())

    assert Payment.objects.get().status == "captured"


def test_it_is_asked_about_before_its_order_expires(not_ours: Payment) -> None:
    assert expire_reservations(now=LATE) == 0
    assert states(not_ours.order) == ("paid", ["new"])


def test_an_operator_asks_again_by_hand(not_ours: Payment, client: Client, operator: User) -> None:
    client.force_login(operator)
    page = f"/operator/orders/{not_ours.order.number}/"
    assert "Ask the provider again" in client.get(page).content.decode()

    answer = client.post(f"{page}payments/{not_ours.reference}/ask/", follow=True)

    assert "The provider&#x27;s answer: captured." in answer.content.decode()
    assert Payment.objects.get().status == "captured"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.reason, entry.details["status"]) == ("payment.asked_again", "–", "captured")
    assert "Ask the provider again" not in client.get(page).content.decode()


def test_asking_by_hand_says_that_the_provider_is_silent(
    not_ours: Payment, client: Client, operator: User, paystack: SandboxProcess
) -> None:
    client.force_login(operator)
    paystack.add_fault("server_error", match={"path": "/transaction/verify"})

    answer = client.post(f"/operator/orders/{not_ours.order.number}/payments/{not_ours.reference}/ask/", follow=True)

    assert "answer can&#x27;t be used" in answer.content.decode()
    assert (Payment.objects.get().status, nothing_booked(), AuditEntry.objects.count()) == ("mismatched", True, 0)


def test_asking_by_hand_is_for_operators(not_ours: Payment, client: Client, buyer: User) -> None:
    client.force_login(buyer)

    answer = client.post(f"/operator/orders/{not_ours.order.number}/payments/{not_ours.reference}/ask/")

    assert answer.status_code in {302, 403, 404}
    assert Payment.objects.get().status == "mismatched"


def test_the_task_gives_up_asking_after_a_month_or_once_it_is_dealt_with(not_ours: Payment) -> None:
    assert poll_open_payments(now=NOW + timedelta(days=31)) == 0
    Payment.objects.update(dealt_with_at=SOON)
    assert poll_open_payments(now=NOW + timedelta(days=2)) == 0
    assert Payment.objects.get().status == "mismatched"


def test_the_audit_names_it_until_it_is_booked(not_ours: Payment, paystack: SandboxProcess) -> None:
    code, printed = audit()

    assert code == 1
    assert f"payment {not_ours.reference} of order {not_ours.order.number}" in printed
    assert "The books hold" not in printed

    poll_open_payments(now=SOON)
    assert audit() == (0, audit()[1])
    assert "The books hold" in audit()[1]


def test_a_difference_is_not_excused_by_baskets_that_nobody_paid(cloth: Stocked, paystack: SandboxProcess) -> None:
    """Three open payments of which the provider knows nothing, and ₦5,000 that came from nowhere."""
    for _ in range(3):
        buy(cloth.line())
    paystack.call("POST", "/sandbox/balance", {"amount": 500_000, "currency": "NGN"})

    code, printed = audit()

    assert code == 1
    assert "balance at Paystack in NGN" in printed


def test_a_payment_whose_event_is_late_is_confirmed_and_named(cloth: Stocked, paystack: SandboxProcess) -> None:
    paystack.add_fault("drop")
    payment = started(cloth.line())
    started(cloth.line())
    pay(paystack, payment)

    code, printed = audit()

    assert code == 0
    assert f"confirms why: payment {payment.reference}" in printed


def test_one_that_was_given_up_and_paid_later_is_found(cloth: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line())
    confirm_payment(reference=payment.reference, now=NOW + timedelta(days=2))
    assert Payment.objects.get().status == "abandoned"
    paystack.add_fault("drop")
    pay(paystack, payment)

    code, printed = audit()

    assert code == 1
    assert f"payment {payment.reference}" in printed
    assert "ask again on the page of its order" in printed


def test_a_refund_that_the_provider_has_sent_is_confirmed(not_ours: Payment, paystack: SandboxProcess) -> None:
    from checkout.refunds.push_refunds import push_open_refunds

    not_ours.order.__class__.objects.update(status="cancelled")
    poll_open_payments(now=SOON)
    push_open_refunds(now=SOON)
    assert Refund.objects.get().status == "sent"

    code, printed = audit()

    assert "confirms why: refund" in printed
    assert "balance at Paystack" not in printed
    assert code in {0, 1}  # the order's parts were cancelled by hand
