"""Every adapter that sends transfers keeps the port's promises about them; every other one refuses them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from gateway.errors import (
    BalanceTooLowError,
    DuplicateReferenceError,
    ProviderRefusedError,
    ProviderUnavailableError,
    UnsupportedError,
)
from gateway.guard import NetworkInTransactionError
from gateway.port import PaymentProvider
from gateway.transfers import (
    OPEN_STATES,
    RETURNED_STATES,
    ApprovalQuestion,
    Recipient,
    RecipientRequest,
    TransferRequest,
    TransferRules,
    TransferState,
)
from tests.gateway.conformance.harness import Harness, harness_names, make_harness

pytestmark = pytest.mark.django_db
HELD = 10_000_000
AMOUNT = 810_000


@pytest.fixture(params=harness_names())
def any_side(request: pytest.FixtureRequest, db: None) -> Harness:
    """The provider's side, for each provider."""
    return make_harness(request.param, request)


@pytest.fixture
def side(any_side: Harness) -> Harness:
    """A side that sends transfers, with money to send."""
    if not any_side.provider.capabilities.transfers:
        pytest.skip("sends no transfers")
    any_side.fund(HELD)
    return any_side


def account(side: Harness, **changes: str) -> RecipientRequest:
    bank = side.provider.banks(currency=side.currency)[0]
    asked = {
        "key": "indigo-fabrics-1",
        "holder_name": "Indigo Fabrics",
        "number": "0123456789",
        "bank_code": bank.code,
        "bank_kind": bank.kind,
        "currency": side.currency,
    }
    return RecipientRequest(**asked | changes)


def registered(side: Harness, **changes: str) -> Recipient:
    return side.provider.create_recipient(account(side, **changes))


def rules(side: Harness) -> TransferRules:
    found = side.provider.transfers
    assert found is not None
    return found


def asked(side: Harness, **changes: Any) -> TransferRequest:
    values: dict[str, Any] = {"amount_minor": AMOUNT, "currency": side.currency, "reason": "Payout of Indigo Fabrics"}
    values |= {"reference": rules(side).references.new()} | changes
    if "recipient" not in values:
        values["recipient"] = registered(side).code
    return TransferRequest(**values)


def held(side: Harness) -> int:
    return {each.currency: each.amount_minor for each in side.provider.balance()}[side.currency]


def test_its_facts_fit_its_capabilities(any_side: Harness) -> None:
    facts = any_side.provider.transfers

    assert (facts is not None) == any_side.provider.capabilities.transfers
    if facts is not None:
        assert any_side.provider.capabilities.resolves_accounts, "Shops choose an account to be paid to from `banks`."
        references = {facts.references.new() for _ in range(100)}
        assert len(references) == 100
        assert any_side.currency in facts.currencies
        assert facts.most_at_once >= 1
        assert facts.pause_seconds >= 0


REQUEST = TransferRequest("po-00000000000000000000", "RCP_1", AMOUNT, "NGN", "Payout")
CALLS: dict[str, Callable[[PaymentProvider], object]] = {
    "create_recipient": lambda provider: provider.create_recipient(
        RecipientRequest("key", "Indigo", "0123456789", "057", "nuban", "NGN")
    ),
    "transfer": lambda provider: provider.transfer(REQUEST),
    "transfer_many": lambda provider: provider.transfer_many([REQUEST]),
    "find_transfer": lambda provider: provider.find_transfer(REQUEST.reference),
}


@pytest.mark.parametrize("name", CALLS)
def test_calls_are_refused_inside_a_transaction_or_unsupported(any_side: Harness, name: str) -> None:
    if not any_side.provider.capabilities.transfers:
        with pytest.raises(UnsupportedError):
            CALLS[name](any_side.provider)
        return
    with transaction.atomic(), pytest.raises(NetworkInTransactionError):
        CALLS[name](any_side.provider)


def test_an_account_is_registered_once(side: Harness) -> None:
    first = registered(side)

    assert first == registered(side)
    assert first.code != registered(side, number="9876543210").code
    with pytest.raises(ProviderRefusedError):
        registered(side, number=side.unknown_number)


def test_a_transfer_from_its_request_to_its_end(side: Harness) -> None:
    """A reference is unknown before, and money and fee have left once it is known."""
    wanted = asked(side)
    assert side.provider.find_transfer(wanted.reference).state == TransferState.NOT_KNOWN

    sent = side.provider.transfer(wanted)
    assert (sent.reference, sent.state, sent.amount_minor) == (wanted.reference, TransferState.PENDING, AMOUNT)
    side.finish_transfer(wanted.reference, TransferState.SUCCESS)

    found = side.provider.find_transfer(wanted.reference)
    assert (found.state, found.amount_minor, found.currency) == (TransferState.SUCCESS, AMOUNT, side.currency)
    assert (found.recipient, found.provider_id) == (wanted.recipient, sent.provider_id)
    assert found.is_live is False
    assert found.fees_minor
    assert held(side) == HELD - AMOUNT - found.fees_minor


@pytest.mark.parametrize("state", sorted(RETURNED_STATES))
def test_a_transfer_that_came_to_nothing_gives_all_back(side: Harness, state: TransferState) -> None:
    wanted = asked(side)
    side.provider.transfer(wanted)

    side.finish_transfer(wanted.reference, state)

    assert side.provider.find_transfer(wanted.reference).state == state
    assert held(side) == HELD


@pytest.mark.parametrize("state", sorted(OPEN_STATES - {TransferState.NOT_KNOWN}))
def test_a_transfer_that_waits_is_told_apart(side: Harness, state: TransferState) -> None:
    side.plan_transfer(state)
    wanted = asked(side)

    assert side.provider.transfer(wanted).state == state
    assert side.provider.find_transfer(wanted.reference).state == state


def test_a_reference_is_sent_once(side: Harness) -> None:
    """After a lost answer the same reference is sent again: it moves nothing more."""
    wanted = asked(side)
    side.lose_the_answer()
    with pytest.raises(ProviderUnavailableError):
        side.provider.transfer(wanted)
    left = held(side)

    with pytest.raises(DuplicateReferenceError):
        side.provider.transfer(wanted)

    [again] = side.provider.transfer_many([wanted])
    assert again.state == TransferState.PENDING
    assert held(side) == left < HELD - AMOUNT


def test_an_answer_that_tells_nothing_leaves_the_outcome_unknown(side: Harness) -> None:
    wanted = asked(side)
    side.fall_silent()

    with pytest.raises(ProviderUnavailableError):
        side.provider.transfer(wanted)
    assert side.provider.find_transfer(wanted.reference).state == TransferState.NOT_KNOWN
    assert held(side) == HELD


def test_more_than_the_balance_is_not_sent(side: Harness) -> None:
    recipient = registered(side).code
    lines = [asked(side, recipient=recipient, amount_minor=amount) for amount in (AMOUNT, HELD)]

    with pytest.raises(BalanceTooLowError):
        side.provider.transfer(lines[1])
    with pytest.raises(BalanceTooLowError):
        side.provider.transfer_many(lines)

    states = {side.provider.find_transfer(each.reference).state for each in lines}
    assert states == {TransferState.NOT_KNOWN}
    assert held(side) == HELD


def test_many_are_sent_and_a_line_may_be_rejected(side: Harness) -> None:
    recipient = registered(side).code
    lines = [asked(side, recipient=recipient) for _ in range(3)]
    side.reject_line(lines[1].reference)

    reports = side.provider.transfer_many(lines)

    states = [TransferState.PENDING, TransferState.REJECTED, TransferState.PENDING]
    assert [(each.reference, each.state) for each in reports] == [
        (line.reference, state) for line, state in zip(lines, states, strict=True)
    ]
    left = held(side)
    assert [each.state for each in side.provider.transfer_many(lines)] == states
    assert held(side) == left


def test_too_many_at_once_are_not_sent(side: Harness) -> None:
    line = asked(side)
    lines = [asked(side, recipient=line.recipient) for _ in range(rules(side).most_at_once + 1)]

    with pytest.raises(ValueError, match="lines"):
        side.provider.transfer_many(lines)
    assert held(side) == HELD


def test_its_question_for_approval_is_read(side: Harness) -> None:
    wanted = asked(side)

    body = side.approval_body(wanted)

    if body is not None:
        question = ApprovalQuestion(wanted.reference, wanted.recipient, AMOUNT, side.currency)
        assert side.provider.parse_approval(body=body) == question
    for body in (b"", b"[]", b"{}", b'{"reference": "../x", "amount": 1}', b"\xff", b"[" * 100_000):
        assert side.provider.parse_approval(body=body) is None
