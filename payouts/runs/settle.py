"""Results of transfers: what a provider reports is stored and booked, once, in any order."""

import logging
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction

from gateway.registry import get_provider
from gateway.transfers import OPEN_STATES, TransferReport, TransferState
from kit.money import Money
from payouts.models import (
    UNDER_WAY,
    Payout,
    PayoutProblem,
    PayoutStatus,
    Place,
    Transfer,
    TransferStatus,
)
from payouts.runs.letters import tell_payout_moved
from payouts.runs.locks import last_transfer, lock_payout
from payouts.runs.money import book_back, book_paid
from payouts.stored_sentences import TRANSFER_OTHERWISE

logger = logging.getLogger(__name__)


def settle_transfer(*, transfer_id: int, report: TransferReport, now: datetime) -> Transfer:
    """Store a report of a transfer, and book its money where it has moved.

    A transfer that succeeds after its money was available again is booked all the same, and left to a person; so is a
    report about other money than was sent, of which nothing is booked.
    """
    payout_id = Transfer.objects.values_list("payout_id", flat=True).get(pk=transfer_id)
    with transaction.atomic():
        payout = lock_payout(payout_id=payout_id)
        transfer = Transfer.objects.get(pk=transfer_id)
        if report.state == TransferState.NOT_KNOWN or transfer.state == report.state.value:
            return transfer
        if not _is_about(report, transfer):
            return _leave(payout, transfer, PayoutProblem.MISMATCH, _described(report))
        transfer.provider_id, transfer.message = report.provider_id, report.message
        if report.state in OPEN_STATES:
            _open(payout, transfer, report)
        elif report.state == TransferState.SUCCESS:
            _succeed(payout, transfer, report, now)
        else:
            _come_back(payout, transfer, report, now)
    return transfer


def note_open(reports: Sequence[TransferReport], *, now: datetime) -> None:
    """Store the reports of a bulk call that are not final, one statement for each state."""
    for state, some in groupby(sorted(reports, key=lambda report: report.state), key=lambda report: report.state):
        references = [report.reference for report in some]
        asked = Transfer.objects.filter(reference__in=references, state=TransferStatus.ASKED)
        asked.update(state=state.value)
        if state == TransferState.OTP:
            found = Payout.objects.filter(transfers__reference__in=references, status=PayoutStatus.SENDING)
            found.update(problem=PayoutProblem.OTP, status_at=now)


def end_unsent(
    payout: Payout, *, status: PayoutStatus, note: str, now: datetime, problem: PayoutProblem | None = None
) -> None:
    """End a payout of which nothing was asked of the provider; its row is locked, its money is available again."""
    transfer = last_transfer(payout)
    if transfer.state != TransferStatus.PREPARED:
        raise ValueError(f"Transfer {transfer.reference} was asked for.")
    transfer.state, transfer.ended_at, transfer.message = TransferStatus.CANCELLED, now, note[:200]
    _set(payout, status, now, problem=problem or "", note=note)
    tell_payout_moved(payout, now=now)
    book_back(payout, transfer, at=now, now=now)
    _save(transfer)


def end_unknown(payout: Payout, transfer: Transfer, *, note: str, now: datetime) -> None:
    """End a transfer that its provider has not known for long and that is not sent again; the payout's row is locked.

    Its money is available again. One that is paid all the same is booked as paid late.
    """
    transfer.state, transfer.ended_at, transfer.message = TransferStatus.FAILED, now, note[:200]
    _set(payout, PayoutStatus.FAILED, now, problem=PayoutProblem.FAILED, note=note)
    tell_payout_moved(payout, now=now)
    book_back(payout, transfer, at=now, now=now)
    _save(transfer)


def _is_about(report: TransferReport, transfer: Transfer) -> bool:
    is_live = get_provider(transfer.provider).is_live
    return (
        (report.amount_minor, report.currency) == (transfer.amount_minor, transfer.currency)
        and report.recipient in {"", transfer.recipient}
        and report.is_live in {None, is_live}
    )


def _open(payout: Payout, transfer: Transfer, report: TransferReport) -> None:
    if transfer.state not in UNDER_WAY:
        logger.warning("Transfer %s is %s again after its end.", transfer.reference, report.state)
        return
    transfer.state = report.state.value
    _save(transfer)
    problem = PayoutProblem.OTP if report.state == TransferState.OTP else ""
    if problem or payout.problem in {PayoutProblem.OTP, PayoutProblem.REFUSED}:
        payout.problem = problem
        payout.save(update_fields=["problem"])


def _succeed(payout: Payout, transfer: Transfer, report: TransferReport, now: datetime) -> None:
    if report.fees_minor is None:
        return  # a later question tells the fee; without it nothing is booked
    is_late = transfer.place == Place.BACK
    transfer.state, transfer.fees_minor, transfer.ended_at = TransferStatus.SUCCESS, report.fees_minor, now
    if is_late:
        _leave_late(payout, transfer, now)
    else:
        _set(payout, PayoutStatus.PAID, now)
        tell_payout_moved(payout, now=now)
    book_paid(payout, transfer, at=report.moved_at or now, now=now)
    _save(transfer)


def _come_back(payout: Payout, transfer: Transfer, report: TransferReport, now: datetime) -> None:
    if transfer.place == Place.BACK:
        return  # another way to say that nothing was paid
    is_current = last_transfer(payout).pk == transfer.pk
    was_paid = transfer.place in {Place.GONE, Place.LATE}
    transfer.state, transfer.ended_at = TransferStatus(report.state.value), now
    if is_current:
        status = PayoutStatus.REVERSED if was_paid or report.state == TransferState.REVERSED else PayoutStatus.FAILED
        problem = PayoutProblem.REVERSED if status == PayoutStatus.REVERSED else PayoutProblem.FAILED
        _set(payout, status, now, problem=problem, note=report.message)
        tell_payout_moved(payout, now=now)
    book_back(payout, transfer, at=report.moved_at or now, now=now)
    _save(transfer)


def _leave_late(payout: Payout, transfer: Transfer, now: datetime) -> None:
    """Leave a late success to a person; another attempt that was not asked for yet is not made any more."""
    logger.error("Transfer %s was paid after its money had come back.", transfer.reference)
    last = last_transfer(payout)
    status = PayoutStatus(payout.status)
    if last.pk == transfer.pk or last.state == TransferStatus.PREPARED:
        status = PayoutStatus.PAID
    if last.state == TransferStatus.PREPARED:
        last.state, last.ended_at = TransferStatus.CANCELLED, now
        book_back(payout, last, at=now, now=now)
        _save(last)
    _set(payout, status, now, problem=PayoutProblem.PAID_LATE, note=transfer.message)


def _leave(payout: Payout, transfer: Transfer, problem: PayoutProblem, note: str) -> Transfer:
    logger.error("Transfer %s needs a look: %s", transfer.reference, note)
    payout.problem, payout.note = problem, note[:200]
    payout.save(update_fields=["problem", "note"])
    return transfer


def _described(report: TransferReport) -> str:
    said = Money(report.amount_minor, report.currency)
    return TRANSFER_OTHERWISE.written(state=report.state, amount=said, recipient=report.recipient or "–")


def _set(payout: Payout, status: PayoutStatus, now: datetime, *, problem: str = "", note: str = "") -> None:
    payout.status, payout.status_at, payout.problem, payout.note = status, now, problem, note[:200]
    payout.save(update_fields=["status", "status_at", "problem", "note"])


def _save(transfer: Transfer) -> None:
    names = ["state", "place", "moves", "fees_minor", "is_fee_owed", "provider_id", "message", "ended_at"]
    transfer.save(update_fields=names)
