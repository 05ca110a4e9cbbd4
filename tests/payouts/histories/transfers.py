"""What a provider may say about the transfers of a run, in any order; and what that does to what shops are owed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
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
from tests.payouts.histories.purses import Purse
from tests.payouts.histories.reckoning import Books

FEE = 2_500
PAID = {Place.GONE, Place.LATE}
FAILURES = (
    *(TransferState.FAILED, TransferState.REVERSED, TransferState.ABANDONED),
    *(TransferState.BLOCKED, TransferState.REJECTED),
)
Purses = Mapping[int, tuple[Purse, Books]]


def make_runs(purses: Purses, now: datetime) -> Iterator[str]:
    """Pay out what is available, and have all of it asked for; yield the payouts that should be others."""
    with suppress(NothingToPayError):
        create_runs(now=now)
    made = dict(Payout.objects.filter(created_at=now).values_list("shop_id", "amount_minor"))
    for shop_id, (purse, _) in purses.items():
        amount = purse.set_aside()
        if made.get(shop_id, 0) != amount:
            yield f"shop {shop_id} is paid {made.get(shop_id, 0)}, not {amount}"
    sending = PayoutRun.objects.filter(status=RunStatus.SENDING)
    payouts = Payout.objects.filter(run__in=sending, status=PayoutStatus.PREPARED)
    transfers = Transfer.objects.filter(payout__in=payouts, state="prepared")
    ids = list(payouts.values_list("pk", flat=True))
    transfers.update(state="asked", asked_at=now, recipient="RCP_1")
    Payout.objects.filter(pk__in=ids).update(status=PayoutStatus.SENDING, status_at=now)


def hear_of(purses: Purses, chance: random.Random, now: datetime) -> None:
    """Let the provider say something about each transfer: the end, another end, the same again, or nothing."""
    for transfer in Transfer.objects.select_related("payout").order_by("pk"):
        purse, books = purses[transfer.payout.shop_id]
        state = _said_about(transfer, chance)
        if state is not None:
            for _ in range(chance.choice([1, 1, 2])):
                tell(purse, books, transfer, state, now)
        elif transfer.place == Place.BACK and chance.random() < 0.3:
            _try_again(purse, transfer, now)


def tell(purse: Purse, books: Books, transfer: Transfer, state: TransferState, now: datetime) -> None:
    """Have a report stored, and write on paper what it means."""
    before = Place(transfer.place)
    report = TransferReport(
        transfer.reference, state, transfer.amount_minor, transfer.currency, "RCP_1", FEE, "TRF_1", is_live=False
    )
    settled = settle_transfer(transfer_id=transfer.pk, report=report, now=now)
    amount, from_shop = transfer.amount_minor, bool(settings.PAYOUT_FEES_FROM_SHOPS)
    if state == TransferState.SUCCESS and before not in PAID:
        purse.paid(amount, FEE if from_shop else 0, is_late=before == Place.BACK)
        transfer.is_fee_owed = from_shop
        books.pay_out(transfer.provider, amount, FEE, from_shop=from_shop)
    elif state in FAILURES and before in PAID:
        purse.came_back(amount, FEE if transfer.is_fee_owed else 0, was_paid=True)
        books.pay_out(transfer.provider, -amount, -FEE, from_shop=transfer.is_fee_owed)
    elif state in FAILURES and before == Place.SET_ASIDE:
        purse.came_back(amount, 0, was_paid=False)
    transfer.place = settled.place


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


def _try_again(purse: Purse, transfer: Transfer, now: datetime) -> None:
    """Try a payout again, as an operator does; what can't be tried is left."""
    payout = Payout.objects.get(pk=transfer.payout_id)
    try:
        if payout.problem == PayoutProblem.PAID_LATE:
            close_problem(payout_id=payout.pk, now=now)
        else:
            retry_payout(payout_id=payout.pk, now=now)
            purse.send_again(payout.amount_minor)
    except DomainError:
        return
