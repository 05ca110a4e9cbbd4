"""Disputes as they are heard of: by events, by the list where those are lost; and reminders."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from checkout.disputes.pushing import ask_about_disputes, find_missed_disputes, remind_of_disputes
from checkout.disputes.selectors import disputes_of_buyer
from kit.models import OutboxMessage
from kit.work import outbox
from notifications.models import Notification
from payouts.disputes.selectors import DisputeCounts, disputes_by_shop
from payouts.models import Dispute, Journal
from paystack_sandbox.testing import SandboxProcess
from tests.world.books import make_operator
from tests.world.disputes import Bank, findings, follow, paid_for
from tests.world.market import Stocked, open_shop, stock
from tests.world.own_shop import counted
from tests.world.payments import last_hook
from webhooks.models import InboundEvent
from webhooks.services import process_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_000_000, on_hand=50)


def told() -> list[str]:
    return [row.payload["move"] for row in OutboxMessage.objects.filter(topic="dispute.moved").order_by("pk")]


def test_events_in_any_order_and_often_come_to_one_dispute(
    cloth: Stocked, paystack: SandboxProcess, client: Client
) -> None:
    bank = Bank(paystack)
    _, payment = paid_for(paystack, cloth.line(1))
    dispute_id = bank.dispute(payment)
    paystack.call("POST", f"/sandbox/disputes/{dispute_id}/remind", {})
    bank.decide(dispute_id, "auto-accepted")

    for move in ("resolve", "create", "remind", "resolve", "create"):
        assert last_hook(paystack, event=f"charge.dispute.{move}").post(client).status_code == 200
    for event in InboundEvent.objects.order_by("pk"):
        process_event(event_id=event.pk, now=timezone.now())

    assert {event.status for event in InboundEvent.objects.filter(kind__startswith="charge.dispute")} == {"processed"}
    assert Dispute.objects.get().status == "lost"
    assert Journal.objects.filter(kind__in=["dispute", "dispute_end"]).count() == 2
    assert told() == ["opened", "lost"]
    assert findings() == []


def test_lost_events_are_made_up_for(cloth: Stocked, paystack: SandboxProcess) -> None:
    bank, now = Bank(paystack), timezone.now()
    _, payment = paid_for(paystack, cloth.line(1))
    dispute_id = bank.dispute(payment, 100_000)

    assert [find_missed_disputes(now=timezone.now()) for _ in range(2)] == [1, 0]
    for minor in (50_000, 60_000):
        bank.dispute(paid_for(paystack, cloth.line(1))[1], minor)
    assert find_missed_disputes(now=timezone.now()) == 2
    with counted() as queries:
        assert find_missed_disputes(now=timezone.now()) == 0
    assert len(queries) == 1, "known ones are looked up a page at a time"
    bank.decide(dispute_id, "declined")
    assert ask_about_disputes(now=now + timedelta(hours=2)) == 3

    assert Dispute.objects.get(provider_id=dispute_id).status == "won"
    assert told() == ["opened", "opened", "opened", "won"]


def test_it_is_reminded_of_once_before_its_deadline(cloth: Stocked, paystack: SandboxProcess) -> None:
    _, payment = paid_for(paystack, cloth.line(1))
    dispute = follow(Bank(paystack).dispute(payment))
    assert dispute.answer_by is not None
    near = dispute.answer_by - timedelta(hours=3)

    assert [remind_of_disputes(now=at) for at in (near - timedelta(hours=2), near, near)] == [0, 1, 0]
    assert told() == ["opened", "reminded"]


def test_letters_name_the_deadline_by_24_hours_and_its_zone(cloth: Stocked, paystack: SandboxProcess) -> None:
    """Sentences that end in a time have one full stop: "8:57 a.m." would have brought its own."""
    make_operator()
    _, payment = paid_for(paystack, cloth.line(1))
    follow(Bank(paystack).dispute(payment))
    outbox.relay(now=timezone.now())
    [body] = Notification.objects.filter(kind="operator.dispute").values_list("body", flat=True)
    assert re.search(r"expects an answer by \d+ \w+ \d{4}, \d\d:\d\d [A-Z]+\. ", body), body


def test_disputes_are_counted_by_shop_and_by_buyer(cloth: Stocked, paystack: SandboxProcess) -> None:
    bank = Bank(paystack)
    for decided in (True, False):
        _, payment = paid_for(paystack, cloth.line(1))
        dispute_id = bank.dispute(payment)
        if decided:
            bank.decide(dispute_id, "auto-accepted")
        follow(dispute_id)

    counts = DisputeCounts(all=2, undecided=1, lost=1)
    assert disputes_by_shop(shop_ids=[cloth.shop.pk]) == {cloth.shop.pk: counts}
    assert disputes_of_buyer(payment_id=payment.pk) == counts
