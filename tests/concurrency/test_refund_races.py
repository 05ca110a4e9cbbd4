"""Refunds of one payment that may be under way together, pushed by many workers: each is sent once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db.models import Q
from django.utils import timezone

from checkout.models import Payment, Refund
from checkout.payments.confirm_payment import confirm_payment
from checkout.refunds import push_refunds as pushing
from checkout.refunds.push_refunds import push_open_refunds
from checkout.refunds.requests import add_refund
from tests.gateway.conformance.pebble.harness import in_the_settings
from tests.gateway.conformance.pebble.server import PebbleBank
from tests.world.market import open_shop, stock
from tests.world.payments import started
from tests.world.races import all_at_once

WORKERS = 6


@pytest.fixture
def bank(live_database: str, settings: Any) -> Iterator[PebbleBank]:
    with in_the_settings(settings) as opened:
        settings.DEFAULT_PAYMENT_PROVIDER = "pebble"
        yield opened


@pytest.fixture
def owed(bank: PebbleBank) -> list[str]:
    """The keys of three refunds of one captured payment."""
    payment = started(stock(open_shop("cloth-hall")).line())
    bank.settle(payment.reference)
    now = timezone.now()
    confirm_payment(reference=payment.reference, now=now)
    payment = Payment.objects.get()
    for amount_minor in (100, 200, 300):
        add_refund(payment=payment, amount_minor=amount_minor, currency="NGN", reason="Sold out", now=now)
    return sorted(str(key) for key in Refund.objects.values_list("pk", flat=True))


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make two callers meet after the provider's answer, before anything is sent."""
    asked, read = Barrier(2), pushing._list_reports

    def read_and_wait(refunds: Sequence[Refund]) -> object:
        reports = read(refunds)
        with suppress(BrokenBarrierError):
            asked.wait(timeout=0.5)
        return reports

    monkeypatch.setattr(pushing, "_list_reports", read_and_wait)


@pytest.mark.usefixtures("together")
def test_each_refund_is_sent_once_and_all_are_under_way_together(bank: PebbleBank, owed: list[str]) -> None:
    now = timezone.now()

    all_at_once(lambda _: push_open_refunds(now=now), WORKERS)

    assert sorted(bank.asked_back) == owed
    assert set(Refund.objects.values_list("status", "goes_alone")) == {("sent", False)}


@pytest.mark.usefixtures("together")
def test_refunds_that_go_alone_are_never_under_way_together(
    bank: PebbleBank, owed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every refund is handed to some worker, so that only the look under the payment's lock keeps them apart."""
    Refund.objects.update(goes_alone=True)
    everything = replace(pushing.REFUNDS, waiting=lambda _: Q(status__in=["requested", "sent"]))
    monkeypatch.setattr(pushing, "REFUNDS", everything)
    now = timezone.now()

    all_at_once(lambda _: push_open_refunds(now=now), WORKERS)

    assert len(bank.asked_back) == 1
    assert Counter(Refund.objects.values_list("status", flat=True)) == {"sent": 1, "requested": 2}


def test_of_refunds_that_go_alone_the_oldest_is_handed_out(bank: PebbleBank, owed: list[str]) -> None:
    Refund.objects.update(goes_alone=True)

    all_at_once(lambda _: push_open_refunds(now=timezone.now()), WORKERS)

    assert bank.asked_back == owed[:1]
