"""The adapter against the sandbox, over real HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.utils import timezone

from gateway import get_provider
from gateway.disputes import DisputeState, Resolution
from gateway.errors import (
    DuplicateReferenceError,
    ProviderRefusedError,
    ProviderUnavailableError,
    UnreadableAnswerError,
)
from gateway.guard import NetworkInTransactionError
from gateway.http import Link
from gateway.paystack.adapter import Paystack
from gateway.paystack.disputes import read_dispute
from gateway.port import BankAccount, ChargeRequest, ChargeStatus, RefundRequest, RefundState
from paystack_sandbox.testing import SandboxProcess
from tests.world.factories.payments import new_reference

pytestmark = pytest.mark.django_db


def request(reference: str, **changes: Any) -> ChargeRequest:
    facts: dict[str, Any] = {
        "reference": reference,
        "amount_minor": 2_340_000,
        "currency": "NGN",
        "email": "ada@example.com",
        "callback_url": "http://kasuwa.localhost:8000/payments/return/",
        "metadata": {"order": "KS-7F3K9QXD2M"},
    }
    return ChargeRequest(**facts | changes)


def captured(paystack: SandboxProcess) -> str:
    reference = new_reference()
    get_provider("paystack").initialise(request(reference))
    paystack.call("POST", f"/sandbox/transactions/{reference}/pay", {})
    return reference


def test_a_charge_from_its_page_to_its_capture(paystack: SandboxProcess) -> None:
    provider, reference = get_provider("paystack"), new_reference()

    assert provider.verify(reference).status == ChargeStatus.NOT_KNOWN
    page = provider.initialise(request(reference))
    assert page.url.startswith("http")
    assert provider.verify(reference).status == ChargeStatus.NOT_PAID
    paystack.call("POST", f"/sandbox/transactions/{reference}/pay", {})

    verified = provider.verify(reference)
    assert (verified.status, verified.amount_minor, verified.currency) == (ChargeStatus.SUCCESS, 2_340_000, "NGN")
    assert verified.fees_minor > 0
    assert verified.provider_id.isdecimal()
    assert verified.paid_at is not None
    assert not verified.is_live
    assert not provider.is_live


def test_a_reference_is_taken_once(paystack: SandboxProcess) -> None:
    reference = new_reference()
    get_provider("paystack").initialise(request(reference))

    with pytest.raises(DuplicateReferenceError):
        get_provider("paystack").initialise(request(reference))


def test_what_paystack_does_not_take_is_a_refusal(paystack: SandboxProcess) -> None:
    with pytest.raises(ProviderRefusedError):
        get_provider("paystack").initialise(request(new_reference(), amount_minor=10))


def test_a_wrong_key_is_a_refusal(paystack: SandboxProcess) -> None:
    stranger = Paystack(secret_key="sk_test_somebody_else", base_url=paystack.url, timeout=60)

    with pytest.raises(ProviderRefusedError) as caught:
        stranger.balance()
    assert caught.value.status == 401


def test_a_partial_refund_is_found_by_our_key(paystack: SandboxProcess) -> None:
    reference = captured(paystack)
    provider = get_provider("paystack")
    charge_id = provider.verify(reference).provider_id

    sent = provider.refund(
        RefundRequest(key="our-key-1", charge_reference=reference, amount_minor=300_000, currency="NGN", reason="Why")
    )
    [found] = provider.find_refunds(charge_id=charge_id, since=timezone.now() - timedelta(days=1))

    assert (found.key, found.provider_id, found.amount_minor) == ("our-key-1", sent.provider_id, 300_000)
    assert sent.state == RefundState.PENDING


def test_more_than_was_paid_is_refused(paystack: SandboxProcess) -> None:
    reference = captured(paystack)
    wanted = RefundRequest(
        key="too-much", charge_reference=reference, amount_minor=2_340_001, currency="NGN", reason="Why"
    )

    with pytest.raises(ProviderRefusedError):
        get_provider("paystack").refund(wanted)


def test_the_balance_is_what_was_paid_less_the_fee(paystack: SandboxProcess) -> None:
    fees = get_provider("paystack").verify(captured(paystack)).fees_minor

    assert {held.currency: held.amount_minor for held in get_provider("paystack").balance()}["NGN"] == 2_340_000 - fees


def test_banks_and_accounts(paystack: SandboxProcess) -> None:
    provider = get_provider("paystack")
    bank = provider.banks(currency="NGN")[0]

    resolved = provider.resolve_account(number="0123456789", bank_code=bank.code)

    assert resolved == BankAccount(number="0123456789", name=resolved.name, bank_code=bank.code)
    assert resolved.name
    with pytest.raises(ValueError, match="digits"):
        provider.resolve_account(number="1&bank_code=2", bank_code="057")


@pytest.mark.parametrize("kind", ["rate_limit", "server_error", "html"])
def test_trouble_at_paystack_leaves_the_outcome_unknown(kind: str, paystack: SandboxProcess) -> None:
    reference = captured(paystack)
    paystack.add_fault(kind)

    with pytest.raises(ProviderUnavailableError):
        get_provider("paystack").verify(reference)
    assert get_provider("paystack").verify(reference).status == ChargeStatus.SUCCESS


def test_a_call_ends_in_time_and_may_have_acted(paystack: SandboxProcess, settings: LazySettings) -> None:
    settings.PAYSTACK_TIMEOUT_SECONDS = 0.2
    reference = new_reference()
    paystack.add_fault("timeout", acts=True, match={"path": "/transaction/initialize"})

    with pytest.raises(ProviderUnavailableError):
        get_provider("paystack").initialise(request(reference))
    assert get_provider("paystack").verify(reference).status == ChargeStatus.NOT_PAID


def test_nobody_there_leaves_the_outcome_unknown(settings: LazySettings) -> None:
    settings.PAYSTACK_BASE_URL = "http://127.0.0.1:1"

    with pytest.raises(ProviderUnavailableError):
        get_provider("paystack").verify(new_reference())


def test_the_network_is_not_called_inside_a_transaction(paystack: SandboxProcess) -> None:
    provider, reference = get_provider("paystack"), new_reference()

    with transaction.atomic(), pytest.raises(NetworkInTransactionError):
        provider.initialise(request(reference))
    assert provider.verify(reference).status == ChargeStatus.NOT_KNOWN


def test_connections_are_kept_open(paystack: SandboxProcess) -> None:
    assert get_provider("paystack") is get_provider("paystack")
    link = Link(base_url=paystack.url, timeout=60)
    kept: list[Any] = []
    for _ in range(3):
        assert link.send("GET", f"{paystack.url}/health", headers={}).status == 200
        kept += link._pool.connections

    assert len(kept) == 3
    assert len(set(kept)) == 1


RAW: dict[str, Any] = {"id": 7, "refund_amount": 500, "currency": "NGN", "status": "pending", "domain": "test"}


@pytest.mark.parametrize(
    "change",
    [
        {"status": "resolved", "resolution": None},
        {"status": "resolved", "resolution": "split-the-difference"},
        {"status": "resolved", "resolution": "auto-accepted", "refund_amount": 0},
        {"status": "mood"},
        {"refund_amount": "much"},
        {"refund_amount": -1},
        {"currency": "naira"},
        {"id": None},
        {"transaction": None},
        {"transaction": 12},
    ],
)
def test_a_dispute_that_cannot_be_kept_is_unreadable(change: dict[str, Any]) -> None:
    right = {**RAW, "transaction": {"reference": "ks-00000000000000000001"}}
    report = read_dispute(right | {"dueAt": "soon", "messages": [None], "category": 5})
    assert (report.state, report.resolution, report.due_at) == (DisputeState.WITH_BANK, Resolution.DECLINED, None)

    with pytest.raises(UnreadableAnswerError):
        read_dispute(right | change)
