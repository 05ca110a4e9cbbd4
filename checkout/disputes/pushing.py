"""Answers on their way to the provider, and disputes that are asked about again: none is answered twice on a guess."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from checkout.disputes.arriving import follow_report, refresh_dispute
from checkout.disputes.evidence import sale_evidence
from checkout.errors import UnknownDisputeError
from checkout.events import DisputeMoved
from gateway import get_provider
from gateway.disputes import DisputeAnswer as Asked
from gateway.disputes import DisputeFile, DisputeReport, DisputeState
from gateway.errors import ProviderError, ProviderRefusedError, ProviderUnavailableError
from gateway.guard import refuse_inside_transaction
from gateway.registry import provider_names
from kit.batches import batched
from kit.errors import DomainError
from kit.work import leased, outbox, rounds
from kit.work.jobs import wake
from payouts.disputes.answers import PUSH, note_refused, note_sent_parts, note_taken
from payouts.disputes.evidence import evidence_folder
from payouts.disputes.locks import lock_dispute
from payouts.disputes.steps import add_step
from payouts.models import UNDECIDED, AnswerState, Dispute, DisputeAnswer, DisputeStatus

logger = logging.getLogger(__name__)

LISTED_BACK = timedelta(days=7)  # events are sent again for three days; our own outage may be longer
ASKED_EVERY = timedelta(hours=1)
LOOKED_UP_AT_ONCE = 100  # as many as a provider lists on a page

ANSWERS = leased.Kind(
    model=DisputeAnswer,
    lease=timedelta(minutes=2),
    back_off=leased.BackOff(first=timedelta(minutes=1), cap=timedelta(minutes=30), factor=1.5),
    waiting=lambda _: Q(state=AnswerState.ASKED),
    given_up=lambda _: {"state": AnswerState.REFUSED},
    service="dispute__provider",
    silent=(ProviderUnavailableError,),
    expected=(ProviderRefusedError,),
)
DISPUTES = leased.Kind(
    model=Dispute,
    lease=timedelta(minutes=2),
    back_off=leased.BackOff(first=ASKED_EVERY, cap=ASKED_EVERY),
    waiting=lambda _: Q(status__in=UNDECIDED),
    given_up=lambda _: {},
    service="provider",
    silent=(ProviderUnavailableError,),
    expected=(ProviderRefusedError, DomainError),
)


def push_answers(*, now: datetime) -> int:
    """Send the answers that wait; return the number that the provider has taken or refused."""
    refuse_inside_transaction()
    pushed = rounds.work_through(ANSWERS, lambda answer: _push(answer, now), now=now)
    if not pushed.is_complete:
        wake(PUSH)
    return pushed.done


def ask_about_disputes(*, now: datetime) -> int:
    """Ask about the undecided disputes that are due; return the number that were answered."""
    refuse_inside_transaction()
    return rounds.work_through(DISPUTES, lambda dispute: _ask(dispute, now), now=now).done


def find_missed_disputes(*, now: datetime) -> int:
    """List the disputes of the last days, and follow those of which no event has told us; return their number.

    A provider that does not answer, or refuses, is listed by the next round, and keeps no other waiting.
    """
    refuse_inside_transaction()
    found = 0
    for name in provider_names():
        try:
            found += _find_missed(name, now)
        except ProviderError as error:
            logger.warning("Disputes at %s are listed the next time: %s", name, error)
    return found


def _find_missed(name: str, now: datetime) -> int:
    provider = get_provider(name)
    if not provider.capabilities.disputes:
        return 0
    listed = provider.disputes(since=now - LISTED_BACK, until=now)
    return sum(_follow_missed(name, reports, now) for reports in batched(listed, LOOKED_UP_AT_ONCE))


def _follow_missed(name: str, reports: Sequence[DisputeReport], now: datetime) -> int:
    """Follow those of some reports that say what we don't know; return their number."""
    rows = Dispute.objects.filter(provider=name, provider_id__in=[report.provider_id for report in reports])
    by_id, found = {row.provider_id: row for row in rows}, 0
    for report in reports:
        known = by_id.get(report.provider_id)
        if known is not None and (known.is_over or report.state == _state_of(known)):
            continue
        try:
            follow_report(provider=name, report=report, now=now)
        except DomainError:
            continue  # of no payment of ours: its event is in the inbox with the reason
        found += 1
    return found


def remind_of_disputes(*, now: datetime) -> int:
    """Remind of the disputes whose time to answer is nearly over, each once; return their number."""
    near = now + timedelta(hours=settings.DISPUTE_REMINDER_HOURS)
    due = Dispute.objects.filter(
        status=DisputeStatus.OPEN, reminded_at__isnull=True, answer_by__lte=near, answer_by__gt=now
    )
    ids = list(due.order_by("answer_by", "id").values_list("id", flat=True)[:500])
    return sum(_remind(dispute_id, now) for dispute_id in ids)


def _remind(dispute_id: UUID, now: datetime) -> bool:
    with transaction.atomic():
        dispute = lock_dispute(dispute_id=dispute_id)
        has_answer = dispute.answers.exclude(state=AnswerState.REFUSED).exists()
        if dispute.reminded_at is not None or has_answer or not dispute.is_answerable(now):
            return False
        dispute.reminded_at = now
        add_step(dispute, "reminded", now=now)
        dispute.save(update_fields=["reminded_at", "steps"])
        outbox.emit(DisputeMoved(dispute.pk, "reminded", now), now=now)
    return True


def _ask(dispute: Dispute, now: datetime) -> None:
    refresh_dispute(provider=dispute.provider, dispute_id=dispute.provider_id, now=now)
    leased.put_off(DISPUTES, dispute, now=now, retry_after=int(ASKED_EVERY.total_seconds()))


def _push(answer: DisputeAnswer, now: datetime) -> None:
    """Ask about the dispute, and answer it only if it still waits: a lost answer had its effect, or it had not."""
    dispute = Dispute.objects.get(pk=answer.dispute_id)
    provider = get_provider(dispute.provider)
    report = provider.find_dispute(dispute.provider_id)
    if report is None:
        raise UnknownDisputeError
    if report.state == DisputeState.AWAITING_ANSWER:
        try:
            provider.answer_dispute(_asked(answer, dispute))
        except ProviderRefusedError as refusal:
            note_refused(answer_id=answer.pk, note=str(refusal), now=now)
            return
    note_taken(answer_id=answer.pk, now=now)
    refresh_dispute(provider=dispute.provider, dispute_id=dispute.provider_id, now=now)


def _asked(answer: DisputeAnswer, dispute: Dispute) -> Asked:
    """Send the file and the statement of an answer, unless they were sent before, then return the answer."""
    provider, dispute_id = get_provider(dispute.provider), dispute.provider_id
    file_name, evidence_id = answer.provider_file, answer.provider_evidence
    if not answer.is_accepted:
        if answer.evidence is not None and not file_name:
            piece = answer.evidence
            with evidence_folder(dispute.pk).open(piece.file) as file:
                content = file.read()
            file_name = provider.upload_dispute_file(DisputeFile(dispute_id, content, piece.content_type))
            note_sent_parts(answer_id=answer.pk, provider_file=file_name, provider_evidence=evidence_id)
        if not evidence_id:
            evidence_id = provider.add_dispute_evidence(sale_evidence(dispute, statement=answer.statement))
            note_sent_parts(answer_id=answer.pk, provider_file=file_name, provider_evidence=evidence_id)
    return Asked(
        dispute_id=dispute_id,
        is_accepted=answer.is_accepted,
        message=f"{answer.statement[:900]} ({answer.pk})",
        amount_minor=answer.amount_minor,
        file_name=file_name,
        evidence_id=evidence_id,
    )


def _state_of(dispute: Dispute) -> DisputeState:
    return DisputeState.WITH_BANK if dispute.status == DisputeStatus.WITH_BANK else DisputeState.AWAITING_ANSWER
