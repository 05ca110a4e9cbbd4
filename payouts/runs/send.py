"""Sending runs: a call for up to as many transfers as the provider takes, committed as asked for before it is made."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext, gettext_noop

from gateway.errors import BalanceTooLowError, OtpRequiredError, ProviderRefusedError, ProviderUnavailableError
from gateway.guard import refuse_inside_transaction
from gateway.registry import get_provider
from gateway.transfers import OPEN_STATES, TransferRequest
from kit.work import leased, rounds
from kit.work.jobs import wake
from payouts.models import (
    Payout,
    PayoutProblem,
    PayoutRun,
    PayoutStatus,
    RunStatus,
    Transfer,
    TransferStatus,
)
from payouts.runs.call_intervals import wait_for_turn
from payouts.runs.create import PUSH
from payouts.runs.locks import lock_payouts
from payouts.runs.recipients import registered
from payouts.runs.settle import end_unsent, note_open, settle_transfer
from tenants.life.lifecycle import may_be_paid_out

LEASE = timedelta(minutes=4)
SECONDS = 60.0  # of one run in one round
WATCHED_EVERY = timedelta(minutes=1)

# Never given up for its failures: the money is set aside. A refused call is shown to people, and tried again.
RUNS = leased.Kind(
    model=PayoutRun,
    lease=LEASE,
    back_off=leased.BackOff(first=timedelta(seconds=30), cap=timedelta(minutes=30)),
    waiting=lambda _: Q(status=RunStatus.SENDING),
    given_up=lambda now: {"status": RunStatus.DONE, "ended_at": now},
    service="provider",
    silent=(ProviderUnavailableError,),
    expected=(ProviderRefusedError,),
)


def send_runs(*, now: datetime) -> int:
    """Send the runs under way; return the number of runs that were worked on."""
    refuse_inside_transaction()
    sent = rounds.work_through(RUNS, lambda run: _send(run, now), now=now)
    if not sent.is_complete:
        wake(PUSH)
    return sent.done


def _send(run: PayoutRun, now: datetime) -> None:
    """Make the calls of a run until nothing is prepared, or the time is over.

    Raises:
        ProviderRefusedError: a call was refused as a whole; nothing of it was sent, and all of it is prepared again.
        ProviderUnavailableError: a call has no clear answer; its transfers are asked about one by one.
    """
    ends_at = time.monotonic() + SECONDS
    facts = get_provider(run.provider).transfers
    if facts is None:
        raise ProviderRefusedError(gettext_noop("This provider sends no transfers any more."))
    while time.monotonic() < ends_at:
        transfers = _next(run, most=facts.most_at_once, now=now)
        if transfers is None:
            _end_or_wait(run, now)
            return
        if transfers:
            wait_for_turn(provider=run.provider, pause_seconds=facts.pause_seconds)
            _call(run, transfers, now)
    _go_on(run, now)


def _next(run: PayoutRun, *, most: int, now: datetime) -> list[Transfer] | None:
    """Return the next transfers, marked as asked for; None where nothing is prepared."""
    prepared = Payout.objects.filter(run=run, status=PayoutStatus.PREPARED).select_related("bank_account")
    payouts = list(prepared.order_by("id")[:most])
    if not payouts:
        return None
    codes, refused = registered([payout.bank_account for payout in payouts], provider=run.provider, now=now)
    answered = [payout.pk for payout in payouts if payout.bank_account_id in codes.keys() | refused.keys()]
    if not answered:
        raise ProviderUnavailableError(gettext_noop("No bank account could be registered."))
    return _mark(answered, codes, refused, now)


@transaction.atomic
def _mark(payout_ids: Sequence[UUID], codes: dict[int, str], refused: dict[int, str], now: datetime) -> list[Transfer]:
    """Mark transfers as asked for; payouts that must not be sent any more end, and their money is available again."""
    ready: list[Payout] = []
    for payout in lock_payouts(payout_ids=payout_ids):
        if payout.status != PayoutStatus.PREPARED or payout.run.status != RunStatus.SENDING:
            continue
        account = payout.bank_account
        if account.pk in refused:
            why, problem = refused[account.pk], PayoutProblem.ACCOUNT
            end_unsent(payout, status=PayoutStatus.FAILED, note=why, problem=problem, now=now)
        elif why := reason_not_to_send(payout, now):
            end_unsent(payout, status=PayoutStatus.CANCELLED, note=why, now=now)
        else:
            ready.append(payout)
    by_account = {payout.pk: codes[payout.bank_account_id] for payout in ready}
    Payout.objects.filter(pk__in=by_account).update(status=PayoutStatus.SENDING, status_at=now, problem="")
    transfers = list(
        Transfer.objects.filter(payout__in=by_account, state=TransferStatus.PREPARED).select_related("payout__shop")
    )
    for transfer in transfers:
        transfer.state, transfer.asked_at = TransferStatus.ASKED, now
        transfer.recipient = by_account[transfer.payout_id]
        transfer.due_at = now + WATCHED_EVERY
    Transfer.objects.bulk_update(transfers, ["state", "asked_at", "recipient", "due_at"])
    return transfers


def reason_not_to_send(payout: Payout, now: datetime) -> str:
    """Return why a payout must not be sent any more as it was made; nothing where it may be."""
    account = payout.bank_account
    if not may_be_paid_out(payout.shop.status):
        return gettext_noop("The shop is not paid in its present state.")
    if not account.is_current or account.usable_from > now:
        return gettext_noop("The shop’s bank account has been changed since.")
    return ""


def request_of(transfer: Transfer) -> TransferRequest:
    """Return the request to the provider."""
    return TransferRequest(
        reference=transfer.reference,
        recipient=transfer.recipient,
        amount_minor=transfer.amount_minor,
        currency=transfer.currency,
        reason=(gettext("Payout of %(shop)s") % {"shop": transfer.payout.shop.name})[:100],
    )


def _call(run: PayoutRun, transfers: Sequence[Transfer], now: datetime) -> None:
    provider = get_provider(run.provider)
    try:
        reports = provider.transfer_many([request_of(transfer) for transfer in transfers])
    except ProviderRefusedError as refusal:
        _take_back(run, transfers, refusal, now)
        raise
    note_open([report for report in reports if report.state in OPEN_STATES], now=now)
    ids = {transfer.reference: transfer.pk for transfer in transfers}
    for report in reports:
        if report.state not in OPEN_STATES:
            settle_transfer(transfer_id=ids[report.reference], report=report, now=now)
    _worked(run)


@transaction.atomic
def _take_back(run: PayoutRun, transfers: Sequence[Transfer], refusal: ProviderRefusedError, now: datetime) -> None:
    """Prepare the transfers of a refused call again: it had no effect, so each keeps its reference."""
    lock_payouts(payout_ids=[transfer.payout_id for transfer in transfers])
    refused = Transfer.objects.filter(pk__in=[each.pk for each in transfers], state=TransferStatus.ASKED)
    payouts = list(refused.values_list("payout_id", flat=True))
    refused.update(state=TransferStatus.PREPARED, asked_at=None)
    Payout.objects.filter(pk__in=payouts).update(status=PayoutStatus.PREPARED, status_at=now)
    PayoutRun.objects.filter(pk=run.pk).update(problem=_reason(refusal))


def _reason(refusal: ProviderRefusedError) -> str:
    kinds = {BalanceTooLowError: "balance_too_low", OtpRequiredError: "otp_required"}
    return kinds.get(type(refusal), str(refusal))[:200]


def _worked(run: PayoutRun) -> None:
    """Forget earlier failures of a run that moves on, so that its next wait is short."""
    PayoutRun.objects.filter(pk=run.pk).update(problem="", attempts=0)
    run.attempts = 0


def _go_on(run: PayoutRun, now: datetime) -> None:
    leased.put_off(RUNS, run, now=now)


def _end_or_wait(run: PayoutRun, now: datetime) -> None:
    """End a run of which nothing is under way; else look again later."""
    if Payout.objects.filter(run=run, status__in=[PayoutStatus.PREPARED, PayoutStatus.SENDING]).exists():
        leased.put_off(RUNS, run, now=now, retry_after=int(WATCHED_EVERY.total_seconds()))
    else:
        leased.done(RUNS, run, now=now, status=RunStatus.DONE, ended_at=now, problem="")
