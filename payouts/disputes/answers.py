"""Answers to disputes, committed before the provider is asked, and what the provider made of them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from kit.errors import Fault, InvalidInputError
from kit.work.jobs import wake
from payouts.disputes.evidence import check_answerable, find_evidence
from payouts.disputes.locks import lock_dispute
from payouts.disputes.steps import add_step
from payouts.models import AnswerState, Dispute, DisputeAnswer

PUSH = "checkout.tasks.push_disputes"


def decline_dispute(
    *, dispute_id: UUID, actor_id: int, statement: str, evidence_id: UUID | None, now: datetime
) -> DisputeAnswer:
    """Decline a dispute with a statement and a file; a task sends it to the provider.

    Raises:
        NotFoundError: there is no such dispute, or no such file.
        InvalidInputError: the statement is empty.
        DisputeOverError: it is decided.
        DisputeAnsweredError: it was answered, or another answer is on its way.
        DisputeOverdueError: the time to answer is over.
    """
    return _answer(dispute_id, actor_id, statement, now, evidence_id=evidence_id)


def accept_dispute(
    *, dispute_id: UUID, actor_id: int, reason: str, amount_minor: int | None, now: datetime
) -> DisputeAnswer:
    """Accept a dispute, or an amount of it: the buyer gets that back; a task tells the provider.

    Raises:
        NotFoundError: there is no such dispute.
        InvalidInputError: the reason is empty, or the amount more than what is claimed.
        DisputeOverError: it is decided.
        DisputeAnsweredError: it was answered, or another answer is on its way.
        DisputeOverdueError: the time to answer is over.
    """
    return _answer(dispute_id, actor_id, reason, now, is_accepted=True, amount_minor=amount_minor)


def _answer(
    dispute_id: UUID,
    actor_id: int,
    statement: str,
    now: datetime,
    *,
    is_accepted: bool = False,
    amount_minor: int | None = None,
    evidence_id: UUID | None = None,
) -> DisputeAnswer:
    if not statement.strip():
        message = gettext("Give a reason.")
        raise InvalidInputError(message, details={"statement": [Fault(message, "required")]})
    with transaction.atomic():
        dispute = lock_dispute(dispute_id=dispute_id)
        check_answerable(dispute, now)
        if evidence_id is not None:
            find_evidence(dispute_id=dispute_id, evidence_id=evidence_id)
        answer: DisputeAnswer = DisputeAnswer.objects.create(
            dispute=dispute,
            state=AnswerState.ASKED,
            is_accepted=is_accepted,
            statement=statement,
            amount_minor=_given_up(dispute, amount_minor) if is_accepted else 0,
            evidence_id=evidence_id,
            answered_by_id=actor_id,
            created_at=now,
        )
        add_step(dispute, "accepting" if is_accepted else "answering", now=now, by_id=actor_id)
        dispute.save(update_fields=["steps"])
        wake(PUSH)
    return answer


def note_taken(*, answer_id: UUID, now: datetime) -> None:
    """Write that the provider has an answer, once."""
    _settle(answer_id, AnswerState.TAKEN, "", now)


def note_refused(*, answer_id: UUID, note: str, now: datetime) -> None:
    """Write that the provider has refused an answer; another can be given while there is time."""
    _settle(answer_id, AnswerState.REFUSED, note, now)


def note_sent_parts(*, answer_id: UUID, provider_file: str, provider_evidence: str) -> None:
    """Keep the provider's names of what was sent before an answer."""
    asked = DisputeAnswer.objects.filter(pk=answer_id, state=AnswerState.ASKED)
    asked.update(provider_file=provider_file, provider_evidence=provider_evidence)


def _settle(answer_id: UUID, state: AnswerState, note: str, now: datetime) -> None:
    dispute_id = DisputeAnswer.objects.values_list("dispute_id", flat=True).get(pk=answer_id)
    with transaction.atomic():
        dispute = lock_dispute(dispute_id=dispute_id)
        changed = DisputeAnswer.objects.filter(pk=answer_id, state=AnswerState.ASKED)
        if not changed.update(state=state, note=note[:200], due_at=None, leased_until=None):
            return
        add_step(dispute, "answered" if state == AnswerState.TAKEN else "refused", now=now, text=note)
        dispute.save(update_fields=["steps"])


def _given_up(dispute: Dispute, amount_minor: int | None) -> int:
    most = dispute.claimed_minor
    given = most if amount_minor is None else amount_minor
    if not 0 < given <= most:
        message = gettext("Enter an amount above zero and no higher than the claim.")
        raise InvalidInputError(message, details={"amount_minor": [Fault(message, "over_claim")]})
    return given
