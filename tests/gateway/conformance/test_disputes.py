"""Every adapter of a provider with disputes keeps the port's promises about them; every other one refuses them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from gateway.disputes import DisputeAnswer, DisputeEvidence, DisputeFile, DisputeMove, DisputeState, Resolution
from gateway.errors import ProviderRefusedError, ProviderUnavailableError, UnsupportedError
from gateway.events import EventKind
from gateway.guard import NetworkInTransactionError
from gateway.port import PaymentProvider
from tests.gateway.conformance.harness import Harness, harness_names, make_harness
from tests.gateway.conformance.test_conformance import AMOUNT, paid

pytestmark = pytest.mark.django_db
CLAIMED = 900_000
STATEMENT: dict[str, Any] = {
    "customer_email": "ada@example.com",
    "customer_name": "Ada Obi",
    "customer_phone": "+2348012345678",
    "service_details": "Two lengths of indigo cloth, delivered by courier.",
}
CALLS: list[Callable[[PaymentProvider], Any]] = [
    lambda provider: provider.find_dispute("1"),
    lambda provider: list(provider.disputes(since=timezone.now(), until=timezone.now())),
    lambda provider: provider.add_dispute_evidence(DisputeEvidence("1", **STATEMENT)),
    lambda provider: provider.upload_dispute_file(DisputeFile("1", b"%PDF-1.7 %%EOF", "application/pdf")),
    lambda provider: provider.answer_dispute(DisputeAnswer("1", True, "Ours", 1)),
]


@pytest.fixture(params=harness_names())
def any_side(request: pytest.FixtureRequest, db: None) -> Harness:
    """The provider's side, for each provider."""
    return make_harness(request.param, request)


@pytest.fixture
def side(any_side: Harness) -> Harness:
    """A side with disputes."""
    if not any_side.provider.capabilities.disputes:
        pytest.skip("has no disputes")
    return any_side


@pytest.mark.parametrize("call", CALLS)
def test_disputes_are_refused_without_them_and_never_asked_about_in_a_transaction(
    any_side: Harness, call: Callable[[PaymentProvider], Any]
) -> None:
    if not any_side.provider.capabilities.disputes:
        with pytest.raises(UnsupportedError):
            call(any_side.provider)
        return
    with transaction.atomic(), pytest.raises(NetworkInTransactionError):
        call(any_side.provider)
    any_side.fall_silent()
    with pytest.raises(ProviderUnavailableError):
        call(any_side.provider)


def test_a_dispute_is_told_found_and_listed(side: Harness) -> None:
    reference, began = paid(side), timezone.now() - timedelta(minutes=1)
    dispute_id = side.dispute(reference, CLAIMED)

    event = side.provider.parse_event(body=side.last_event(EventKind.DISPUTE_MOVED).body)
    assert (event.reference, event.dispute_id, event.dispute_move) == (reference, dispute_id, DisputeMove.CREATED)
    report = side.provider.find_dispute(dispute_id)
    assert report is not None
    assert (report.provider_id, report.reference, report.amount_minor) == (dispute_id, reference, CLAIMED)
    assert (report.currency, report.state, report.is_live) == (side.currency, DisputeState.AWAITING_ANSWER, False)
    assert report.due_at is not None
    assert report.due_at > timezone.now()
    assert [side.provider.find_dispute(each) for each in ("1", "of-another-provider", "")] == [None, None, None]
    listed = list(side.provider.disputes(since=began, until=timezone.now() + timedelta(minutes=1)))
    assert listed == [report]


@pytest.mark.parametrize("end", [DisputeState.WON, DisputeState.LOST])
def test_evidence_sends_a_dispute_to_the_bank_which_decides(side: Harness, end: DisputeState) -> None:
    dispute_id = side.dispute(paid(side), CLAIMED)
    provider = side.provider
    evidence_id = provider.add_dispute_evidence(
        DisputeEvidence(dispute_id, **STATEMENT, delivery_address="12 Broad Street", delivered_on=timezone.now().date())
    )
    name = provider.upload_dispute_file(DisputeFile(dispute_id, b"%PDF-1.7 %%EOF", "application/pdf"))
    answer = DisputeAnswer(dispute_id, False, "It was delivered", 0, name, evidence_id)

    provider.answer_dispute(answer)

    found = provider.find_dispute(dispute_id)
    assert found is not None
    assert found.state == DisputeState.WITH_BANK
    with pytest.raises(ProviderRefusedError):
        provider.answer_dispute(answer)
    side.decide(dispute_id, end)
    decided = provider.find_dispute(dispute_id)
    assert decided is not None
    assert (decided.state, decided.amount_minor) == (end, CLAIMED)
    assert decided.resolved_at is not None


def test_an_accepted_dispute_and_one_that_lapses_are_lost(side: Harness) -> None:
    for resolution, amount_minor in ((Resolution.ACCEPTED, 400_000), (Resolution.LAPSED, CLAIMED)):
        dispute_id = side.dispute(paid(side), CLAIMED)
        if resolution == Resolution.ACCEPTED:
            side.provider.answer_dispute(DisputeAnswer(dispute_id, True, "We agree", amount_minor))
        else:
            side.let_lapse(dispute_id)

        lost = side.provider.find_dispute(dispute_id)

        assert lost is not None
        assert (lost.state, lost.resolution, lost.amount_minor) == (DisputeState.LOST, resolution, amount_minor)
        assert amount_minor < AMOUNT


def test_an_answer_that_is_lost_has_acted_and_is_asked_about(side: Harness) -> None:
    dispute_id = side.dispute(paid(side), CLAIMED)
    side.lose_the_answer()

    with pytest.raises(ProviderUnavailableError):
        side.provider.answer_dispute(DisputeAnswer(dispute_id, True, "We agree", CLAIMED))

    found = side.provider.find_dispute(dispute_id)
    assert found is not None
    assert found.state == DisputeState.LOST
