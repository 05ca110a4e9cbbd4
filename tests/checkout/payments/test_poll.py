"""Payments of which nothing was heard are asked about, ever more rarely."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from checkout.models import Payment
from checkout.orders.operations import list_payments
from checkout.orders.payments import latest_payment
from checkout.payments import poll_payments
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.poll_payments import PAYMENTS, poll_open_payments
from checkout.tasks import poll_open_payments as poll_task
from checkout.tasks import push_open_refunds as push_task
from gateway import get_provider
from kit.work import leased, rounds
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.market import Stocked, buy, open_shop, stock
from tests.world.payments import pay, started, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


def claimed(now: datetime) -> list[str]:
    return [payment.reference for payment in leased.claim(PAYMENTS, now=now, limit=10)]


def test_a_payment_whose_event_never_comes_is_found(cloth: Stocked, paystack: SandboxProcess) -> None:
    paystack.add_fault("drop")
    payment = started(cloth.line())
    pay(paystack, payment)
    assert poll_open_payments(now=NOW + timedelta(seconds=59)) == 0

    assert poll_open_payments(now=NOW + timedelta(seconds=60)) == 1

    assert Payment.objects.get().status == "captured"
    assert states(payment.order) == ("paid", ["new"])
    assert claimed(NOW + timedelta(days=3)) == []


def test_the_waits_grow(cloth: Stocked, paystack: SandboxProcess) -> None:
    started(cloth.line())
    asked = [minute for minute in range(12 * 60) if poll_open_payments(now=NOW + timedelta(minutes=minute))]

    waits = [later - earlier for earlier, later in pairwise(asked)]
    assert asked[:4] == [1, 2, 4, 7]
    assert waits == sorted(waits)
    assert len(asked) < 20


def test_one_that_is_claimed_is_left_alone_by_others(cloth: Stocked) -> None:
    buy(cloth.line())
    due = NOW + timedelta(minutes=2)

    assert (len(claimed(due)), len(claimed(due))) == (1, 0)


def test_a_declined_payment_is_watched_for_a_day(cloth: Stocked, paystack: SandboxProcess) -> None:
    payment = started(cloth.line())
    paystack.call("POST", f"/sandbox/transactions/{payment.reference}/fail", {})
    poll_open_payments(now=NOW + timedelta(minutes=2))
    assert Payment.objects.get().status == "failed"
    pay(paystack, payment)

    poll_open_payments(now=NOW + timedelta(minutes=20))
    assert Payment.objects.get().status == "captured"


def test_a_declined_payment_is_forgotten_after_a_day(cloth: Stocked) -> None:
    buy(cloth.line())
    Payment.objects.update(status="failed")

    assert claimed(NOW + timedelta(hours=23))
    assert not claimed(NOW + timedelta(hours=24))
    assert not claimed(NOW + timedelta(hours=49))


def test_what_nobody_paid_is_given_up(cloth: Stocked, paystack: SandboxProcess) -> None:
    started(cloth.line())
    buy(cloth.line())

    assert poll_open_payments(now=NOW + timedelta(hours=25)) == 2

    assert set(Payment.objects.values_list("status", flat=True)) == {"abandoned"}
    assert claimed(NOW + timedelta(hours=60)) == []


def test_five_paid_ones_behind_a_charge_that_cannot_be_verified_are_found_in_the_same_round(
    cloth: Stocked, paystack: SandboxProcess
) -> None:
    broken, *others = (started(cloth.line()) for _ in range(6))
    for payment in [broken, *others]:
        pay(paystack, payment)
    paystack.add_fault("server_error", times=1_000, match={"path": f"/transaction/verify/{broken.reference}"})

    assert poll_open_payments(now=NOW + timedelta(minutes=1)) == 5

    assert Payment.objects.filter(status="captured").count() == 5
    broken.refresh_from_db()
    assert (broken.status, broken.attempts, broken.due_at) == ("open", 1, NOW + timedelta(minutes=2))
    assert "500" in broken.last_error


def test_a_provider_that_answers_nothing_is_left_alone_until_the_next_round(
    cloth: Stocked, paystack: SandboxProcess
) -> None:
    for _ in range(8):
        pay(paystack, started(cloth.line()))
    asked = rounds.SILENT_ROWS + 1  # the last one to be sure
    paystack.add_fault("server_error", times=asked)

    assert poll_open_payments(now=NOW + timedelta(minutes=1)) == 0
    assert sorted(Payment.objects.values_list("attempts", flat=True)) == [0] * (8 - asked) + [1] * asked
    assert poll_open_payments(now=NOW + timedelta(minutes=2)) == 8
    assert set(Payment.objects.values_list("status", flat=True)) == {"captured"}


def test_a_provider_that_refuses_one_does_not_hide_the_others(
    cloth: Stocked, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay(paystack, started(cloth.line()))
    pay(paystack, started(cloth.line()))
    paystack.add_fault("not_found", status=403)

    poll_open_payments(now=NOW + timedelta(minutes=2))

    assert Payment.objects.filter(status="captured").count() == 1


def test_the_tasks_run(cloth: Stocked, paystack: SandboxProcess) -> None:
    pay(paystack, started(cloth.line()))

    poll_task.delay(unknown="argument")
    push_task.delay()

    assert Payment.objects.get().status == "captured"


def test_payments_are_found(cloth: Stocked) -> None:
    order = buy(cloth.line())
    payment = Payment.objects.get()

    assert (
        list(list_payments(search=order.number.lower())) == list(list_payments(search=payment.reference)) == [payment]
    )
    assert list(list_payments(status="captured")) == []
    assert latest_payment(order_id=order.pk) == payment


def test_a_payment_that_breaks_us_holds_up_no_other(
    cloth: Stocked, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    paystack.add_fault("drop", times=2)
    broken, sound = started(cloth.line()), started(cloth.line())
    for payment in (broken, sound):
        pay(paystack, payment)

    def confirm(*, reference: str, now: datetime) -> Payment:
        if reference == broken.reference:
            raise ZeroDivisionError
        return confirm_payment(reference=reference, now=now)

    monkeypatch.setattr(poll_payments, "confirm_payment", confirm)
    assert poll_open_payments(now=NOW + timedelta(seconds=60)) == 1
    assert Payment.objects.get(pk=sound.pk).status == "captured"
    assert Payment.objects.get(pk=broken.pk).status == "open"


def many_open(payment: Payment, count: int) -> None:
    """Other open payments, older by a moment, of which the provider knows nothing."""
    Payment.objects.bulk_create(
        Payment(
            order_id=payment.order_id,
            provider=payment.provider,
            reference=get_provider(payment.provider).references.new(),
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            status="open",
            created_at=NOW - timedelta(seconds=1),
            due_at=NOW + timedelta(seconds=59),
        )
        for _ in range(count)
    )


def test_of_a_thousand_open_payments_a_paid_one_is_found_in_the_first_round(
    cloth: Stocked, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "monotonic", lambda: 0.0)  # however slow the machine is that runs this
    paystack.add_fault("drop")
    payment = started(cloth.line())
    pay(paystack, payment)
    many_open(payment, 999)

    assert poll_open_payments(now=NOW + timedelta(minutes=1)) == 1_000

    payment.refresh_from_db()
    assert payment.status == "captured"
    assert claimed(NOW + timedelta(seconds=119)) == []
