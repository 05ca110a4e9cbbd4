"""Approval of a run by a second person, or its end without being sent."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kit.work.jobs import wake
from payouts.models import HAND, Payout, PayoutRun, PayoutStatus, RunStatus
from payouts.runs.create import PUSH
from payouts.runs.errors import RunNotWaitingError, SamePersonError
from payouts.runs.locks import last_transfer, lock_payouts, lock_run
from payouts.runs.settle import end_unsent


def approve_run(*, run_id: UUID, actor_id: int, now: datetime) -> PayoutRun:
    """Let a run be sent.

    Raises:
        NotFoundError: there is none.
        RunNotWaitingError: it does not wait for approval.
        SamePersonError: the person who made it has to be another.
    """
    with transaction.atomic():
        run = _lock_waiting(run_id)
        if run.created_by_id == actor_id:
            raise SamePersonError
        run.status, run.approved_by_id, run.approved_at = RunStatus.SENDING, actor_id, now
        run.save(update_fields=["status", "approved_by", "approved_at"])
        wake(PUSH)
    return run


def cancel_run(*, run_id: UUID, now: datetime) -> PayoutRun:
    """End a run that waits for approval; its money is available to its shops again, but for what was paid by hand.

    Raises:
        NotFoundError: there is none.
        RunNotWaitingError: it does not wait for approval.
    """
    with transaction.atomic():
        run = _lock_waiting(run_id)
        ids = list(Payout.objects.filter(run=run).values_list("pk", flat=True))
        for payout in lock_payouts(payout_ids=ids):
            if payout.status in {PayoutStatus.PREPARED, PayoutStatus.HELD} and last_transfer(payout).provider != HAND:
                end_unsent(payout, status=PayoutStatus.CANCELLED, note="", now=now)
        run.status, run.ended_at = RunStatus.CANCELLED, now
        run.save(update_fields=["status", "ended_at"])
    return run


def _lock_waiting(run_id: UUID) -> PayoutRun:
    run = lock_run(run_id=run_id)
    if run.status != RunStatus.WAITING:
        raise RunNotWaitingError
    return run
