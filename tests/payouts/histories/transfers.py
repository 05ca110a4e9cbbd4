"""What a provider may say about the transfers of a run, in any order; and what that does to what shops are owed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from django.conf import settings

from gateway.transfers import TransferReport, TransferState
from kit.errors import DomainError
from payouts.models import Payout, PayoutProblem, PayoutRun, PayoutStatus, Place, RunStatus, Transfer
from payouts.runs.create import create_runs
from payouts.runs.errors import NothingToPayError
from payouts.runs.hold import close_problem, retry_payout
from payouts.runs.settle import settle_transfer
from tests.payouts.histories.history import History

FEE = 2_500
PAID = {Place.GONE, Place.LATE}
FAILURES = (
    *(TransferState.FAILED, TransferState.REVERSED, TransferState.ABANDONED),
    *(TransferState.BLOCKED, TransferState.REJECTED),
)


def make_runs(now: datetime) -> None:
    """Pay out what is available, and have all of it asked for."""
    with suppress(NothingToPayError):
        create_runs(now=now)
    sending = PayoutRun.objects.filter(status=RunStatus.SENDING)
    payouts = Payout.objects.filter(run__in=sending, status=PayoutStatus.PREPARED)
    transfers = Transfer.objects.filter(payout__in=payouts, state="prepared")
    ids = list(payouts.values_list("pk", flat=True))
    transfers.update(state="asked", asked_at=now, recipient="RCP_1")
    Payout.objects.filter(pk__in=ids).update(status=PayoutStatus.SENDING, status_at=now)


def hear_of(histories: Mapping[int, History], chance: random.Random, now: datetime) -> None:
    """Let the provider say something about each transfer: the end, another end, the same again, or nothing."""
    for transfer in Transfer.objects.select_related("payout").order_by("pk"):
        history = histories[transfer.payout.shop_id]
        state = _said_about(transfer, chance)
        if state is not None:
            for _ in range(chance.choice([1, 1, 2])):
                tell(history, transfer, state, now)
        elif transfer.place == Place.BACK and chance.random() < 0.3:
            _try_again(transfer, now)


def tell(history: History, transfer: Transfer, state: TransferState, now: datetime) -> None:
    """Have a report stored, and add up what it means."""
    before = Transfer.objects.get(pk=transfer.pk)
    report = TransferReport(
        transfer.reference, state, transfer.amount_minor, transfer.currency, "RCP_1", FEE, "TRF_1", is_live=False
    )
    settle_transfer(transfer_id=transfer.pk, report=report, now=now)
    was_paid = before.place in PAID
    if state == TransferState.SUCCESS and not was_paid:
        _paid(history, transfer.amount_minor, FEE, is_fee_owed=settings.PAYOUT_FEES_FROM_SHOPS)
    elif state in FAILURES and was_paid and before.state != state.value:
        _paid(history, -transfer.amount_minor, -FEE, is_fee_owed=before.is_fee_owed)


def _paid(history: History, amount: int, fee: int, *, is_fee_owed: bool) -> None:
    history.sums.paid_out += amount
    history.sums.transfer_fees += fee
    history.owed -= amount + (fee if is_fee_owed else 0)
    history.sums.fees_of_shops += fee if is_fee_owed else 0


def _said_about(transfer: Transfer, chance: random.Random) -> TransferState | None:
    """Return what is said about a transfer today."""
    if transfer.state in {"prepared", "cancelled"}:
        return None
    failure = chance.choice(FAILURES)
    said: dict[TransferState | None, int] = {TransferState.SUCCESS: 4, TransferState.REVERSED: 6, None: 90}
    if transfer.place == Place.SET_ASIDE:
        said = {TransferState.SUCCESS: 55, TransferState.PENDING: 10, None: 10, failure: 25}
    elif transfer.place == Place.BACK:
        said = {TransferState.SUCCESS: 6, None: 90, failure: 4}
    return chance.choices(list(said), weights=list(said.values()))[0]


def _try_again(transfer: Transfer, now: datetime) -> None:
    """Try a payout again, as an operator does; what can't be tried is left."""
    payout = Payout.objects.get(pk=transfer.payout_id)
    try:
        if payout.problem == PayoutProblem.PAID_LATE:
            close_problem(payout_id=payout.pk, now=now)
        else:
            retry_payout(payout_id=payout.pk, now=now)
    except DomainError:
        return
