"""Refunds that are asked for and not out when a dispute comes: the buyer is never paid by both."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from checkout.models import Refund, ReversedBy
from checkout.refunds.push_refunds import push_open_refunds
from checkout.reversals.refund_part import PartRefund, refund_part
from checkout.reversals.reverse import Actor
from payouts.reconciliation.run import reconcile
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.disputes import Bank, findings, follow, paid_for, parts_of
from tests.world.market import open_shop, stock
from tests.world.payments import refunds_at

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def sent_of(paystack: SandboxProcess, refund: Refund) -> int:
    return sum(each["merchant_note"] == str(refund.pk) for each in refunds_at(paystack))


@pytest.mark.parametrize(("resolution", "sent", "status"), [("declined", 1, "sent"), ("auto-accepted", 0, "set_off")])
@pytest.mark.parametrize("is_marked", [False, True])
def test_a_refund_that_is_not_out_waits_for_the_end_of_a_dispute(
    paystack: SandboxProcess, resolution: str, sent: int, status: str, is_marked: bool
) -> None:
    """Lost, the bank has given the buyer what the refund was to give; marked: the call was made, and had no effect."""
    bank, (order, payment) = Bank(paystack), paid_for(paystack, stock(open_shop("cloth-hall")).line(1))
    [part] = parts_of(order)
    dispute_id = bank.dispute(payment)
    everything = PartRefund(part=part, by=Actor(ReversedBy.OPERATOR), reason="Torn", goodwill_minor=part.total_minor)
    refund_part(everything, now=NOW)
    if is_marked:
        Refund.objects.update(status="sent", sent_at=NOW, checked_at=NOW - timedelta(hours=1))
    dispute = follow(dispute_id)
    assert ("is on its way" if is_marked else "is not sent before") in dispute.problem

    for minutes in (10, 20):
        push_open_refunds(now=NOW + timedelta(minutes=minutes))

    waiting = Refund.objects.get()
    assert (sent_of(paystack, waiting), waiting.status, waiting.sent_at) == (0, "requested", None)
    assert "Accept the dispute" in waiting.note
    bank.decide(dispute_id, resolution)
    follow(dispute_id)
    push_open_refunds(now=LATER)

    ended = Refund.objects.get()
    assert (sent_of(paystack, ended), ended.status) == (sent, status)
    assert (ended.note, ended.set_off_minor) == ("", 0 if sent else ended.amount_minor)
    assert findings() == []


def test_what_the_bank_has_not_paid_is_sent_to_the_unit(paystack: SandboxProcess) -> None:
    """Provider and ledger agree about dispute and refund together, movement by movement."""
    bank, (order, payment) = Bank(paystack), paid_for(paystack, stock(open_shop("cloth-hall")).line(1))
    [part] = parts_of(order)
    dispute_id = bank.dispute(payment, 400_001)
    everything = PartRefund(part=part, by=Actor(ReversedBy.OPERATOR), reason="Torn", goodwill_minor=part.total_minor)
    refund_part(everything, now=NOW)
    follow(dispute_id)
    bank.decide(dispute_id, "auto-accepted")
    follow(dispute_id)

    push_open_refunds(now=LATER)

    refund = Refund.objects.get()
    [sent] = [each for each in refunds_at(paystack) if each["merchant_note"] == str(refund.pk)]
    assert (refund.set_off_minor, sent["amount"]) == (400_001, part.total_minor - 400_001)
    paystack.call("POST", f"/sandbox/refunds/{refund.provider_id}/finish", {"status": "processed"})
    push_open_refunds(now=LATER + timedelta(hours=7))
    assert Refund.objects.get().status == "processed"
    later = timezone.now() + timedelta(hours=1)
    run = reconcile(provider="paystack", since=later - timedelta(days=2), until=later, now=later)
    assert (run.found, run.problem, run.compared) == (0, "", 3)
    assert findings() == []
