"""The merchant's server is asked about a transfer before its money moves."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from paystack_sandbox.webhooks import sign
from tests.world.sandbox import KEY, Bench, open_bench

REFERENCE = "payout-0000000001-a1"
HELD, AMOUNT, FEE = 2_000_000, 810_000, 2_500


@pytest.fixture(scope="module")
def module_bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with open_bench(tmp_path_factory.mktemp("approvals")) as bench:
        yield bench


@pytest.fixture
def bench(module_bench: Bench) -> Bench:
    """A sandbox with NGN 20,000, which asks the merchant about each transfer."""
    module_bench.reset()
    module_bench.post("/sandbox/balance", {"amount": HELD})
    module_bench.post("/sandbox/approval-url", {"url": f"http://127.0.0.1:{module_bench.merchant.port}/approve/"})
    return module_bench


def status(bench: Bench) -> str:
    return str(bench.data(f"/transfer/verify/{REFERENCE}")["status"])


def wait_for(bench: Bench, *statuses: str) -> str:
    """Ask until the sandbox has recorded the merchant's answer; each question is a round trip."""
    for _ in range(2_000):
        if (found := status(bench)) in statuses:
            return found
    raise AssertionError(found)


def test_an_approved_transfer_goes_on_its_way(bench: Bench) -> None:
    recipient = bench.create_recipient()
    assert bench.transfer(REFERENCE, recipient, AMOUNT).json()["data"]["status"] == "received"

    asked = bench.merchant.next()

    body = json.loads(asked.body)
    assert (body["reference"], body["amount"], body["currency"]) == (REFERENCE, AMOUNT, "NGN")
    assert body["recipient"]["recipient_code"] == recipient
    assert asked.signature == sign(asked.body, KEY)
    assert wait_for(bench, "pending", "blocked") == "pending"
    assert bench.balance() == HELD - AMOUNT - FEE


@pytest.mark.parametrize("by_fault", [False, True])
def test_a_refused_one_is_blocked_and_its_money_is_back(bench: Bench, by_fault: bool) -> None:
    if by_fault:
        bench.fault("approval_refused")
    else:
        bench.merchant.answers = [400]

    bench.transfer(REFERENCE, bench.create_recipient(), AMOUNT)

    assert wait_for(bench, "pending", "blocked") == "blocked"
    assert bench.balance() == HELD


def test_a_silent_server_is_asked_three_times_and_then_it_is_blocked(bench: Bench) -> None:
    bench.merchant.answers = [500]
    bench.fault("approval_silent", times=2)
    bench.transfer(REFERENCE, bench.create_recipient(), AMOUNT)
    for _ in range(6):
        bench.post("/sandbox/time", {"advance": 61})

    bench.merchant.next()

    assert wait_for(bench, "blocked") == "blocked"
    assert bench.balance() == HELD
    assert bench.merchant.hooks.empty()


def test_nobody_is_asked_about_one_that_has_ended(bench: Bench) -> None:
    bench.fault("approval_silent")
    bench.transfer(REFERENCE, bench.create_recipient(), AMOUNT)
    bench.post(f"/sandbox/transfers/{REFERENCE}/finish", {"status": "success"})
    assert bench.merchant.next().body, "the event of its end"

    bench.post("/sandbox/time", {"advance": 61})

    [question] = bench.data("/sandbox/deliveries?event=transfer.approval")
    assert (question["status"], status(bench)) == ("dropped", "success")
    assert bench.merchant.hooks.empty()


def test_otp_leaves_one_waiting_and_refuses_a_batch(bench: Bench) -> None:
    bench.fault("otp_on", times=None)
    recipient = bench.create_recipient()
    line = {"reference": REFERENCE, "recipient": recipient, "amount": AMOUNT}

    refused = bench.post("/transfer/bulk", {"source": "balance", "transfers": [line]})
    assert (refused.status_code, refused.json()["code"]) == (400, "otp_required")
    assert bench.balance() == HELD

    assert bench.transfer(REFERENCE, recipient, AMOUNT).json()["data"]["status"] == "otp"


def test_a_line_is_rejected_and_moves_nothing(bench: Bench) -> None:
    bench.post("/sandbox/approval-url", {"url": ""})
    bench.fault("reject_line", match={"reference": REFERENCE})
    recipient = bench.create_recipient()
    lines = [
        {"reference": name, "recipient": recipient, "amount": AMOUNT} for name in (REFERENCE, "payout-0000000002-a1")
    ]

    answer = bench.post("/transfer/bulk", {"source": "balance", "transfers": lines}).json()

    assert [line["status"] for line in answer["data"]] == ["rejected", "pending"]
    assert bench.balance() == HELD - AMOUNT - FEE
