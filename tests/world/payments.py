"""Shared code of the payment tests: orders that wait for money, and the sandbox's side of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from checkout.models import Order, Payment, Refund
from checkout.payments.start_payment import start_payment
from checkout.pricing.lines import CartLine
from gateway.paystack.signatures import paystack_signature
from payouts.models import Journal
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.ledger import entry_sums
from tests.world.market import buy

HOOK_PATH = "/webhooks/paystack/"
SAMPLES = Path(__file__).parents[3] / "shared" / "paystack"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the published sample bodies are not beside the clone")


@dataclass(frozen=True)
class Hook:
    """A body and its signature, as the provider sends them."""

    body: bytes
    signature: str

    def post(self, client: Client) -> Any:
        return client.post(
            HOOK_PATH, self.body, content_type="application/json", headers={"x-paystack-signature": self.signature}
        )


def started(*lines: CartLine) -> Payment:
    """An order's payment with a page to pay at."""
    return start_payment(order_id=buy(*lines).pk, now=NOW)


def pay(paystack: SandboxProcess, payment: Payment) -> None:
    """Pay as the buyer would on the page."""
    paystack.call("POST", f"/sandbox/transactions/{payment.reference}/pay", {})


def last_hook(paystack: SandboxProcess, *, event: str = "charge.success", reference: str = "") -> Hook:
    """The newest event that the sandbox has signed."""
    query = f"event={event}" + (f"&reference={reference}" if reference else "")
    [delivery, *_] = paystack.call("GET", f"/sandbox/deliveries?{query}")["data"]
    return Hook(delivery["body"].encode(), delivery["signature"])


def forged(event: str, secret_key: str, **data: Any) -> Hook:
    """An event of our own making, signed with a key."""
    body = json.dumps({"event": event, "data": data}).encode()
    return Hook(body, paystack_signature(body=body, secret_key=secret_key))


def refunds_at(paystack: SandboxProcess) -> list[dict[str, Any]]:
    """The refunds that the sandbox knows, newest first."""
    listed: list[dict[str, Any]] = paystack.call("GET", "/refund?perPage=100")["data"]
    return listed


def requests_to(paystack: SandboxProcess, path: str) -> int:
    """Return the number our transactions that the sandbox has."""
    return len(paystack.call("GET", path)["data"])


def states(order: Order) -> tuple[str, list[str]]:
    """An order's status and its parts' statuses, fresh."""
    fresh = Order.objects.get(pk=order.pk)
    return fresh.status, list(fresh.sub_orders.order_by("number").values_list("status", flat=True))


def sums() -> dict[str, int]:
    """Return the sum of entries by kind of account, over all shops; accounts at zero are left out."""
    totals: dict[str, int] = {}
    for (kind, _), amount in entry_sums().items():
        totals[kind] = totals.get(kind, 0) + amount
    return {kind: amount for kind, amount in totals.items() if amount}


def nothing_booked() -> bool:
    """Return whether the ledger is empty, and no refund was asked for."""
    return not Journal.objects.exists() and not Refund.objects.exists()


Eventually = Callable[..., Any]
