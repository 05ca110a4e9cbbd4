"""Payments heard of from many sides at once: booked once, and without the lock it would go wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context

from catalogue.models import StockMovement
from checkout.ending.expire_orders import expire_reservations
from checkout.models import Payment, Refund
from checkout.orders.payments import LockedPayment
from checkout.payments import confirm_payment as confirming
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.start_payment import start_payment
from checkout.refunds import push_refunds as pushing
from checkout.refunds.push_refunds import push_open_refunds
from payouts.models import Journal
from paystack_sandbox.testing import SandboxProcess
from tenants.shops.selectors import shop_facts
from tests.runtime_plugin import database_url
from tests.world.clock import NOW
from tests.world.ledger import entry_sums
from tests.world.market import Stocked, buy, open_shop, stock
from tests.world.next_release import holding, nobody_else, somebody_waits
from tests.world.payments import Hook, forged, last_hook, pay, refunds_at, started, states
from tests.world.races import after_all, all_at_once, is_somebody_waiting
from webhooks.models import InboundEvent
from webhooks.services import process_event, process_next
from webhooks.tasks import drain_inbox

AT_ONCE = 20
SOON = NOW + timedelta(minutes=1)


@pytest.fixture
def cloth(live_database: str) -> Stocked:
    return stock(open_shop("cloth-hall"))


@pytest.fixture
def paid(cloth: Stocked, paystack: SandboxProcess) -> Payment:
    """Two pieces of cloth, paid at the provider, ₦2.50 too much; nothing of it is known here yet."""
    payment = started(cloth.line(2))
    paystack.add_fault("wrong_amount", by=250)
    pay(paystack, payment)
    return payment


def post(hook: Hook) -> object:
    return hook.post(Client(HTTP_HOST=settings.BASE_DOMAIN)).status_code


def waiting_event(payment: Payment) -> InboundEvent:
    """An event that nobody has processed yet."""
    return InboundEvent.objects.create(
        provider="paystack",
        digest="0" * 64,
        kind="charge.success",
        reference=payment.reference,
        body=forged("charge.success", settings.PAYSTACK_SECRET_KEY, reference=payment.reference).body,
        received_at=NOW,
        due_at=SOON,
    )


def assert_booked_once(payment: Payment, cloth: Stocked) -> None:
    captured = payment.amount_minor + 250
    settled = Payment.objects.get(pk=payment.pk)
    assert (settled.status, settled.captured_minor) == ("captured", captured)
    assert Journal.objects.count() == 1
    assert Refund.objects.get().amount_minor == 250
    assert states(payment.order) == ("paid", ["new"])
    assert cloth.level() == (8, 0)
    with schema_context(cloth.shop.schema_name):
        assert StockMovement.objects.filter(kind="sale").count() == 1
    assert sum(entry_sums().values()) == 0
    assert entry_sums()["refunds_payable", None] == -250


def test_the_same_webhook_twenty_times_at_once(cloth: Stocked, paid: Payment, paystack: SandboxProcess) -> None:
    hook = last_hook(paystack, reference=paid.reference)

    assert all_at_once(lambda _: post(hook), AT_ONCE) == {200: AT_ONCE}

    event = InboundEvent.objects.get()
    assert (event.deliveries, event.status, event.attempts) == (AT_ONCE, "processed", 1)
    assert_booked_once(paid, cloth)


def test_the_same_charge_in_other_bytes_twenty_times_at_once(cloth: Stocked, paid: Payment) -> None:
    def attempt(number: int) -> object:
        key = settings.PAYSTACK_SECRET_KEY
        return post(forged("charge.success", key, reference=paid.reference, log=number))

    assert all_at_once(attempt, AT_ONCE) == {200: AT_ONCE}

    assert Counter(InboundEvent.objects.values_list("status", flat=True)) == {"processed": AT_ONCE}
    assert_booked_once(paid, cloth)


def test_webhook_redirect_and_poller_at_once(cloth: Stocked, paid: Payment) -> None:
    outcomes = all_at_once(lambda _: confirm_payment(reference=paid.reference, now=SOON).status, AT_ONCE)

    assert outcomes == {"captured": AT_ONCE}
    assert_booked_once(paid, cloth)


def test_without_the_lock_the_surplus_is_promised_more_than_once(
    paid: Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: everybody looks before anybody writes, and nothing is locked in between."""

    def look_without_lock(*, payment: Payment, shop_ids: list[int]) -> LockedPayment:
        payment = Payment.objects.select_related("order").get(pk=payment.pk)
        return LockedPayment(payment, payment.order, list(payment.order.sub_orders.all()), shop_facts(shop_ids))

    monkeypatch.setattr(confirming, "lock_order_and_payment", after_all(look_without_lock, 4))

    all_at_once(lambda _: confirm_payment(reference=paid.reference, now=SOON).status, count=4)

    assert Refund.objects.count() > 1
    assert sum(Refund.objects.values_list("amount_minor", flat=True)) > -entry_sums()["refunds_payable", None]


def test_one_event_is_processed_by_one_worker(paid: Payment, paystack: SandboxProcess, cloth: Stocked) -> None:
    event = waiting_event(paid)

    outcomes = all_at_once(lambda _: process_event(event_id=event.pk, now=NOW) is not None, AT_ONCE)

    assert outcomes == {True: 1, False: AT_ONCE - 1}
    assert_booked_once(paid, cloth)


def test_an_event_is_processed_while_another_delivery_of_it_is_counted(
    paid: Payment, paystack: SandboxProcess, cloth: Stocked, eventually: Callable[..., object]
) -> None:
    """The delivery holds the event's row; the worker waits for it instead of leaving the event behind."""
    event = waiting_event(paid)

    def process(_: int) -> object:
        try:
            done = process_event(event_id=event.pk, now=NOW)
            return done and done.status
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            InboundEvent.objects.filter(pk=event.pk).update(deliveries=2)
            outcome = pool.submit(process, 0)
            eventually(is_somebody_waiting)
        assert outcome.result(timeout=60) == "processed"
    assert_booked_once(paid, cloth)


def test_a_worker_that_is_killed_at_an_event_holds_up_no_other_and_leaves_none_behind(
    live_database: str, paid: Payment, paystack: SandboxProcess, cloth: Stocked, eventually: Callable[..., object]
) -> None:
    """Killed after the claim, the provider's word in hand, while it waits for the order's row."""
    event = waiting_event(paid)
    other = InboundEvent.objects.create(
        provider="paystack", digest="1" * 64, kind="made.up", body=b"{}", received_at=SOON, due_at=SOON
    )
    code = "import django; django.setup(); from webhooks.tasks import drain_inbox; drain_inbox()"
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(live_database),
        "PAYSTACK_BASE_URL": settings.PAYSTACK_BASE_URL,
        "PAYSTACK_SECRET_KEY": settings.PAYSTACK_SECRET_KEY,
    }
    lock = f"SELECT 1 FROM checkout_order WHERE id = '{paid.order_id}' FOR UPDATE"
    with (
        holding(live_database, lock),
        subprocess.Popen([sys.executable, "-W", "ignore", "-c", code], env=environment) as worker,
    ):
        eventually(somebody_waits)
        worker.kill()
    eventually(lambda: nobody_else(live_database))
    event.refresh_from_db()
    assert (event.status, event.attempts, states(paid.order)[0]) == ("received", 1, "pending")

    drain_inbox()

    other.refresh_from_db()
    assert (other.status, InboundEvent.objects.get(pk=event.pk).status) == ("ignored", "received")
    assert process_next(now=timezone.now() + timedelta(seconds=31)) is not None
    assert InboundEvent.objects.get(pk=event.pk).status == "processed"
    assert_booked_once(paid, cloth)


def test_workers_side_by_side_share_what_waits_and_pass_over_what_another_holds(live_database: str) -> None:
    rows = [
        InboundEvent(provider="paystack", digest=str(number), kind="made.up", body=b"{}", received_at=NOW, due_at=NOW)
        for number in range(40)
    ]
    held, *free = InboundEvent.objects.bulk_create(rows)
    tried: list[int] = []

    def work(_: int) -> object:
        while done := process_next(now=SOON):
            tried.append(done.event_id)
        return "nothing left"

    with holding(live_database, f"SELECT 1 FROM webhooks_inboundevent WHERE id = {held.pk} FOR UPDATE"):
        assert all_at_once(work, count=4) == {"nothing left": 4}

    assert sorted(tried) == [event.pk for event in free]
    assert set(InboundEvent.objects.values_list("attempts", flat=True)) == {0, 1}


def test_two_attempts_paid_at_once_pay_the_order_once(cloth: Stocked, paystack: SandboxProcess) -> None:
    first = started(cloth.line(2))
    Payment.objects.update(status="abandoned", payment_url="")
    second = start_payment(order_id=first.order_id, now=NOW)
    for payment in (first, second):
        pay(paystack, payment)

    def attempt(number: int) -> object:
        payment = (first, second)[number % 2]
        return confirm_payment(reference=payment.reference, now=SOON).status

    assert all_at_once(attempt, AT_ONCE) == {"captured": AT_ONCE}

    refund = Refund.objects.get()
    assert refund.amount_minor == first.amount_minor
    assert (Journal.objects.count(), cloth.level()) == (2, (8, 0))
    assert entry_sums()["refunds_payable", None] == -first.amount_minor


def test_a_payment_that_arrives_while_its_order_expires(cloth: Stocked, paid: Payment) -> None:
    late = NOW + timedelta(minutes=31)

    def attempt(number: int) -> object:
        if number % 2:
            expire_reservations(now=late)
            return "expired"
        return confirm_payment(reference=paid.reference, now=late).status

    outcomes = all_at_once(attempt, count=8)

    assert outcomes["captured"] == 4
    assert_booked_once(paid, cloth)


def test_starting_from_many_windows_gives_each_a_page(cloth: Stocked, paystack: SandboxProcess) -> None:
    order = buy(cloth.line())

    outcomes = all_at_once(lambda _: start_payment(order_id=order.pk, now=NOW).payment_url.startswith("http"), count=6)

    assert outcomes == {True: 6}
    for payment in Payment.objects.filter(status="open"):
        pay(paystack, payment)
        confirm_payment(reference=payment.reference, now=SOON)
    owed_back = Payment.objects.filter(status="captured").count() - 1
    assert (states(order), Refund.objects.count()) == (("paid", ["new"]), owed_back)


def test_one_refund_is_sent_by_one_worker(
    paid: Payment, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever gets as far as the provider's list waits for others to get there too, before anything is sent."""
    confirm_payment(reference=paid.reference, now=SOON)
    listed, read = Barrier(2), pushing._list_reports

    def read_and_wait(refunds: Sequence[Refund]) -> object:
        reports = read(refunds)
        with suppress(BrokenBarrierError):
            listed.wait(timeout=1)
        return reports

    monkeypatch.setattr(pushing, "_list_reports", read_and_wait)

    all_at_once(lambda _: push_open_refunds(now=SOON), AT_ONCE)

    assert [row["amount"] for row in refunds_at(paystack)] == [250]
    assert Refund.objects.get().status in {"sent", "processed"}
