"""Giving money back: one refund under way for each payment, none sent twice, whatever order answers come in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from checkout.models import Payment, Refund
from checkout.orders.operations import list_refunds
from checkout.orders.refunds import refunds_of
from checkout.payments.confirm_payment import confirm_payment
from checkout.refunds.push_refunds import push_open_refunds, refresh_refunds
from checkout.refunds.requests import add_refund, retry_refund, settle_refund
from gateway.errors import ProviderUnavailableError
from gateway.guard import NetworkInTransactionError
from gateway.port import RefundReport, RefundState
from kit.errors import ConflictError, NotFoundError
from kit.ids import uuid7
from payouts.models import Journal
from paystack_sandbox.testing import SandboxProcess
from tests.world.market import open_shop, stock
from tests.world.payments import forged, pay, refunds_at, started, sums
from webhooks.models import InboundEvent
from webhooks.services import process_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def paid(db: None, paystack: SandboxProcess, now: datetime) -> Payment:
    """A captured payment of an order, ₦10,000 beyond what was asked for."""
    payment = started(stock(open_shop("cloth-hall")).line())
    paystack.add_fault("wrong_amount", by=1_000_000)
    pay(paystack, payment)
    return confirm_payment(reference=payment.reference, now=now)


@pytest.fixture
def refund(paid: Payment) -> Refund:
    return Refund.objects.get()


def finish(paystack: SandboxProcess, eventually: Callable[..., Any], status: str) -> None:
    """Let the provider's time pass until its refunds are final."""
    paystack.call("POST", "/sandbox/time", {"advance": 60})
    eventually(lambda: all(row["status"] == status for row in refunds_at(paystack)))


@pytest.fixture
def finished(
    paid: Payment, refund: Refund, paystack: SandboxProcess, eventually: Callable[..., Any], now: datetime
) -> Payment:
    """A payment whose refund the provider has processed, of which we have not heard yet."""
    push_open_refunds(now=now)
    finish(paystack, eventually, "processed")
    return paid


def second_refund(paid: Payment, now: datetime, amount_minor: int = 500) -> Refund:
    return add_refund(payment=paid, amount_minor=amount_minor, currency="NGN", reason="Another", now=now)


def report(refund: Refund, state: RefundState, **changes: Any) -> RefundReport:
    facts: dict[str, Any] = {
        "key": str(refund.pk),
        "provider_id": "40001",
        "amount_minor": refund.amount_minor,
        "currency": "NGN",
        "state": state,
    }
    return RefundReport(**facts | changes)


def test_a_refund_goes_out_and_is_booked_when_it_is_done(
    refund: Refund, paystack: SandboxProcess, eventually: Callable[..., Any], now: datetime
) -> None:
    before = sums()
    assert push_open_refunds(now=now) == 1
    refund.refresh_from_db()
    [known] = refunds_at(paystack)
    assert (refund.status, refund.provider_id) == ("sent", str(known["id"]))
    assert (known["merchant_note"], known["amount"]) == (str(refund.pk), 1_000_000)
    assert sums() == before

    finish(paystack, eventually, "processed")
    assert push_open_refunds(now=now + timedelta(seconds=30)) == 0
    assert push_open_refunds(now=now + timedelta(minutes=5)) == 1

    refund.refresh_from_db()
    assert refund.status == "processed"
    after = sums()
    assert "refunds_payable" not in after
    assert after["clearing:paystack"] == before["clearing:paystack"] - 1_000_000
    assert push_open_refunds(now=now + timedelta(days=1)) == 0
    assert Journal.objects.filter(kind="refund").count() == 1


def test_refunds_of_one_payment_go_out_one_after_the_other(
    paid: Payment, refund: Refund, paystack: SandboxProcess, eventually: Callable[..., Any], now: datetime
) -> None:
    other = second_refund(paid, now)
    push_open_refunds(now=now)
    push_open_refunds(now=now)
    assert [row["merchant_note"] for row in refunds_at(paystack)] == [str(refund.pk)]

    finish(paystack, eventually, "processed")
    push_open_refunds(now=now + timedelta(minutes=5))
    push_open_refunds(now=now + timedelta(minutes=5))
    assert [row["merchant_note"] for row in refunds_at(paystack)] == [str(other.pk), str(refund.pk)]


def test_two_under_way_are_refused_by_the_database(paid: Payment, refund: Refund, now: datetime) -> None:
    other = second_refund(paid, now)
    Refund.objects.filter(pk=refund.pk).update(status="sent")
    with pytest.raises(IntegrityError, match="refund_alone_under_way"), transaction.atomic():
        Refund.objects.filter(pk=other.pk).update(status="sent")
    assert refund.goes_alone
    assert other.goes_alone

    # The control: what goes alone no more is let through.
    Refund.objects.update(goes_alone=False)
    Refund.objects.filter(pk=other.pk).update(status="sent")


def test_an_answer_that_was_lost_is_asked_for_before_anything_is_sent_again(
    refund: Refund, paystack: SandboxProcess, settings: Any, now: datetime
) -> None:
    settings.PAYSTACK_TIMEOUT_SECONDS = 0.3
    paystack.add_fault("timeout", acts=True, match={"path": "/refund", "method": "POST"})
    assert push_open_refunds(now=now) == 0
    settings.PAYSTACK_TIMEOUT_SECONDS = 60
    refund.refresh_from_db()
    assert (refund.status, refund.provider_id) == ("sent", "")
    assert push_open_refunds(now=now + timedelta(seconds=30)) == 0

    push_open_refunds(now=now + timedelta(minutes=3))

    refund.refresh_from_db()
    assert refund.provider_id
    assert len(refunds_at(paystack)) == 1


def test_a_call_that_had_no_effect_is_made_again(refund: Refund, paystack: SandboxProcess, now: datetime) -> None:
    paystack.add_fault("server_error", match={"path": "/refund", "method": "POST"})
    assert push_open_refunds(now=now) == 0
    assert refunds_at(paystack) == []

    assert push_open_refunds(now=now + timedelta(minutes=3)) == 1
    assert len(refunds_at(paystack)) == 1


def test_a_refund_that_is_missing_from_the_list_is_not_sent_again(
    refund: Refund, paystack: SandboxProcess, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    push_open_refunds(now=now)
    monkeypatch.setattr("checkout.refunds.push_refunds._list_reports", lambda _: [])

    assert push_open_refunds(now=now + timedelta(minutes=5)) == 1

    assert len(refunds_at(paystack)) == 1
    assert Refund.objects.get().status == "sent"


def test_a_refused_refund_waits_for_a_person(
    paid: Payment, refund: Refund, paystack: SandboxProcess, now: datetime
) -> None:
    given_back = (paid.captured_minor or 0) - refund.amount_minor + 1  # on the provider's own page
    paystack.call("POST", "/refund", {"transaction": paid.reference, "amount": given_back})

    push_open_refunds(now=now)

    refund.refresh_from_db()
    assert refund.status == "needs_attention"
    assert "greater than" in refund.note
    assert push_open_refunds(now=now + timedelta(days=1)) == 0


@pytest.mark.parametrize("outcome", ["failed", "needs-attention"])
def test_a_refund_in_trouble_is_still_owed_and_can_be_sent_again(
    outcome: str, refund: Refund, paystack: SandboxProcess, eventually: Callable[..., Any], now: datetime
) -> None:
    paystack.add_fault("refund_outcome", outcome=outcome)
    push_open_refunds(now=now)
    finish(paystack, eventually, outcome)
    push_open_refunds(now=now + timedelta(minutes=5))

    refund.refresh_from_db()
    assert (refund.status, bool(refund.note)) == (outcome.replace("-", "_"), True)
    assert sums()["refunds_payable"] == -1_000_000
    assert not Journal.objects.filter(kind="refund").exists()
    assert push_open_refunds(now=now + timedelta(days=2)) == 0
    if outcome == "needs-attention":
        return

    retry_refund(refund_id=refund.pk)
    push_open_refunds(now=now + timedelta(days=2))
    refund.refresh_from_db()
    [again, first] = refunds_at(paystack)
    assert (refund.status, refund.provider_id) == ("sent", str(again["id"]))
    assert first["status"] == "failed"
    with pytest.raises(ConflictError):
        retry_refund(refund_id=refund.pk)


def test_an_answer_that_comes_late_moves_nothing_back(refund: Refund, now: datetime) -> None:
    """Processed before pending: what is done stays done."""
    Refund.objects.filter(pk=refund.pk).update(status="sent", sent_at=now)
    settle_refund(payment_id=refund.payment_id, report=report(refund, RefundState.PROCESSED), now=now)
    before = sums()

    for state in RefundState:
        settle_refund(payment_id=refund.payment_id, report=report(refund, state), now=now)

    refund.refresh_from_db()
    assert (refund.status, sums()) == ("processed", before)
    assert Journal.objects.filter(kind="refund").count() == 1


def test_a_failed_refund_that_went_through_after_all_is_booked(refund: Refund, now: datetime) -> None:
    Refund.objects.filter(pk=refund.pk).update(status="sent", provider_id="40001", sent_at=now)
    for state in (RefundState.FAILED, RefundState.PROCESSED):
        settle_refund(payment_id=refund.payment_id, report=report(refund, state), now=now)

    refund.refresh_from_db()
    assert refund.status == "processed"
    assert "refunds_payable" not in sums()


def test_another_amount_than_ours_is_looked_at_and_not_booked(refund: Refund, now: datetime) -> None:
    Refund.objects.filter(pk=refund.pk).update(status="sent", sent_at=now)
    wrong = report(refund, RefundState.PROCESSED, amount_minor=refund.amount_minor - 1)

    settle_refund(payment_id=refund.payment_id, report=wrong, now=now)

    refund.refresh_from_db()
    assert refund.status == "needs_attention"
    assert not Journal.objects.filter(kind="refund").exists()


def test_a_report_of_somebody_elses_refund_changes_nothing(refund: Refund, now: datetime) -> None:
    stranger = report(refund, RefundState.PROCESSED, key="made by hand")

    assert settle_refund(payment_id=refund.payment_id, report=stranger, now=now) is None
    assert Refund.objects.get().status == "requested"


def test_no_answer_changes_nothing(paid: Payment, refund: Refund, paystack: SandboxProcess, now: datetime) -> None:
    push_open_refunds(now=now)
    paystack.add_fault("html")

    with pytest.raises(ProviderUnavailableError):
        refresh_refunds(provider="paystack", reference=paid.reference, refund_key="", now=now)
    assert Refund.objects.get().status == "sent"


@pytest.mark.parametrize("amount", [1_000_000, "1000000", "7"])
@pytest.mark.parametrize("event", ["refund.pending", "refund.processed", "refund.failed", "refund.needs-attention"])
def test_events_are_only_a_hint_to_ask(
    event: str, amount: object, finished: Payment, client: Client, now: datetime
) -> None:
    facts = {"transaction_reference": finished.reference, "amount": amount, "status": event.removeprefix("refund.")}
    assert forged(event, django_settings.PAYSTACK_SECRET_KEY, **facts).post(client).status_code == 200

    process_event(event_id=InboundEvent.objects.get().pk, now=now)

    assert Refund.objects.get().status == "processed"
    assert InboundEvent.objects.get().outcome == "Refunds: NGN 10,000 processed."
    assert Journal.objects.filter(kind="refund").count() == 1


def test_an_event_about_a_refund_that_we_did_not_ask_for(
    client: Client, paystack: SandboxProcess, now: datetime
) -> None:
    payment = started(stock(open_shop("pot-house")).line())
    pay(paystack, payment)
    confirm_payment(reference=payment.reference, now=now)
    forged("refund.pending", django_settings.PAYSTACK_SECRET_KEY, transaction_reference=payment.reference).post(client)

    process_event(event_id=InboundEvent.objects.get().pk, now=now)

    assert InboundEvent.objects.get().outcome == "We asked for no refund of this payment."


def test_nothing_is_sent_inside_a_transaction(refund: Refund, paystack: SandboxProcess, now: datetime) -> None:
    with transaction.atomic(), pytest.raises(NetworkInTransactionError):
        push_open_refunds(now=now)
    assert (Refund.objects.get().status, refunds_at(paystack)) == ("requested", [])


def test_a_refund_that_is_not_there_cannot_be_sent_again(db: None, now: datetime) -> None:
    with pytest.raises(NotFoundError):
        retry_refund(refund_id=uuid7())


def test_refunds_are_found(paid: Payment, refund: Refund) -> None:
    assert refunds_of(payment_id=paid.pk) == [refund]
    assert list(list_refunds(status="requested")) == [refund]
    assert list(list_refunds(status="failed")) == []
