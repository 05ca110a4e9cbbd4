"""Acts of operators on one payout: hold, release, send again, close its problem."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gateway.registry import get_provider
from kit.work.jobs import wake
from payouts.models import (
    HAND,
    Payout,
    PayoutRun,
    PayoutStatus,
    Place,
    RunStatus,
    Transfer,
    TransferStatus,
)
from payouts.runs.create import PUSH
from payouts.runs.errors import (
    BalanceChangedError,
    HandPaymentWaitingError,
    NothingToSolveError,
    PayoutNotHeldError,
    PayoutNotHoldableError,
    PayoutNotRetriableError,
)
from payouts.runs.locks import last_transfer, lock_payout, lock_run
from payouts.runs.money import set_aside_again
from payouts.runs.step_conditions import check_retriable
from payouts.services.journals import post
from payouts.services.shop_money import lock_shop_money


def hold_payout(*, payout_id: UUID, actor_id: int, reason: str, now: datetime) -> Payout:
    """Keep a payout from being sent; its money stays set aside.

    Raises:
        NotFoundError: there is none.
        PayoutNotHoldableError: it was sent, or has ended.
    """
    with transaction.atomic():
        payout = lock_payout(payout_id=payout_id)
        if payout.status != PayoutStatus.PREPARED:
            raise PayoutNotHoldableError
        payout.status, payout.status_at = PayoutStatus.HELD, now
        payout.hold_reason, payout.held_by_id = reason, actor_id
        payout.save(update_fields=["status", "status_at", "hold_reason", "held_by"])
    return payout


def release_payout(*, payout_id: UUID, now: datetime) -> Payout:
    """Let a held payout be sent with its run.

    Raises:
        NotFoundError: there is none.
        PayoutNotHeldError: it is not held.
        HandPaymentWaitingError: it is held because a payment by hand waits for a second person.
    """
    with transaction.atomic():
        payout = lock_with_run(payout_id)
        if payout.status != PayoutStatus.HELD:
            raise PayoutNotHeldError
        if last_transfer(payout).provider == HAND:
            raise HandPaymentWaitingError
        payout.status, payout.status_at, payout.hold_reason, payout.held_by_id = PayoutStatus.PREPARED, now, "", None
        payout.save(update_fields=["status", "status_at", "hold_reason", "held_by"])
        _resume(payout.run)
    return payout


def retry_payout(*, payout_id: UUID, now: datetime) -> Payout:
    """Try an unsuccessful payout again: with a new reference, to the account that the shop has now.

    Raises:
        NotFoundError: there is none.
        PayoutNotRetriableError: its last transfer has not failed for good.
        NoPayableAccountError: the shop has no bank account that may be paid to.
        OtherPayoutOpenError: another payout of the shop is not over.
        BalanceChangedError: the shop's available balance does not cover it any more.
    """
    with transaction.atomic():
        payout = lock_with_run(payout_id)
        account = check_retriable(payout, now=now)
        money = lock_shop_money(shop_id=payout.shop_id, currency=payout.currency)
        if money.available_minor < payout.amount_minor:
            raise BalanceChangedError
        payout.bank_account, payout.status, payout.status_at = account, PayoutStatus.PREPARED, now
        payout.problem = payout.note = ""
        payout.save(update_fields=["bank_account", "status", "status_at", "problem", "note"])
        transfer = _next_attempt(payout, last_transfer(payout), now)
        post(set_aside_again(payout, transfer, now=now))
        _resume(payout.run)
    return payout


def close_problem(*, payout_id: UUID, now: datetime) -> Payout:
    """Take a payout off the list of problems that a person has solved elsewhere; nothing else about it changes.

    Raises:
        NotFoundError: there is none.
        NothingToSolveError: it has no problem.
    """
    with transaction.atomic():
        payout = lock_payout(payout_id=payout_id)
        if not payout.problem:
            raise NothingToSolveError
        payout.problem, payout.status_at = "", now
        payout.save(update_fields=["problem", "status_at"])
    return payout


def lock_with_run(payout_id: UUID) -> Payout:
    """Lock a payout behind its run, whose status decides about it too; needs an open transaction."""
    run_id = Payout.objects.filter(pk=payout_id).values_list("run_id", flat=True).first()
    run = lock_run(run_id=run_id) if run_id else None
    payout = lock_payout(payout_id=payout_id)
    if run is not None:
        payout.run = run
    return payout


def _resume(run: PayoutRun) -> None:
    """Have an ended run sent again; one that waits for approval goes on waiting."""
    if run.status in {RunStatus.DONE, RunStatus.SENDING}:
        run.status, run.ended_at, run.due_at, run.attempts = RunStatus.SENDING, None, None, 0
        run.save(update_fields=["status", "ended_at", "due_at", "attempts"])
        wake(PUSH)


def _next_attempt(payout: Payout, before: Transfer, now: datetime) -> Transfer:
    provider = payout.run.provider  # not the one before's, which may have been by hand
    facts = get_provider(provider).transfers
    if facts is None:
        raise PayoutNotRetriableError
    return Transfer.objects.create(
        payout=payout,
        attempt=before.attempt + 1,
        provider=provider,
        reference=facts.references.new(),
        amount_minor=payout.amount_minor,
        currency=payout.currency,
        state=TransferStatus.PREPARED,
        place=Place.SET_ASIDE,
        created_at=now,
    )
