"""Events about transfers settle them, and a provider that asks before it moves money is answered from our records."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from payouts.models import Payout, PayoutRun, RunStatus, Transfer
from paystack_sandbox.testing import SandboxProcess
from tenants.models import Shop
from tests.world.payments import Hook, forged, last_hook
from tests.world.payouts import EARNED, figures, finish, fund, only_payout, payable_shop, run_payouts
from webhooks.models import InboundEvent, InboundStatus
from webhooks.services import process_next

pytestmark = pytest.mark.django_db
ASKED = "/webhooks/paystack/approval/"
KEY = django_settings.PAYSTACK_SECRET_KEY


@pytest.fixture
def shop() -> Shop:
    return payable_shop("indigo")


@pytest.fixture
def transfer(paystack: SandboxProcess, shop: Shop) -> Transfer:
    """A transfer under way."""
    fund(paystack)
    run_payouts()
    return only_payout()[1]


def process(hook: Hook, client: Client) -> InboundEvent:
    assert hook.post(client).status_code == 200
    while process_next(now=timezone.now()):
        pass
    return InboundEvent.objects.order_by("-id")[0]


def test_events_settle_a_transfer_in_any_order(
    client: Client, paystack: SandboxProcess, transfer: Transfer, shop: Shop
) -> None:
    early = forged("transfer.success", KEY, reference=transfer.reference, amount=1, status="success")
    assert process(early, client).status == InboundStatus.RECEIVED, "the provider does not confirm it yet"
    assert figures(shop) == {"in_transit": EARNED}
    finish(paystack, transfer)
    paid = last_hook(paystack, event="transfer.success", reference=transfer.reference)
    finish(paystack, transfer, "reversed")
    reversed_ = last_hook(paystack, event="transfer.reversed", reference=transfer.reference)

    for hook in (reversed_, paid, reversed_):
        assert process(hook, client).status == InboundStatus.PROCESSED

    assert figures(shop) == {"available": EARNED}
    assert Payout.objects.get().status == "reversed"


def question(transfer: Transfer, **changes: Any) -> dict[str, Any]:
    asked = {"reference": transfer.reference, "amount": transfer.amount_minor, "currency": transfer.currency}
    return asked | {"recipient": {"recipient_code": transfer.recipient}} | changes


def ask(client: Client, body: Any, **headers: str) -> int:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(ASKED, content, content_type="application/json", headers=headers).status_code


def test_a_transfer_under_way_is_approved_and_no_other(client: Client, transfer: Transfer) -> None:
    assert ask(client, question(transfer)) == 200
    assert ask(client, {"event": "transfer.approval", "data": question(transfer)}) == 200
    for changes in (
        {"amount": transfer.amount_minor + 1},
        {"currency": "GHS"},
        {"reference": transfer.reference[:-1] + "_"},
        {"recipient": {"recipient_code": "RCP_somebody_else"}},
        {"recipient": 7},
        {"amount": "1e9"},
    ):
        assert ask(client, question(transfer, **changes)) == 400, changes
    for body in (b"", b"[]", b"{}", b"\xff"):
        assert ask(client, body) == 400
    assert ask(client, question(transfer), **{"x-paystack-signature": "0" * 128}) == 400
    signed = forged("transfer.approval", KEY, **question(transfer))
    assert ask(client, signed.body, **{"x-paystack-signature": signed.signature}) == 200
    assert client.get(ASKED).status_code == 405
    assert client.post("/webhooks/nobody/approval/", b"{}", content_type="application/json").status_code == 404


@pytest.mark.parametrize("state", ["prepared", "ended", "run"])
def test_a_transfer_that_is_not_under_way_is_not_approved(
    state: str, client: Client, transfer: Transfer, paystack: SandboxProcess
) -> None:
    if state == "prepared":
        Transfer.objects.update(state="prepared")
    elif state == "ended":
        finish(paystack, transfer, "failed")
        process(last_hook(paystack, event="transfer.failed", reference=transfer.reference), client)
    else:
        PayoutRun.objects.update(status=RunStatus.WAITING)

    assert ask(client, question(transfer)) == 400
