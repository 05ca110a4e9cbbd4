"""What a bank may claim of a payment, and what is said of it afterwards, in any order and more than once."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from checkout.disputes.arriving import follow_report
from gateway.disputes import DisputeReport, DisputeState, Resolution
from kit.errors import DomainError
from kit.ids import uuid7
from payouts.disputes.answers import accept_dispute, decline_dispute, note_refused, note_taken
from payouts.disputes.evidence import Statement, add_evidence
from payouts.models import Dispute
from tests.payouts.histories.reckoning import Books, Claim
from tests.payouts.histories.selling import TWICE, Sold

FIRST_HEARD = {
    DisputeState.AWAITING_ANSWER: 12,
    DisputeState.WITH_BANK: 1,
    DisputeState.WON: 1,
    DisputeState.LOST: 2,
}
ENDS = {DisputeState.WON: None, DisputeState.LOST: Resolution.LAPSED}


def dispute(chance: random.Random, sold: Sold, books: Books, now: datetime) -> None:
    """Have a new claim heard of, at its beginning or later: of the payment, of what is left of it, or of some of it."""
    assert sold.payment is not None
    captured, left = sold.sale.captured, sold.sale.left
    claimed = chance.choice([captured, captured, max(left, 1), chance.randint(1, captured), captured + 1])
    state = chance.choices(list(FIRST_HEARD), weights=list(FIRST_HEARD.values()))[0]
    report = DisputeReport(
        provider_id=uuid7().hex,
        reference=sold.payment.reference,
        amount_minor=claimed,
        currency=sold.payment.currency,
        state=state,
        claim="It has not arrived",
        due_at=now + timedelta(hours=16),
        resolution=ENDS.get(state),
    )
    _tell(chance, report, now)
    claim = books.claim(sold.sale, claimed)
    claim.report = report
    _end(sold, claim, report, books)


def decide(chance: random.Random, sold: Sold, books: Books, *, operator_id: int, now: datetime) -> None:
    """Let something be said of a claim: evidence, an answer, a reminder, the end, or after it another one."""
    claim = chance.choice(sold.sale.undecided or sold.sale.claims)
    assert claim.report is not None
    state = chance.choice([*DisputeState, DisputeState.WON, DisputeState.LOST])
    taken = chance.choice([claim.claimed, claim.claimed, chance.randint(1, claim.claimed), claim.claimed + 1])
    accepted = min(taken, claim.claimed) if state == DisputeState.LOST else None
    is_answered = chance.random() < 0.3 and _answer(chance, claim, accepted, operator_id, now)
    said = replace(claim.report, state=state, resolution=ENDS.get(state))
    if state == DisputeState.LOST:
        said = replace(said, amount_minor=taken, resolution=Resolution.ACCEPTED if is_answered else Resolution.LAPSED)
    _tell(chance, said, now)
    _end(sold, claim, said, books)


def _tell(chance: random.Random, report: DisputeReport, now: datetime) -> None:
    for _ in range(1 + (chance.random() < TWICE)):
        follow_report(provider="paystack", report=report, now=now, is_reminder=chance.random() < TWICE)


def _end(sold: Sold, claim: Claim, said: DisputeReport, books: Books) -> None:
    if claim.is_undecided and said.state in ENDS:
        books.decide(sold.sale, claim, said.amount_minor if said.state == DisputeState.LOST else 0)


def _answer(chance: random.Random, claim: Claim, accepted: int | None, operator_id: int, now: datetime) -> bool:
    """Give evidence and an answer, which move no money; return whether they were taken in time."""
    assert claim.report is not None
    found = Dispute.objects.get(provider_id=claim.report.provider_id)
    with suppress(DomainError):
        statement = Statement(None, operator_id, "It was signed for.")
        evidence = add_evidence(dispute_id=found.pk, statement=statement, now=now)
        who: dict[str, Any] = {"dispute_id": found.pk, "actor_id": operator_id, "now": now}
        if accepted is None:
            answer = decline_dispute(**who, statement=evidence.text, evidence_id=None)
        else:
            answer = accept_dispute(**who, reason="It was lost", amount_minor=accepted)
        if chance.random() < 0.8:
            note_taken(answer_id=answer.pk, now=now)
        else:
            note_refused(answer_id=answer.pk, note="Not now", now=now)
        return True
    return False
