"""Paystack's sandbox in the conformance suite."""

from __future__ import annotations

import json

import pytest

from gateway.disputes import DisputeState
from gateway.events import EventKind
from gateway.transfers import TransferRequest, TransferState
from paystack_sandbox.testing import SandboxProcess
from tests.gateway.conformance.harness import Harness, SignedEvent

NAMES = {
    EventKind.CHARGE_SUCCEEDED: "charge.success",
    EventKind.REFUND_MOVED: "refund.pending",
    EventKind.DISPUTE_MOVED: "charge.dispute.create",
    EventKind.TRANSFER_MOVED: "transfer.success",
    EventKind.OTHER: "customeridentification.success",
}


class PaystackHarness(Harness):
    """The sandbox does the buyer's and the bank's part."""

    name = "paystack"

    def __init__(self, request: pytest.FixtureRequest) -> None:
        super().__init__(request)
        self.sandbox: SandboxProcess = request.getfixturevalue("paystack")

    def pay(self, reference: str) -> None:
        self.sandbox.call("POST", f"/sandbox/transactions/{reference}/pay", {})

    def decline(self, reference: str) -> None:
        self.sandbox.call("POST", f"/sandbox/transactions/{reference}/fail", {})

    def finish_refund(self, provider_id: str) -> None:
        self.sandbox.call("POST", f"/sandbox/refunds/{provider_id}/finish", {"status": "processed"})

    def fail_refund(self, provider_id: str) -> None:
        self.sandbox.call("POST", f"/sandbox/refunds/{provider_id}/finish", {"status": "failed"})

    def fall_silent(self) -> None:
        self.sandbox.add_fault("server_error")

    def disappear(self) -> None:
        self.settings.PAYSTACK_BASE_URL = "http://127.0.0.1:1"

    def last_event(self, kind: EventKind) -> SignedEvent:
        [delivery, *_] = self.sandbox.call("GET", f"/sandbox/deliveries?event={NAMES[kind]}")["data"]
        return SignedEvent(delivery["body"].encode(), {"x-paystack-signature": delivery["signature"]})

    def sample_body(self, kind: EventKind, *, reference: str) -> bytes:
        about = {
            EventKind.REFUND_MOVED: {"transaction_reference": reference, "amount": "100"},
            EventKind.DISPUTE_MOVED: {"id": 310001, "transaction": {"reference": reference}},
        }
        return json.dumps({"event": NAMES[kind], "data": about.get(kind, {"reference": reference})}).encode()

    def fund(self, amount_minor: int) -> None:
        self.sandbox.call("POST", "/sandbox/balance", {"amount": amount_minor})

    def finish_transfer(self, reference: str, state: TransferState) -> None:
        self.sandbox.call("POST", f"/sandbox/transfers/{reference}/finish", {"status": state})

    def plan_transfer(self, state: TransferState) -> None:
        self.sandbox.add_fault("transfer_outcome", outcome=state)

    def reject_line(self, reference: str) -> None:
        self.sandbox.add_fault("reject_line", match={"reference": reference})

    def lose_the_answer(self) -> None:
        self.sandbox.add_fault("server_error", acts=True)

    def dispute(self, reference: str, amount_minor: int) -> str:
        asked = {"reference": reference, "amount": amount_minor, "category": "fraud"}
        return str(self.sandbox.call("POST", "/sandbox/disputes", asked)["data"]["id"])

    def decide(self, dispute_id: str, state: DisputeState) -> None:
        resolution = "declined" if state == DisputeState.WON else "auto-accepted"
        self.sandbox.call("POST", f"/sandbox/disputes/{dispute_id}/finish", {"resolution": resolution})

    def let_lapse(self, dispute_id: str) -> None:
        self.decide(dispute_id, DisputeState.LOST)

    def approval_body(self, request: TransferRequest) -> bytes:
        recipient = {"recipient_code": request.recipient, "details": {"bank_code": "057"}}
        sent = {"reference": request.reference, "amount": request.amount_minor, "currency": request.currency}
        return json.dumps({**sent, "recipient": recipient, "status": "received"}).encode()


def make(request: pytest.FixtureRequest) -> Harness:
    """Return the harness."""
    return PaystackHarness(request)
