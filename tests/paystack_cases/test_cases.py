"""The cases that must hold with Paystack, each by its name (docs/paystack-cases.md).

Orders, events, refunds and approvals go over HTTP to a web server and a worker in processes of their own, which ask a
sandbox that answers wrongly, late or not at all. All cases share one market, and its books hold after them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from payouts.audit import run_audit
from payouts.models import Difference, Dispute
from payouts.reconciliation.run import reconcile
from tests.paystack_cases import payments, refunds, transfers
from tests.paystack_cases.people import DRAIN, People
from tests.world.payments import SAMPLES, Hook, needs_samples
from tests.world.served_market import serve_market
from webhooks.models import InboundEvent, InboundStatus

TIMEOUT_SECONDS = "3"  # of a call to the provider, for which the cases of a silent one wait
CASES: dict[str, Callable[[People], None]] = {
    "01 webhook before redirect, and the reverse": payments.webhook_and_redirect_in_either_order,
    "02 the same webhook 20 times at once": payments.the_same_webhook_many_times_at_once,
    "03 the same charge in other bytes": payments.the_same_charge_in_other_bytes,
    "04 signature bad, missing, of other bytes": payments.a_signature_that_is_bad_missing_or_of_other_bytes,
    "05 an old body is played again": payments.an_old_body_is_played_again,
    "06 more or less than expected was paid": payments.more_or_less_than_expected_was_paid,
    "07 another currency, or the other mode": payments.another_currency_or_the_other_mode,
    "08 a reference of nobody, or of another payment": payments.a_reference_of_nobody_or_of_another_payment,
    "09 paid after it expired and the stock is sold": payments.paid_after_it_expired_and_its_stock_is_sold,
    "10 two attempts are paid for one order": payments.two_attempts_are_paid_for_one_order,
    "11 broker and worker are down after the commit": payments.the_broker_and_the_worker_are_down,
    "12 verify times out, answers 429, answers HTML": payments.the_provider_is_silent_or_talks_nonsense,
    "13 charge.success never arrives": payments.the_event_of_a_payment_never_arrives,
    "14 a partial refund across shops": refunds.a_partial_refund_across_shops,
    "15 more refunds at once than was paid, an answer lost": refunds.more_refunds_at_once_than_was_paid,
    "16 refund events of every kind, in any order": refunds.refund_events_of_every_kind_and_in_any_order,
    "17 a refund or lost dispute after the payout": refunds.a_refund_or_lost_dispute_after_the_shop_was_paid_out,
    "18 a transfer's answer is lost, and it is not found": transfers.a_transfer_whose_answer_is_lost,
    "19 reversed after success, success after reversed": transfers.reversed_after_success_and_success_after_reversed,
    "20 a bulk call is refused as a whole or in part": transfers.a_bulk_call_that_is_refused_as_a_whole_or_in_part,
    "20 a dispute during a release": transfers.a_dispute_during_a_release,
}


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[People]:
    """The people of one market in processes; its books and the provider's agree when all cases are through."""
    with django_db_blocker.unblock(), serve_market(PAYSTACK_TIMEOUT_SECONDS=TIMEOUT_SECONDS) as market:
        people = People(market)
        yield people
        payments.settle_all(people)
        assert findings() == []
        assert differences() == []


@pytest.fixture(autouse=True)
def _no_fault_is_left(people: People) -> Iterator[None]:
    yield
    people.paystack.call("DELETE", "/sandbox/faults")


def findings() -> list[str]:
    """Return what `audit_money` finds, the provider's balance among it."""
    report = run_audit(with_provider=True, now=timezone.now())
    return [f"{result.name}: {finding}" for result in report.results for finding in result.findings]


def differences() -> list[str]:
    """Return what differs between the provider's records and the ledger."""
    later = timezone.now() + timedelta(hours=1)
    reconcile(provider="paystack", since=later - timedelta(days=2), until=later, now=later)
    return [f"{each.kind} {each.reference}: {each.cause}" for each in Difference.objects.filter(ended_at=None)]


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, people: People) -> None:
    CASES[name](people)


@needs_samples
def test_every_published_body_is_taken_in_by_its_bytes_and_parked_with_a_reason(people: People) -> None:
    signatures = json.loads((SAMPLES / "webhooks" / "signatures.json").read_text())["signatures"]
    bodies = {path.name: path.read_bytes() for path in (SAMPLES / "webhooks").glob("[0-9]*.json")}
    assert len(bodies) >= 11
    assert bodies.keys() <= signatures.keys()

    answers = {name: people.post(Hook(body, signatures[name])) for name, body in bodies.items()}
    changed = {name: people.post(Hook(body + b" ", signatures[name])) for name, body in bodies.items()}

    assert (set(answers.values()), set(changed.values())) == ({200}, {401})
    stored = InboundEvent.objects.filter(reference__regex="^(mkt-|po-0190f0aa|)")
    people.until(lambda: not stored.filter(status=InboundStatus.RECEIVED).exists(), DRAIN)
    by_body = {bytes(event.body): event for event in InboundEvent.objects.all()}
    known = {dispute.provider_id for dispute in Dispute.objects.all()}  # a body is a hint to ask, about ours too
    for name, body in bodies.items():
        event, told = by_body[body], json.loads(body)
        is_ours = "dispute" in told["event"] and str(told["data"]["id"]) in known
        expected = (told["event"], "processed" if is_ours else "ignored", True)
        assert (event.kind, event.status, bool(event.outcome)) == expected, name
