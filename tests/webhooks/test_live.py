"""The whole way over real HTTP: the sandbox posts its event to the running site, which asks it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import pytest
from django.conf import LazySettings, settings
from django.utils import timezone

from checkout.models import Order, Payment
from checkout.payments.start_payment import start_payment
from payouts.models import Payout, Transfer
from payouts.runs.create import create_runs
from payouts.runs.send import send_runs
from paystack_sandbox.testing import SandboxProcess
from tests.world.market import Stocked, buy, open_shop, stock
from tests.world.payments import HOOK_PATH, last_hook, pay
from tests.world.payouts import EARNED, fund, payable_shop
from tests.world.releases import DUE
from webhooks.models import InboundEvent


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def cloth(live_site: Any) -> Stocked:
    return stock(open_shop("cloth-hall"))


def placed(cloth: Stocked, now: datetime) -> Payment:
    return start_payment(order_id=buy(cloth.line(2), now=now).pk, now=now)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "kasuwa.localhost"])
def test_events_are_taken_in_under_every_name_of_the_platform(
    host: str, cloth: Stocked, paystack: SandboxProcess, settings: LazySettings
) -> None:
    paystack.add_fault("drop")
    pay(paystack, placed(cloth, timezone.now()))
    hook = last_hook(paystack)

    response = httpx.post(
        f"http://127.0.0.1:{settings.PORT}{HOOK_PATH}",
        content=hook.body,
        headers={"host": f"{host}:{settings.PORT}", "x-paystack-signature": hook.signature},
        trust_env=False,
    )

    assert (response.status_code, response.json()["message"]) == (200, "Received.")
    assert Order.objects.get().status == "paid"


def test_a_body_without_a_length_or_beyond_all_measure_is_handled(cloth: Stocked) -> None:
    address = f"http://127.0.0.1:{settings.PORT}{HOOK_PATH}"

    unknown_length = httpx.post(address, content=iter([b"{", b"}"]), trust_env=False)
    too_long = httpx.post(address, content=b"x" * 300_000, trust_env=False)

    assert (unknown_length.status_code, too_long.status_code) == (401, 413)
    assert not InboundEvent.objects.exists()


def test_a_transfer_is_approved_paid_and_settled_by_calls_alone(
    live_site: Any, paystack: SandboxProcess, eventually: Callable[..., Any]
) -> None:
    """Ours is approved and paid; one that somebody else asked for with our key is blocked."""
    payable_shop("indigo")
    fund(paystack, 5 * EARNED)
    paystack.call("POST", "/sandbox/approval-url", {"url": f"http://127.0.0.1:{live_site.port}{HOOK_PATH}approval/"})
    create_runs(now=DUE)
    send_runs(now=DUE)
    ours = Transfer.objects.get()
    stolen = {"reference": "po-stolen-000000000001", "recipient": ours.recipient, "amount": EARNED, "source": "balance"}

    paystack.call("POST", "/transfer", stolen)

    def status_of(reference: Any) -> str:
        return str(paystack.call("GET", f"/transfer/verify/{reference}")["data"]["status"])

    assert eventually(lambda: (found := status_of(stolen["reference"])) != "received" and found) == "blocked"
    assert eventually(lambda: (found := status_of(ours.reference)) != "received" and found) in {"pending", "success"}
    paystack.call("POST", "/sandbox/time", {"advance": 5})
    eventually(lambda: Payout.objects.get().status == "paid")
