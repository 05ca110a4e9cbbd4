"""Decision on a captured charge, without a database: to the shops or back to the buyer, to the last minor unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.models import Order, Payment, SubOrder
from checkout.orders.payments import LockedPayment
from checkout.payments.decide_capture import Capture, CaptureDecision, can_pay_order, decide_capture
from gateway.port import ChargeStatus, Verification
from tenants.shops.selectors import ShopFacts
from tests.world.clock import NOW

EARLIER = NOW - timedelta(minutes=5)
TOTALS = (100_000, 50_000)


def shop(shop_id: int, status: str = "live") -> ShopFacts:
    # Schema names in the other order than ids.
    return ShopFacts(shop_id, f"shop_{9 - shop_id}", f"s{shop_id}", "", status, "NGN", 0, 800, "", None, None)


def capture(
    *, order: str = "pending", parts: str = "pending", shops: tuple[str, str] = ("live", "live"), **reported: Any
) -> Capture:
    """An order of two shops' parts, paid as asked for unless it is said otherwise."""
    of = Order(number="KS-1", status=order, total_minor=sum(TOTALS), currency="NGN", expires_at=EARLIER)
    asked = {"amount_minor": sum(TOTALS), "currency": "NGN", "created_at": EARLIER}
    payment = Payment(order=of, reference="ks-1", status="open", **asked)
    sub_orders = [
        SubOrder(order=of, shop_id=number, status=parts, total_minor=total, commission_minor=total // 10)
        for number, total in enumerate(TOTALS, start=1)
    ]
    facts = {number: shop(number, status) for number, status in enumerate(shops, start=1)}
    verification = replace(VERIFIED, **reported)
    return Capture(LockedPayment(payment, of, sub_orders, facts), verification, is_live=False, now=NOW)


VERIFIED = Verification(
    status=ChargeStatus.SUCCESS,
    reference="ks-1",
    provider_id="7",
    amount_minor=sum(TOTALS),
    currency="NGN",
    fees_minor=1_500,
    channel="card",
    paid_at=EARLIER,
    is_live=False,
    message="",
)


def all_of(paid: Capture) -> set[Any]:
    return {part.pk for part in paid.locked.parts}


def returned(decision: CaptureDecision) -> list[tuple[int, str]]:
    return [(refund.amount_minor, refund.reason) for refund in decision.refunds]


def test_what_was_asked_for_pays_every_shop_its_part() -> None:
    paid = capture()

    decision = decide_capture(paid, obtained=all_of(paid))

    assert can_pay_order(paid)
    assert (decision.payment_status, decision.note, decision.order_status) == ("captured", "", "paid")
    # In the order of the schemas, in which the rows are locked.
    assert [(share.shop_id, share.payable_minor, share.commission_minor) for share in decision.shares] == [
        (2, 45_000, 5_000),
        (1, 90_000, 10_000),
    ]
    assert (decision.refunds, set(decision.part_statuses.values())) == ((), {"new"})
    assert paid.paid_at == EARLIER


def test_a_part_that_is_gone_goes_back_and_says_why() -> None:
    paid = capture(shops=("closed", "live"))
    first, second = paid.locked.parts

    decision = decide_capture(paid, obtained={second.pk})
    sold_out = decide_capture(capture(), obtained=())

    assert returned(decision) == [(100_000, "The shop closed before the payment arrived.")]
    assert decision.refunds[0].part is first
    assert decision.part_statuses == {first.pk: "unfulfillable", second.pk: "new"}
    assert (decision.order_status, decision.payment_status) == ("paid", "captured")
    assert {reason for _, reason in returned(sold_out)} == {"Sold out before the payment arrived."}


def test_a_surplus_goes_back() -> None:
    paid = capture(amount_minor=sum(TOTALS) + 250)

    decision = decide_capture(paid, obtained=all_of(paid))

    assert returned(decision) == [(250, "Paid beyond the order's total.")]
    assert (decision.note[:8], decision.order_status) == ("More was", "paid")


@pytest.mark.parametrize(("order", "after"), [("pending", "cancelled"), ("expired", None)])
def test_nothing_left_sends_all_of_it_back(order: str, after: str | None) -> None:
    decision = decide_capture(capture(order=order, parts=order))

    assert (decision.refundable_minor, decision.shares, decision.order_status) == (sum(TOTALS), (), after)
    assert "Nothing of the order" in decision.note


@pytest.mark.parametrize(
    ("found", "status", "problem"),
    [
        ({"currency": "GHS"}, "mismatched", "Paid in GHS instead of NGN."),
        ({"amount_minor": 149_999}, "mismatched", "Too little"),
        ({"order": "paid", "parts": "new"}, "captured", "paid already"),
        ({"order": "cancelled", "parts": "cancelled"}, "captured", "ended already"),
    ],
)
def test_what_cannot_pay_the_order_goes_back_and_leaves_the_order_alone(
    found: dict[str, Any], status: str, problem: str
) -> None:
    paid = capture(**found)

    decision = decide_capture(paid, obtained=all_of(paid))

    assert not can_pay_order(paid)
    assert (decision.payment_status, decision.order_status, decision.part_statuses) == (status, None, {})
    assert (decision.refundable_minor, decision.shares) == (paid.verification.amount_minor, ())
    assert problem in decision.note
    assert decision.is_booked


@pytest.mark.parametrize("found", [{"is_live": True}, {"amount_minor": 0}])
def test_what_is_not_our_money_is_not_booked(found: dict[str, Any]) -> None:
    paid = capture(**found)

    decision = decide_capture(paid, obtained=all_of(paid))

    assert not can_pay_order(paid)
    assert (decision.is_booked, decision.payment_status, decision.shares, decision.refunds) == (
        False,
        "mismatched",
        (),
        (),
    )


@given(
    amount=st.integers(1, 10**9),
    obtained=st.sets(st.sampled_from([0, 1])),
    order=st.sampled_from(["pending", "paid", "expired", "cancelled", "completed"]),
    currency=st.sampled_from(["NGN", "GHS"]),
)
def test_whatever_is_paid_its_parts_sum_to_it(amount: int, obtained: set[int], order: str, currency: str) -> None:
    paid = capture(amount_minor=amount, order=order, parts=order, currency=currency)

    decision = decide_capture(paid, obtained=[paid.locked.parts[number].pk for number in obtained])

    shared = sum(share.payable_minor + share.commission_minor for share in decision.shares)
    assert shared + decision.refundable_minor == amount
    assert all(refund.amount_minor > 0 for refund in decision.refunds)


def test_deciding_changes_nothing_that_was_locked() -> None:
    paid = capture()
    before = [dict(vars(row)) for row in (paid.locked.payment, paid.locked.order, *paid.locked.parts)]

    decide_capture(paid, obtained=all_of(paid))

    assert [dict(vars(row)) for row in (paid.locked.payment, paid.locked.order, *paid.locked.parts)] == before


def test_a_provider_whose_clock_runs_ahead_paid_now() -> None:
    assert capture(paid_at=NOW + timedelta(hours=1)).paid_at == NOW
    assert capture(paid_at=None).paid_at == NOW
