"""A refund that is sent again has a key of its own, and nothing that the provider says of its tries is passed over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from checkout.models import Refund
from checkout.orders.refunds import find_refunded_payment
from checkout.payments.confirm_payment import confirm_payment
from checkout.refunds import push_refunds
from checkout.refunds.push_refunds import push_open_refunds, refresh_refunds
from checkout.refunds.requests import retry_refund
from gateway.port import RefundReport, RefundRequest
from payouts.models import Journal
from tests.gateway.conformance.pebble.adapter import Pebble
from tests.gateway.conformance.pebble.harness import in_the_settings
from tests.gateway.conformance.pebble.server import PebbleBank
from tests.world.market import open_shop, stock
from tests.world.payments import started

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def bank(db: None, settings: Any) -> Iterator[PebbleBank]:
    """Pebble: it finds refunds by key, and is idempotent by key."""
    with in_the_settings(settings) as opened:
        settings.DEFAULT_PAYMENT_PROVIDER = "pebble"
        yield opened


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def failed(bank: PebbleBank, now: datetime) -> Refund:
    """A refund of a surplus, sent and failed."""
    payment = started(stock(open_shop("cloth-hall")).line())
    bank.settle(payment.reference, extra="50")
    confirm_payment(reference=payment.reference, now=now)
    push_open_refunds(now=now)
    bank.bounce(bank.refunds[0]["id"])
    push_open_refunds(now=now + HOUR)
    refund = Refund.objects.get()
    assert (refund.status, refund.key) == ("failed", str(refund.pk))
    return refund


def test_a_failed_refund_is_sent_again_under_a_new_key_and_booked_once(
    failed: Refund, bank: PebbleBank, now: datetime
) -> None:
    Refund.objects.update(leased_until=now + 9 * HOUR)
    retry_refund(refund_id=failed.pk)
    push_open_refunds(now=now + 3 * HOUR)

    assert bank.asked_back == [str(failed.pk), f"{failed.pk}.2"]
    assert find_refunded_payment(refund_key=f"{failed.pk}.2") == failed.payment
    bank.deliver(bank.refunds[1]["id"])
    refresh_refunds(provider="pebble", reference="", refund_key=f"{failed.pk}.2", now=now + 4 * HOUR)

    refund = Refund.objects.get()
    assert (refund.status, refund.provider_id) == ("processed", bank.refunds[1]["id"])
    assert Journal.objects.filter(kind="refund").count() == 1


def test_a_retried_refund_whose_first_try_arrived_after_all_is_not_sent_beside_it(
    failed: Refund, bank: PebbleBank, now: datetime
) -> None:
    retry_refund(refund_id=failed.pk)
    bank.deliver(bank.refunds[0]["id"])
    push_open_refunds(now=now + 3 * HOUR)

    refund = Refund.objects.get()
    assert (refund.status, bank.refunds[0]["id"] in refund.note) == ("needs_attention", True)
    assert bank.asked_back == [str(failed.pk)]
    assert not Journal.objects.filter(kind="refund").exists()


def test_a_worker_that_was_slow_to_ask_sends_nothing_beside_another(
    failed: Refund, bank: PebbleBank, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    """Its lease has ended while it asked: the next one has sent the refund by the time it would."""
    ask = push_refunds._list_reports

    def ask_slowly(refunds: Sequence[Refund]) -> list[RefundReport]:
        reports = ask(refunds)
        monkeypatch.setattr(push_refunds, "_list_reports", ask)
        push_open_refunds(now=now + 4 * HOUR)
        return reports

    monkeypatch.setattr(push_refunds, "_list_reports", ask_slowly)
    retry_refund(refund_id=failed.pk)
    push_open_refunds(now=now + 3 * HOUR)

    assert bank.asked_back == [str(failed.pk), f"{failed.pk}.2"]


@pytest.mark.parametrize("key", ["{pk}", "somebody-elses", ""])
def test_an_answer_about_another_refund_needs_attention(
    key: str, failed: Refund, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    real = Pebble.refund

    def mistaken(self: Pebble, request: RefundRequest) -> RefundReport:
        return replace(real(self, request), key=key.format(pk=failed.pk))

    monkeypatch.setattr(Pebble, "refund", mistaken)
    retry_refund(refund_id=failed.pk)
    push_open_refunds(now=now + 3 * HOUR)

    refund = Refund.objects.get()
    assert (refund.status, refund.key in refund.note) == ("needs_attention", True)


def test_a_try_that_the_version_before_sent_again_under_its_old_key_is_found(
    failed: Refund, bank: PebbleBank, now: datetime
) -> None:
    """Of two refunds with one key, the one that has not failed is the one under way."""
    again = bank.refunds[0] | {"id": "gb-again", "state": "moving"}
    bank.refunds.append(again)
    Refund.objects.update(status="sent", provider_id="", sent_at=now)

    push_open_refunds(now=now + 3 * HOUR)

    refund = Refund.objects.get()
    assert (refund.status, refund.provider_id) == ("sent", "gb-again")
    assert bank.asked_back == [str(failed.pk)]
