"""The money of a dispute: held on arrival, gone or back at the end, wherever it was, and never of anything twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from checkout.errors import RefundTooLargeError, UnknownDisputeError
from checkout.models import Order, Payment, Refund, Reversal, ReversalKind, ReversedBy
from checkout.refunds.push_refunds import push_open_refunds
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.refund_part import PartRefund, refund_part
from checkout.reversals.reverse import Actor
from payouts.audit.run import run_audit
from payouts.disputes.errors import PaymentDisputedError
from payouts.models import Difference, Dispute, DisputeStatus, Journal, ReleaseHold
from payouts.reconciliation.run import reconcile
from payouts.release.round import run_round
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.disputes import (
    LATER,
    Bank,
    deliver_all,
    findings,
    follow,
    money,
    paid_for,
    parts_of,
    release_all,
    sent_away,
)
from tests.world.ledger import run
from tests.world.market import Stocked, open_shop, stock
from tests.world.payments import pay, started, sums

pytestmark = pytest.mark.django_db
OPERATOR = Actor(ReversedBy.OPERATOR)


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_000_001, on_hand=10)


@pytest.fixture
def pot(db: None) -> Stocked:
    return stock(open_shop("pot-house"), sku="POT-1", price_minor=3_000_000, on_hand=5)


@pytest.fixture
def bank(paystack: SandboxProcess) -> Bank:
    return Bank(paystack)


@pytest.fixture
def sale(cloth: Stocked, pot: Stocked, paystack: SandboxProcess) -> tuple[Order, Payment]:
    return paid_for(paystack, cloth.line(3), pot.line())


Sale = tuple[Order, Payment]


def kept(order: Order) -> list[int]:
    return [part.kept_minor for part in parts_of(order)]


@pytest.mark.parametrize("is_released", [False, True])
def test_it_is_held_of_all_shops_and_goes_back_when_it_is_won(
    sale: Sale, cloth: Stocked, pot: Stocked, bank: Bank, is_released: bool
) -> None:
    order, payment = sale
    if is_released:
        release_all(order)
    before = money(cloth), money(pot), sums()
    dispute_id = bank.dispute(payment)

    dispute = follow(dispute_id)

    held = sum(part.payable_minor for part in dispute.parts.all())
    assert (dispute.status, dispute.amount_minor, dispute.claimed_minor) == (
        "open",
        order.total_minor,
        order.total_minor,
    )
    assert sum(part.amount_minor for part in dispute.parts.all()) == order.total_minor
    assert sums()["dispute_reserve"] == -held
    assert (money(cloth), money(pot)) == ((0, 0, 0, 0), (0, 0, 0, 0))
    assert ReleaseHold.objects.filter(reason="dispute", closed_at=None).count() == (0 if is_released else 2)
    assert findings() == []

    bank.decide(dispute_id, "declined")
    assert follow(dispute_id).status == DisputeStatus.WON

    assert (money(cloth), money(pot), sums()) == before
    assert not ReleaseHold.objects.filter(closed_at=None).exists()
    assert findings() == []


@pytest.mark.parametrize("is_released", [False, True])
def test_a_lost_one_costs_the_shops_their_share_and_the_market_its_commission(
    sale: Sale, cloth: Stocked, pot: Stocked, bank: Bank, is_released: bool
) -> None:
    order, payment = sale
    if is_released:
        release_all(order)
    dispute_id = bank.dispute(payment)
    follow(dispute_id)

    bank.decide(dispute_id, "auto-accepted")
    dispute = follow(dispute_id)

    fee = payment.fees_minor or 0
    assert (dispute.status, dispute.resolution, dispute.lost_minor) == ("lost", "lapsed", order.total_minor)
    assert sums() == {"clearing:paystack": -fee, "psp_fees": fee}
    assert kept(order) == [0, 0]
    assert {(each.kind, each.reversed_by) for each in Reversal.objects.all()} == {
        (ReversalKind.DISPUTE, ReversedBy.BANK)
    }
    assert not Refund.objects.exists()
    assert findings() == []
    run_round(now=LATER)
    assert findings() == []


@pytest.mark.parametrize("amount_minor", [1, 777_777, 4_000_003])
def test_a_part_of_it_is_shared_by_largest_remainder_to_the_unit(sale: Sale, bank: Bank, amount_minor: int) -> None:
    order, payment = sale
    total = order.total_minor
    dispute_id = bank.dispute(payment, amount_minor)
    dispute = follow(dispute_id)
    shares = [part.amount_minor for part in dispute.parts.order_by("number")]
    assert sum(shares) == amount_minor
    assert all(abs(share - amount_minor * left / total) < 1 for share, left in zip(shares, kept(order), strict=False))
    assert findings() == []

    bank.decide(dispute_id, "auto-accepted")
    follow(dispute_id)

    assert sum(kept(order)) == total - amount_minor
    assert findings() == []
    for part in parts_of(order):  # what is left can go back still, and not a unit more
        with pytest.raises(RefundTooLargeError):
            refund_part(PartRefund(part=part, by=OPERATOR, reason="Torn", goodwill_minor=part.kept_minor + 1), now=NOW)
        refund_part(PartRefund(part=part, by=OPERATOR, reason="Torn", goodwill_minor=part.kept_minor), now=NOW)
    push_open_refunds(now=NOW)
    assert findings() == []


def test_less_may_be_lost_than_was_claimed(sale: Sale, cloth: Stocked, bank: Bank) -> None:
    order, payment = sale
    release_all(order)
    dispute_id = bank.dispute(payment)
    follow(dispute_id)
    answer = {"resolution": "merchant-accepted", "message": "m", "refund_amount": 500_000, "uploaded_filename": ""}
    bank.paystack.call("PUT", f"/dispute/{dispute_id}/resolve", answer)

    dispute = follow(dispute_id)

    assert (dispute.lost_minor, dispute.resolution) == (500_000, "accepted")
    assert sum(kept(order)) == order.total_minor - 500_000
    assert "dispute_reserve" not in sums()
    assert findings() == []


def test_a_claim_beyond_what_is_left_is_the_markets_loss(sale: Sale, cloth: Stocked, bank: Bank) -> None:
    """A refund that is with the provider counts: the buyer may have both."""
    order, payment = sale
    [first, _] = parts_of(order)
    dispute_id = bank.dispute(payment)
    refund_part(PartRefund(part=first, by=OPERATOR, reason="Torn", goodwill_minor=1_000_000), now=NOW)
    Refund.objects.update(status="sent", sent_at=NOW)

    dispute = follow(dispute_id)

    assert (dispute.amount_minor, dispute.claimed_minor) == (order.total_minor - 1_000_000, order.total_minor)
    assert "is on its way at the provider" in dispute.problem
    bank.decide(dispute_id, "auto-accepted")
    assert follow(dispute_id).lost_minor == order.total_minor
    assert sums()["dispute_losses"] == 1_000_000
    assert findings() == []


def test_two_disputes_at_once_share_what_is_left(cloth: Stocked, bank: Bank) -> None:
    """What one of them holds of a part is not left for the other: halves of a unit would both be the same part's."""
    alike = stock(open_shop("wool-hall"), sku="WOOL-1", price_minor=1_000_001, on_hand=5)
    order, payment = paid_for(bank.paystack, cloth.line(1), alike.line(1))
    claims = [bank.dispute(payment, amount) for amount in (999_999, order.total_minor)]

    disputes = [follow(claim) for claim in claims]

    assert [dispute.amount_minor for dispute in disputes] == [999_999, order.total_minor - 999_999]
    assert findings() == []
    for claim in claims:
        bank.decide(claim, "auto-accepted")
        follow(claim)
    assert (kept(order), sums()["dispute_losses"]) == ([0, 0], 999_999)
    assert findings() == []


def test_what_an_undecided_dispute_holds_never_becomes_less(sale: Sale, bank: Bank) -> None:
    """It may grow before the end, not after it."""
    _, payment = sale
    held = bank.dispute(payment)
    follow(held)
    for table in ("payouts_dispute", "payouts_disputepart"):
        with pytest.raises(IntegrityError, match="what is written of money stays"), transaction.atomic():
            run(f"UPDATE {table} SET amount_minor = amount_minor - 1")
    bank.decide(held, "auto-accepted")
    follow(held)
    for table in ("payouts_dispute", "payouts_disputepart"):
        with pytest.raises(IntegrityError, match="what is written of money stays"), transaction.atomic():
            run(f"UPDATE {table} SET amount_minor = amount_minor + 1")


def test_a_shop_may_lose_more_than_was_held(bank: Bank, settings: Any) -> None:
    """Of 50.01 the market gives back less than of 50.03, by rounding of commission and tax: the shop bears it."""
    settings.COMMISSION_TAX_NUMBERS = {"NG": "12345678-0001"}
    dear = stock(open_shop("dear-hall", shipping_minor=0, commission_bps=8_000), price_minor=10_000, on_hand=5)
    order, payment = paid_for(bank.paystack, dear.line(1))
    release_all(order)
    dispute_id = bank.dispute(payment, 5_003)
    [held] = follow(dispute_id).parts.all()
    before = money(dear)[1]
    answer = {"resolution": "merchant-accepted", "message": "m", "refund_amount": 5_001, "uploaded_filename": ""}
    bank.paystack.call("PUT", f"/dispute/{dispute_id}/resolve", answer)

    [lost] = follow(dispute_id).parts.all()

    assert (held.payable_minor, lost.lost_payable_minor, money(dear)[1]) == (700, 701, before - 1)
    assert findings() == []


def test_all_is_lost_where_less_than_the_delivery_is_left(sale: Sale, bank: Bank) -> None:
    """Goodwill is taken off the delivery too."""
    order, payment = sale
    [first, second] = parts_of(order)
    assert first.shipping_minor > 1
    goodwill = first.kept_minor - 1
    refund_part(PartRefund(part=first, by=OPERATOR, reason="Torn", goodwill_minor=goodwill), now=NOW)
    dispute_id = bank.dispute(payment)

    assert follow(dispute_id).amount_minor == 1 + second.kept_minor
    bank.decide(dispute_id, "auto-accepted")
    follow(dispute_id)

    assert kept(order) == [0, 0]
    assert findings() == []


def test_what_the_shop_was_paid_out_is_owed_and_netted(sale: Sale, cloth: Stocked, pot: Stocked, bank: Bank) -> None:
    """Case 17: the money has gone; the next release pays the debt first, and a won dispute gives all of it back."""
    order, payment = sale
    release_all(order)
    sent_away(cloth, "emptied")
    dispute_id = bank.dispute(payment)
    dispute = follow(dispute_id)
    [share] = [part for part in dispute.parts.all() if part.shop_id == cloth.shop.pk]
    assert money(cloth) == (0, 0, 0, share.payable_minor)
    assert (share.owed_minor, share.available_minor) == (share.payable_minor, 0)

    other, _ = paid_for(bank.paystack, cloth.line(2))
    release_all(other)
    earned = parts_of(other)[0].payable_minor
    assert money(cloth) == (0, 0, 0, share.payable_minor - earned)
    assert findings() == []

    bank.decide(dispute_id, "declined")
    follow(dispute_id)
    assert money(cloth) == (0, earned, 0, 0)
    assert findings() == []


def test_nothing_else_goes_back_while_it_is_undecided(sale: Sale, cloth: Stocked, bank: Bank) -> None:
    order, payment = sale
    part, _ = parts_of(order)
    dispute_id = bank.dispute(payment, 100_000)
    follow(dispute_id)
    before = sums(), kept(order), Journal.objects.count()

    wishes: list[Any] = [
        lambda: refund_part(PartRefund(part=part, by=OPERATOR, reason="Torn", goodwill_minor=1), now=NOW),
        lambda: cancel_units(Cancellation(order.pk, {part.pk: {cloth.variant_id: 1}}, OPERATOR), now=NOW),
    ]
    for wish in wishes:
        with pytest.raises(PaymentDisputedError):
            wish()
    assert (sums(), kept(order), Journal.objects.count()) == before
    bank.decide(dispute_id, "declined")
    follow(dispute_id)
    for wish in wishes:
        wish()
    assert findings() == []


def test_an_end_without_a_beginning_is_booked_once(sale: Sale, bank: Bank) -> None:
    """The events of a dispute may come in any order, often, or never."""
    order, payment = sale
    dispute_id = bank.dispute(payment)
    bank.decide(dispute_id, "auto-accepted")

    for _ in range(3):
        assert follow(dispute_id).status == DisputeStatus.LOST

    assert Dispute.objects.count() == 1
    assert Journal.objects.filter(kind__in=["dispute", "dispute_end"]).count() == 2
    assert kept(order) == [0, 0]
    assert findings() == []


def test_a_dispute_of_nobody_is_refused(sale: Sale, bank: Bank) -> None:
    stranger = bank.paystack.call("POST", "/transaction/initialize", {"email": "a@example.com", "amount": 500_000})
    reference = stranger["data"]["reference"]
    bank.paystack.call("POST", f"/sandbox/transactions/{reference}/pay", {})
    unknown = bank.paystack.call("POST", "/sandbox/disputes", {"reference": reference})["data"]["id"]

    for dispute_id in (str(unknown), "1", ""):
        with pytest.raises(UnknownDisputeError):
            follow(dispute_id)
    assert not Dispute.objects.exists()


def test_an_unpaid_looking_payment_is_confirmed_first(cloth: Stocked, paystack: SandboxProcess, bank: Bank) -> None:
    payment = started(cloth.line(1))
    pay(paystack, payment)

    assert follow(bank.dispute(payment)).status == DisputeStatus.OPEN
    assert findings() == []


def test_a_lost_dispute_is_no_difference_to_the_provider(sale: Sale, bank: Bank) -> None:
    _, payment = sale
    now = timezone.now()
    first = bank.dispute(payment, 300_000)
    follow(first, now=now)
    bank.decide(first, "auto-accepted")
    assert run_audit(with_provider=True, now=now).is_clean, (
        "the audit asks about the undecided dispute, and excuses what is lost"
    )

    follow(first, now=now)

    assert run_audit(with_provider=True, now=now).is_clean
    window = {"since": now - timedelta(days=1), "until": now + timedelta(days=1), "now": now + timedelta(hours=2)}
    run = reconcile(provider="paystack", **window)
    assert run.problem == ""
    assert not Difference.objects.filter(kind="refund").exists()
    assert run.compared > 1


def test_the_hold_keeps_a_delivered_order_from_its_release(sale: Sale, cloth: Stocked, bank: Bank) -> None:
    order, payment = sale
    deliver_all(order)
    dispute_id = bank.dispute(payment, 10_000)
    follow(dispute_id)

    assert run_round(now=LATER).released == 0
    bank.decide(dispute_id, "declined")
    follow(dispute_id, now=LATER)
    assert run_round(now=LATER).released == 2
    assert findings() == []
