"""Every provider's adapter keeps the port's promises, whatever its provider is like."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from checkout.models import Payment
from checkout.orders.payments import REFERENCE
from gateway.errors import (
    DuplicateReferenceError,
    ProviderRefusedError,
    ProviderUnavailableError,
    UnsupportedError,
)
from gateway.events import UNREADABLE_EVENT, EventKind
from gateway.guard import NetworkInTransactionError
from gateway.port import ChargeRequest, ChargeStatus, RefundRequest, RefundState
from gateway.records import ProviderRecord, RecordKind, RecordState
from gateway.registry import NAME
from tests.gateway.conformance.harness import Harness, harness_names, make_harness, problems_of_folders

pytestmark = pytest.mark.django_db
AMOUNT = 2_340_000


@pytest.fixture(params=harness_names())
def side(request: pytest.FixtureRequest, db: None) -> Harness:
    """The provider's side, for each provider."""
    return make_harness(request.param, request)


def charge(side: Harness, reference: str, **changes: Any) -> ChargeRequest:
    asked: dict[str, Any] = {
        "reference": reference,
        "amount_minor": AMOUNT,
        "currency": side.currency,
        "email": "ada@example.com",
        "callback_url": f"http://kasuwa.localhost:8000/payments/return/{reference}/",
        "metadata": {"order": "KS-7F3K9QXD2M"},
    }
    return ChargeRequest(**asked | changes)


def opened(side: Harness) -> str:
    reference = side.provider.references.new()
    page = side.provider.initialise(charge(side, reference))
    assert page.reference == reference
    assert page.url.startswith("http")
    return reference


def paid(side: Harness) -> str:
    reference = opened(side)
    side.pay(reference)
    return reference


def refund_of(side: Harness, reference: str, *, key: str, amount_minor: int) -> RefundRequest:
    return RefundRequest(
        key=key, charge_reference=reference, amount_minor=amount_minor, currency=side.currency, reason="Sold out"
    )


def test_every_folder_has_a_harness() -> None:
    assert problems_of_folders() == []


def test_a_misnamed_harness_is_found(tmp_path: Path) -> None:
    """The control."""
    for name in ("cowrie/__init__.py", "cowrie/harnes.py", "pebble/__init__.py", "pebble/harness.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    [problem] = problems_of_folders(tmp_path)

    assert "cowrie has no harness.py" in problem
    assert "add-a-provider.md" in problem


def test_its_facts_are_complete(side: Harness) -> None:
    provider = side.provider

    assert NAME.fullmatch(side.name)
    assert provider.label
    assert side.currency in provider.limits.currencies
    for currency in provider.limits.currencies:
        assert provider.limits.minimum_minor(currency) > 0
        assert (provider.limits.maximum_minor(currency) or 10**12) > provider.limits.minimum_minor(currency)
    assert all(isinstance(getattr(provider.capabilities, each.name), bool) for each in fields(provider.capabilities))
    assert side.provider is provider
    assert provider.is_live is False, (
        "Answer is_live with a bool, False in the sandbox (docs/recipes/add-a-provider.md)."
    )


def test_its_references_are_new_safe_and_fit_their_column(side: Harness) -> None:
    references = {side.provider.references.new() for _ in range(500)}

    assert len(references) == 500
    assert all(REFERENCE.fullmatch(reference) for reference in references)
    assert max(map(len, references)) <= (Payment._meta.get_field("reference").max_length or 0)


def test_a_charge_from_its_page_to_its_capture(side: Harness) -> None:
    assert side.provider.verify(side.provider.references.new()).status == ChargeStatus.NOT_KNOWN
    reference = opened(side)
    assert side.provider.verify(reference).status == ChargeStatus.NOT_PAID

    side.pay(reference)

    verified = side.provider.verify(reference)
    assert (verified.status, verified.amount_minor) == (ChargeStatus.SUCCESS, AMOUNT)
    assert (verified.reference, verified.currency) == (reference, side.currency)
    assert 0 < verified.fees_minor < AMOUNT
    assert verified.provider_id
    assert not verified.is_live


def test_a_declined_charge_has_failed(side: Harness) -> None:
    reference = opened(side)
    side.decline(reference)

    assert side.provider.verify(reference).status == ChargeStatus.FAILED


def test_a_reference_is_taken_once(side: Harness) -> None:
    reference = opened(side)

    with pytest.raises(DuplicateReferenceError):
        side.provider.initialise(charge(side, reference))


def test_less_than_the_smallest_charge_is_refused_and_has_no_effect(side: Harness) -> None:
    reference = side.provider.references.new()
    too_little = side.provider.limits.minimum_minor(side.currency) - 1

    with pytest.raises(ProviderRefusedError):
        side.provider.initialise(charge(side, reference, amount_minor=too_little))
    assert side.provider.verify(reference).status == ChargeStatus.NOT_KNOWN


def test_a_part_and_then_the_rest_are_given_back_and_found(side: Harness) -> None:
    reference = paid(side)
    charge_id = side.provider.verify(reference).provider_id
    since = timezone.now() - timedelta(days=1)
    sent = []
    for key, amount_minor in (("our-key-1", 300_000), ("our-key-2", AMOUNT - 300_000)):
        sent.append(side.provider.refund(refund_of(side, reference, key=key, amount_minor=amount_minor)))
        assert (sent[-1].key, sent[-1].amount_minor, sent[-1].state) == (key, amount_minor, RefundState.PENDING)
        side.finish_refund(sent[-1].provider_id)

    found = {report.key: report for report in side.provider.find_refunds(charge_id=charge_id, since=since)}

    assert {key: report.amount_minor for key, report in found.items()} == {
        "our-key-1": 300_000,
        "our-key-2": AMOUNT - 300_000,
    }
    assert [found[report.key].provider_id for report in sent] == [report.provider_id for report in sent]
    assert {report.state for report in found.values()} == {RefundState.PROCESSED}


def test_more_than_was_paid_is_not_given_back(side: Harness) -> None:
    reference = paid(side)

    with pytest.raises(ProviderRefusedError):
        side.provider.refund(refund_of(side, reference, key="too-much", amount_minor=AMOUNT + 1))
    charge_id = side.provider.verify(reference).provider_id
    assert not side.provider.find_refunds(charge_id=charge_id, since=timezone.now() - timedelta(days=1))


def test_a_refund_is_found_by_our_key_where_the_provider_says_so(side: Harness) -> None:
    reference = paid(side)
    sent = side.provider.refund(refund_of(side, reference, key="our-key-1", amount_minor=300_000))

    if not side.provider.capabilities.finds_refund_by_key:
        with pytest.raises(UnsupportedError):
            side.provider.find_refund(key="our-key-1")
        return
    assert side.provider.find_refund(key="our-key-1") == sent
    assert side.provider.find_refund(key="our-key-2") is None


def test_a_new_key_is_a_new_refund_after_one_that_failed(side: Harness) -> None:
    """An old key may be answered with the old failure; a new one gives the money back."""
    reference = paid(side)
    failed = side.provider.refund(refund_of(side, reference, key="our-key-1", amount_minor=AMOUNT))
    side.fail_refund(failed.provider_id)

    again = side.provider.refund(refund_of(side, reference, key="our-key-1.2", amount_minor=AMOUNT))

    assert (again.key, again.state) == ("our-key-1.2", RefundState.PENDING)
    assert again.provider_id != failed.provider_id
    charge_id = side.provider.verify(reference).provider_id
    listed = side.provider.find_refunds(charge_id=charge_id, since=timezone.now() - timedelta(days=1))
    found = {report.key: report for report in listed}
    assert {key: report.state for key, report in found.items()} == {
        "our-key-1": RefundState.FAILED,
        "our-key-1.2": RefundState.PENDING,
    }
    if side.provider.capabilities.finds_refund_by_key:
        assert (
            side.provider.refund(refund_of(side, reference, key="our-key-1", amount_minor=AMOUNT)) == found["our-key-1"]
        )
        assert side.provider.find_refund(key="our-key-1.2") == again


def test_several_refunds_are_under_way_where_the_provider_says_so(side: Harness) -> None:
    if not side.provider.capabilities.concurrent_refunds:
        pytest.skip("one after the other")
    reference = paid(side)
    keys = ["our-key-1", "our-key-2"]

    for key in keys:
        side.provider.refund(refund_of(side, reference, key=key, amount_minor=1_000))
        assert side.provider.parse_event(body=side.last_event(EventKind.REFUND_MOVED).body).refund_key == key


def test_the_balance_is_what_was_paid_less_the_fee(side: Harness) -> None:
    fees = side.provider.verify(paid(side)).fees_minor

    held = {balance.currency: balance.amount_minor for balance in side.provider.balance()}
    assert held[side.currency] == AMOUNT - fees


def test_banks_are_listed_and_asked_where_the_provider_says_so(side: Harness) -> None:
    provider = side.provider
    if not provider.capabilities.resolves_accounts:
        with pytest.raises(UnsupportedError):
            provider.banks(currency=side.currency)
        with pytest.raises(UnsupportedError):
            provider.resolve_account(number="0123456789", bank_code="057")
        return
    bank = provider.banks(currency=side.currency)[0]
    account = provider.resolve_account(number="0123456789", bank_code=bank.code)
    assert (account.number, account.bank_code) == ("0123456789", bank.code)
    assert account.name
    with pytest.raises(ProviderRefusedError):
        provider.resolve_account(number=side.unknown_number, bank_code=bank.code)
    for call in (
        lambda: provider.banks(currency=side.currency),
        lambda: provider.resolve_account(number="0123456789", bank_code=bank.code),
    ):
        with transaction.atomic(), pytest.raises(NetworkInTransactionError):
            call()


def test_its_records_are_listed_where_the_provider_says_so(side: Harness) -> None:
    provider, began = side.provider, timezone.now() - timedelta(minutes=1)

    def listed(kind: RecordKind) -> list[ProviderRecord]:
        return list(provider.records(kind=kind, since=began, until=timezone.now() + timedelta(minutes=1)))

    if not provider.capabilities.lists_records:
        with pytest.raises(UnsupportedError):
            listed(RecordKind.CHARGE)
        return
    reference = paid(side)
    side.decline(opened(side))
    sent = provider.refund(refund_of(side, reference, key="our-key-1", amount_minor=300_000))
    side.finish_refund(sent.provider_id)

    [charged], [refunded] = listed(RecordKind.CHARGE), listed(RecordKind.REFUND)

    verified = provider.verify(reference)
    assert (charged.reference, charged.provider_id) == (reference, verified.provider_id)
    assert (charged.state, charged.amount_minor) == (RecordState.MOVED, AMOUNT)
    assert (charged.currency, charged.fees_minor) == (side.currency, verified.fees_minor)
    assert (refunded.reference, refunded.provider_id) == ("our-key-1", sent.provider_id)
    assert (refunded.state, refunded.amount_minor) == (RecordState.MOVED, 300_000)
    with transaction.atomic(), pytest.raises(NetworkInTransactionError):
        listed(RecordKind.CHARGE)


def test_its_own_events_are_authentic_and_no_others(side: Harness) -> None:
    paid(side)
    event = side.last_event(EventKind.CHARGE_SUCCEEDED)
    is_authentic = side.provider.is_authentic
    [(header, signature)] = event.headers.items()

    assert is_authentic(body=event.body, headers=event.headers)
    assert not is_authentic(body=event.body + b" ", headers=event.headers)
    for forged in ("", "0" * len(signature), signature[:-1], signature.swapcase(), "Ω"):
        assert not is_authentic(body=event.body, headers={header: forged})
    assert not is_authentic(body=event.body, headers={})


def test_events_are_told_apart(side: Harness) -> None:
    reference = side.provider.references.new()
    capable = side.provider.capabilities
    kinds = {EventKind.CHARGE_SUCCEEDED, EventKind.REFUND_MOVED, EventKind.OTHER}
    kinds |= {EventKind.DISPUTE_MOVED} if capable.disputes else set()
    kinds |= {EventKind.TRANSFER_MOVED} if capable.transfers else set()

    for kind in kinds:
        event = side.provider.parse_event(body=side.sample_body(kind, reference=reference))
        assert event.kind == kind
        assert event.name
        assert reference in {event.reference, event.refund_key}


@pytest.mark.parametrize(
    "body", [b"", b"\xff\x00", b"[]", b"7", b"null", b"{}", b'{"event":7,"what":7}', b"[" * 100_000, b'{"a":' * 50_000]
)
def test_a_body_that_makes_no_sense_is_no_error(body: bytes, side: Harness) -> None:
    assert side.provider.parse_event(body=body) == UNREADABLE_EVENT


def test_an_answer_that_tells_nothing_leaves_the_outcome_unknown(side: Harness) -> None:
    reference = paid(side)
    side.fall_silent()

    with pytest.raises(ProviderUnavailableError):
        side.provider.verify(reference)
    assert side.provider.verify(reference).status == ChargeStatus.SUCCESS


def test_nobody_there_leaves_the_outcome_unknown(side: Harness) -> None:
    side.disappear()

    with pytest.raises(ProviderUnavailableError):
        side.provider.verify(side.provider.references.new())


def test_the_network_is_not_called_inside_a_transaction(side: Harness) -> None:
    provider, reference = side.provider, side.provider.references.new()

    for call in (
        lambda: provider.initialise(charge(side, reference)),
        lambda: provider.verify(reference),
        lambda: provider.refund(refund_of(side, reference, key="k", amount_minor=1)),
        lambda: provider.find_refunds(charge_id="1", since=timezone.now()),
        provider.balance,
    ):
        with transaction.atomic(), pytest.raises(NetworkInTransactionError):
            call()
    assert provider.verify(reference).status == ChargeStatus.NOT_KNOWN
